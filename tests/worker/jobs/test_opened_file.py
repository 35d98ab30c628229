"""A job's file is opened in a confined process, which may start programs only when it needs them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, JobOptions
from ocrdesk_worker.engines.interface import EngineUnavailableError
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs import file_service
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.render import poppler
from ocrdesk_worker.sandbox import programs
from ocrdesk_worker.sandbox.confined_process import ConfinedProcessDiedError
from ocrdesk_worker.searchable_pdf import writer
from tests.helpers.sample_files import scan_pdf, text_pdf
from tests.helpers.uploaded_jobs import submitted

needs_poppler = pytest.mark.skipif(not poppler.is_installed(), reason="Poppler is not installed")


@pytest.fixture
def job(work: Context) -> JobRecord:
    return submitted(work, scan_pdf(["Hello", "World"]))


def text(file: OpenedFile, number: int) -> str:
    return " ".join(word.text for word in file.read(number).words())


def test_pages_are_read_and_the_scratch_folder_is_removed(work: Context, job: JobRecord, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with OpenedFile(replace(work, scratch=scratch), job) as file:
        assert file.page_count() == 2
        assert (text(file, 2), text(file, 1)) == ("World", "Hello")
        assert len(list(scratch.iterdir())) == 1
    assert not list(scratch.iterdir())


def test_an_error_inside_is_the_same_error_outside(work: Context, job: JobRecord) -> None:
    with OpenedFile(work, replace(job, options=JobOptions(languages=("tlh",)))) as file:
        with pytest.raises(ProcessingError) as raised:
            file.check_options(1)
        assert raised.value.info.code is ErrorCode.UNKNOWN_LANGUAGE
        assert "tlh" in raised.value.info.message
        assert file.page_count() == 2  # the process lives


def test_memory_over_the_limit_is_an_error_and_no_death(
    work: Context, job: JobRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starve(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(file_service, "read_page", starve)
    with OpenedFile(work, job) as file, pytest.raises(ProcessingError) as raised:
        file.read(1)
    assert raised.value.info.code is ErrorCode.OUT_OF_MEMORY


def test_a_crash_inside_is_reported_as_such(work: Context, job: JobRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_service, "read_page", lambda *_: os.abort())
    with OpenedFile(work, job) as file, pytest.raises(ConfinedProcessDiedError):
        file.read(1)


@needs_poppler
def test_poppler_runs_in_a_process_that_may_start_programs(work: Context, job: JobRecord) -> None:
    with OpenedFile(work, job, avoid_pdfium=True) as file:
        assert file.page_count() == 2
        assert text(file, 2) == "World"
    programs.require()  # only the confined process may not


def test_the_tesseract_program_runs(work: Context, job: JobRecord) -> None:
    try:
        work.engines.get(EngineName.TESSERACT_CLI)
    except EngineUnavailableError as error:
        pytest.skip(str(error))
    assert work.engines.runs_programs(EngineName.TESSERACT_CLI)
    assert not work.engines.runs_programs(EngineName.AUTO)
    options = JobOptions(languages=("eng",), engine=EngineName.TESSERACT_CLI)
    with OpenedFile(work, replace(job, options=options)) as file:
        assert text(file, 1) == "Hello"


@pytest.mark.parametrize("kind", ["link", "missing"])
def test_a_file_that_is_none_is_refused(
    work: Context, job: JobRecord, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(writer, "write_searchable_pdf", lambda *_, **__: None)
    with OpenedFile(replace(work, scratch=scratch), job) as file:
        file.make("pdf", lambda: iter(()))
        (folder,) = scratch.iterdir()
        if kind == "link":
            (folder / file_service.MADE).symlink_to("/etc/passwd")
        with pytest.raises(ProcessingError) as raised:
            file.made_file()
    assert raised.value.info.code is ErrorCode.INTERNAL
    assert work.blobs.exists(job.job_id, UPLOAD)


def test_the_process_does_not_wait_for_pages_that_nobody_reads(
    work: Context, job: JobRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(writer, "write_searchable_pdf", fail)
    many = [b'{"number": 1}' * 5_000] * 200
    with OpenedFile(work, job) as file, pytest.raises(ProcessingError):
        file.make("pdf", lambda: iter(many))


def test_pages_with_their_own_text_need_no_engine(work: Context) -> None:
    with OpenedFile(work, submitted(work, text_pdf(["Own text of this page"]))) as file:
        page = file.read_quickly(1)
    assert page is not None
    assert page.source == "text-layer"
