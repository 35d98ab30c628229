"""Signatures and attached files become notes on the job; attached pages are appended on request, once."""

from __future__ import annotations

import io

import pikepdf

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage.blob_store import LOCKED_UPLOAD, UPLOAD
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.contract.states import JobState
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.jobs.pdf_preparation import prepare_pdf
from tests.helpers.locked_pdfs import locked_pdf
from tests.helpers.sample_files import text_pdf, text_png
from tests.helpers.special_pdfs import signed_pdf, with_attachments
from tests.helpers.uploaded_jobs import blobs_of, read, submitted

FILES = {"b.png": text_png("Attached image"), "a.pdf": text_pdf(["Attached letter"]), "c.txt": b"Plain text"}
COVER = text_pdf(["Cover sheet"])


def test_a_signature_is_a_note(work: Context) -> None:
    job = read(work, submitted(work, signed_pdf(text_pdf(["A contract"]))))
    assert job.state is JobState.FINISHED
    assert [note.message_id for note in job.view().warnings] == ["pdf_is_signed"]


def test_attached_files_are_named_in_a_note(work: Context) -> None:
    one = read(work, submitted(work, with_attachments({"a.pdf": b"%PDF"}, COVER)))
    assert [str(note) for note in one.view().warnings] == [
        "An attached file was not read: a.pdf. Read it with the option attachments."
    ]
    several = read(work, submitted(work, with_attachments(FILES, COVER)))
    assert several.page_count == 1
    assert "3 attached files" in str(several.view().warnings[0])
    assert "a.pdf, b.png, c.txt" in str(several.view().warnings[0])


def test_attached_pages_are_read_after_the_files_own(work: Context) -> None:
    job = read(work, submitted(work, with_attachments(FILES, COVER), attachments=True))
    assert (job.state, job.page_count) == (JobState.FINISHED, 3)
    assert work.page_results.read_text(job.job_id, 0) == "Cover sheet\n\fAttached letter\n\fAttached image\n"
    assert [str(note) for note in job.view().warnings] == [
        "These attached files could not be read: c.txt. Save them and submit them."
    ]


def prepared(work: Context, job: JobRecord) -> tuple[ErrorMessage, ...]:
    with OpenedFile(work, job) as file:
        return prepare_pdf(work, job, file)


def test_pages_are_appended_once_whatever_is_repeated(work: Context) -> None:
    job = submitted(work, with_attachments(FILES, COVER), attachments=True)
    notes = prepared(work, job)
    assert prepared(work, job) == notes
    with pikepdf.open(io.BytesIO(work.blobs.read(job.job_id, UPLOAD))) as pdf:
        assert len(pdf.pages) == 3


def test_a_locked_original_gets_the_same_pages(work: Context) -> None:
    content = locked_pdf(with_attachments(FILES, COVER), "256-bit AES", user="tulip")
    job = read(work, submitted(work, content, attachments=True, password="tulip"))
    assert job.page_count == 3
    assert LOCKED_UPLOAD in blobs_of(work, job)
    with pikepdf.open(io.BytesIO(work.blobs.read(job.job_id, LOCKED_UPLOAD)), password="tulip") as pdf:
        assert len(pdf.pages) == 3


def test_other_files_have_no_notes(work: Context) -> None:
    assert read(work, submitted(work, COVER, attachments=True)).view().warnings == ()
