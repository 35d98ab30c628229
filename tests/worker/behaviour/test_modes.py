"""Modes in the tasks: text pages are read in runs, others go back to the queue, and no engine is used needlessly."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.backend.records import JobRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.contract.document import Page, PageTiming, Source
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import JobOptions, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker import tasks
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import file_service, page_work
from ocrdesk_worker.jobs.context import Context
from tests.helpers.sample_files import multipage_tiff, scan_pdf, text_image
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.jobs.test_page_work import run_all, start_attempt, submitted, the

SCAN = PdfPage("q 595 0 0 842 0 0 cm /Scan Do Q", pictures={"Scan": text_image("A scanned page", (1240, 1754))})
TEXT_ONLY = JobOptions(mode=RecognitionMode.TEXT_LAYER_ONLY)


def written(*names: str) -> list[PdfPage]:
    return [PdfPage(lines([*PROSE, f"This is page {name}"])) for name in names]


def pages_of(work: Context, job: JobRecord) -> list[Page]:
    import gzip

    return [
        Page.model_validate_json(gzip.decompress(work.blobs.read(job.job_id, page.blob)))
        for page in work.ledger.pages.of_job(the(work, job))
        if page.blob
    ]


def sources(work: Context, job: JobRecord) -> list[str | None]:
    return [page.source for page in pages_of(work, job)]


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engines, "choose", lambda *_: pytest.fail("an engine was requested"))


def test_one_process_reads_a_run_of_pages(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_work, "_QUICK_PAGES_S", 60.0)  # however slow this machine is now
    job = submitted(work, layered_pdf(*written(*map(str, range(1, 31)))), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    start_attempt(work)
    tasks.recognise(job.job_id, 1)
    read = [page.number for page in work.ledger.pages.of_job(the(work, job)) if page.state is PageState.FINISHED]
    assert read == [1, *range(3, 31)]  # the other in-flight page is in the queue
    start_attempt(work)
    tasks.recognise(job.job_id, 2)
    assert the(work, job).state is JobState.FINISHED
    last_lines = [list(page.lines())[-1].text for page in pages_of(work, job)]
    assert last_lines == [f"This is page {number}" for number in range(1, 31)]
    assert work.ledger.leases.active() == []


def test_a_run_stops_when_its_time_is_over(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_work, "_QUICK_PAGES_S", 0.0)
    job = submitted(work, layered_pdf(*written("1", "2", "3", "4")), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    start_attempt(work)
    tasks.recognise(job.job_id, 1)
    assert the(work, job).pages_done == 1
    assert run_all(work, job).state is JobState.FINISHED


@pytest.mark.parametrize("seconds", [60.0, 0.0])
def test_pages_with_few_words_are_read_in_runs_with_the_same_result(
    work: Context, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(page_work, "_SHARE_OF_LIMIT", 1.0)
    names = [f"This is page {number} of the short scan" for number in range(1, 7)]
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", seconds)
    job = submitted(work, scan_pdf(names), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    read = [page.number for page in work.ledger.pages.of_job(the(work, job)) if page.state is PageState.FINISHED]
    assert read == ([1, 3, 4, 5, 6] if seconds else [1])  # page 2 is in the queue
    assert run_all(work, job).state is JobState.FINISHED
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)
    alone = submitted(work, scan_pdf(names), MediaType.PDF, job_id="alone")
    assert run_all(work, alone).state is JobState.FINISHED
    without_time = {"timing": PageTiming()}
    assert [page.model_copy(update=without_time) for page in pages_of(work, job)] == [
        page.model_copy(update=without_time) for page in pages_of(work, alone)
    ]
    assert work.ledger.leases.active() == []


def test_a_page_that_fails_ends_a_run(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed may have left the process in any state."""
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 60.0)
    monkeypatch.setattr(file_service, "read_page", lambda *_: (_ for _ in ()).throw(MemoryError))
    job = submitted(work, scan_pdf(["One", "Two", "Three", "Four"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    assert (the(work, job).pages_done, the(work, job).pages_failed) == (0, 1)


def test_a_page_that_ended_its_process_is_read_alone(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read without PDFium if possible, which other pages need not be."""
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)
    job = submitted(work, scan_pdf(["One", "Two", "Three", "Four"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    attempt = start_attempt(work)
    assert work.ledger.leases.claim(Unit(job.job_id, UnitKind.PAGE, 2), attempt)
    assert work.ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=2)
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 60.0)
    start_attempt(work)
    tasks.recognise(job.job_id, 2)
    assert the(work, job).pages_done == 2


def test_a_run_hands_back_the_page_that_is_to_be_recognised(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)  # as late in a run
    job = submitted(work, layered_pdf(*written("1", "2"), SCAN, *written("4", "5")), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    start_attempt(work)
    tasks.recognise(job.job_id, 1)
    third = work.ledger.pages.get(job.job_id, 3)
    assert (third.state, third.deaths, third.losses) == (PageState.QUEUED, 0, 0)
    assert work.ledger.leases.active() == []
    assert run_all(work, job).state is JobState.FINISHED
    assert sources(work, job) == [Source.TEXT_LAYER] * 2 + [Source.TESSERACT] + [Source.TEXT_LAYER] * 2
    reasons = [page.source_reason for page in pages_of(work, job)]
    assert reasons[1:3] == ["text layer kept: 57 words", "recognised: the page has no text of its own"]


def test_a_run_hands_back_the_page_whose_picture_is_to_be_recognised(
    work: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)
    figure = text_image("A figure with words", (900, 220), 60)
    mixed = PdfPage(lines(PROSE) + "q 400 0 0 98 72 400 cm /Figure Do Q", pictures={"Figure": figure})
    job = submitted(work, layered_pdf(*written("1", "2"), mixed, *written("4")), MediaType.PDF)
    assert run_all(work, job).state is JobState.FINISHED
    assert sources(work, job) == [Source.TEXT_LAYER] * 2 + [Source.TESSERACT, Source.TEXT_LAYER]
    assert [line.text for line in pages_of(work, job)[2].lines()] == [*PROSE, "A figure with words"]


@pytest.mark.usefixtures("no_engine")
@pytest.mark.parametrize("count", [1, 3])
def test_without_recognition_no_engine_is_requested(work: Context, count: int) -> None:
    job = submitted(work, layered_pdf(*written(*"123"[:count])), MediaType.PDF, options=TEXT_ONLY)
    assert run_all(work, job).state is JobState.FINISHED


def test_without_recognition_scans_fail_alone(work: Context) -> None:
    job = submitted(work, layered_pdf(*written("1"), SCAN, *written("3"), SCAN), MediaType.PDF, options=TEXT_ONLY)
    done = run_all(work, job)
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 2, 2)
    assert done.error is not None
    assert done.error.code is ErrorCode.NO_TEXT_LAYER
    assert done.error.message.startswith("Pages 2, 4 of 4 could not be read.")


@pytest.mark.usefixtures("no_engine")
def test_without_recognition_images_fail_with_the_way_out(work: Context) -> None:
    job = submitted(work, multipage_tiff(["One", "Two", "Three"]), MediaType.TIFF, options=TEXT_ONLY)
    done = run_all(work, job)
    assert done.error is not None
    assert (done.state, done.pages_failed, done.error.code) == (JobState.FAILED, 3, ErrorCode.NO_TEXT_LAYER)
    assert "mode=auto" in done.error.message


def test_forced_pages_are_recognised_in_spite_of_their_text(work: Context) -> None:
    forced = JobOptions(mode=RecognitionMode.FORCE)
    job = submitted(work, layered_pdf(*written("1", "2")), MediaType.PDF, options=forced)
    assert run_all(work, job).state is JobState.FINISHED
    assert sources(work, job) == [Source.TESSERACT] * 2
    assert {page.source_reason for page in pages_of(work, job)} == {None}


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (layered_pdf(*written("1", "2", "3")), JobState.FINISHED),
        (layered_pdf(*written("1")), JobState.FINISHED),
        (scan_pdf(["One", "Two"]), JobState.FAILED),
    ],
    ids=["text", "one page of text", "scan"],
)
def test_a_language_that_is_missing_matters_where_something_is_recognised(
    work: Context, content: bytes, state: JobState
) -> None:
    job = submitted(work, content, MediaType.PDF, options=JobOptions(languages=("tlh",)))
    done = run_all(work, job)
    assert done.state is state, done.error
    if state is JobState.FAILED:
        assert done.error is not None
        assert (done.error.code, done.page_count) == (ErrorCode.UNKNOWN_LANGUAGE, None)


def test_a_page_that_breaks_within_a_run_fails_alone(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    read_own_text = getattr(file_service, "read_own_text")  # noqa: B009  # imported there, not exported

    def breaks_at_3(source: Any, number: int, mode: RecognitionMode) -> Any:
        if number == 3:
            raise RuntimeError("a secret inside")
        return read_own_text(source, number, mode)

    monkeypatch.setattr(file_service, "read_own_text", breaks_at_3)
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)
    job = submitted(work, layered_pdf(*written("1", "2", "3", "4", "5")), MediaType.PDF)
    done = run_all(work, job)
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 4, 1)
    assert work.ledger.pages.get(job.job_id, 3).state is PageState.FAILED
