"""Searchable PDFs, Word files and page images of a job are made and committed once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ocrdesk.backend.records import ExportRecord, JobRecord
from ocrdesk.backend.storage.blob_store import UPLOAD, put
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import PageState
from ocrdesk_worker.jobs import export_file
from ocrdesk_worker.jobs.context import Context
from tests.helpers.ledger_jobs import finished, new_attempt
from tests.helpers.pdf_reading import pdfium_text
from tests.helpers.sample_files import scan_pdf
from tests.helpers.sample_pages import page_with_header_and_footer


@pytest.fixture
def job(work: Context) -> JobRecord:
    """A finished scan of one page, with a header and a footer."""
    done = finished(work.ledger)
    put(work.blobs, done.job_id, UPLOAD, scan_pdf(["Scan"]))
    work.page_results.write_page(done.job_id, "page-1", pack(page_with_header_and_footer()))
    return done


def exported(work: Context, job: JobRecord, name: str) -> ExportRecord:
    """Request an export, make it and return its record."""
    attempt = new_attempt()
    work.ledger.exports.request(job.job_id, name, 60)
    claimed = work.ledger.exports.claim(job.job_id, name, attempt)
    assert claimed is not None
    export_file.make_and_commit(work, attempt, *claimed, name)
    record = work.ledger.exports.get(job.job_id, name)
    assert record is not None
    return record


def blobs_of(work: Context, job: JobRecord) -> set[str]:
    assert isinstance(work.blobs, FolderStore)
    return {path.name for path in (work.blobs.root / job.job_id).iterdir()}


def content_of(work: Context, job: JobRecord, record: ExportRecord) -> bytes:
    assert record.state is PageState.FINISHED, record.error
    assert record.blob is not None
    return work.blobs.read(job.job_id, record.blob)


def test_a_searchable_pdf_has_the_text_of_the_stored_pages(work: Context, job: JobRecord, tmp_path: Path) -> None:
    record = exported(work, job, "pdf")
    made = tmp_path / "made.pdf"
    made.write_bytes(content_of(work, job, record))
    assert record.media_type == "application/pdf"
    assert "Eastport" in pdfium_text(made)


@pytest.mark.parametrize(
    ("name", "has_header"), [("docx", True), ("docx_omit_headers_footers", False), ("docx_without_furniture", False)]
)
def test_a_word_file_has_headers_unless_its_name_says_otherwise(
    work: Context, job: JobRecord, name: str, has_header: bool
) -> None:
    content = content_of(work, job, exported(work, job, name))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        text = "".join(package.read(part).decode() for part in package.namelist() if part.endswith(".xml"))
    assert "bridge" in text
    assert ("Eastport" in text) is has_header


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("odt", "application/vnd.oasis.opendocument.text"),
        ("epub", "application/epub+zip"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("odt_omit_headers_footers", "application/vnd.oasis.opendocument.text"),
        ("epub_omit_headers_footers", "application/epub+zip"),
    ],
)
def test_packages_are_made_of_the_stored_pages(work: Context, job: JobRecord, name: str, media_type: str) -> None:
    record = exported(work, job, name)
    with zipfile.ZipFile(io.BytesIO(content_of(work, job, record))) as package:
        text = "".join(package.read(part).decode() for part in package.namelist())
    assert record.media_type == media_type
    assert ("bridge" in text) is not name.startswith("xlsx")
    assert ("Eastport" in text) is (name in ("odt", "epub"))


def test_a_page_image_is_as_wide_as_its_name_says(work: Context, job: JobRecord) -> None:
    record = exported(work, job, "image_1_400")
    assert record.media_type.startswith("image/")
    assert Image.open(io.BytesIO(content_of(work, job, record))).width == 400


def test_an_attempt_that_was_given_up_leaves_no_file(work: Context, job: JobRecord) -> None:
    work.ledger.exports.request(job.job_id, "docx", 60)
    claimed = work.ledger.exports.claim(job.job_id, "docx", new_attempt())
    assert claimed is not None
    export_file.make_and_commit(work, new_attempt(), *claimed, "docx")
    record = work.ledger.exports.get(job.job_id, "docx")
    assert record is not None
    assert record.state is PageState.STARTED
    assert not [blob for blob in blobs_of(work, job) if blob.startswith("export")]


def test_an_upload_that_is_gone_fails_the_export_with_a_reason(work: Context, job: JobRecord) -> None:
    work.blobs.delete(job.job_id, UPLOAD)
    record = exported(work, job, "image_1_400")
    assert (record.state, record.blob) == (PageState.FAILED, None)
    assert record.error is not None
    assert record.error.code is ErrorCode.UPLOAD_LOST
    assert not [name for name in blobs_of(work, job) if name.startswith("export")]
