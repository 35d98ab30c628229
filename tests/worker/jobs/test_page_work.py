"""The tasks of a job, called as RQ calls them in a task process, on a real Valkey with a real engine."""

from __future__ import annotations

import contextlib
import errno
import io
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from redis import Redis

from ocrdesk.backend.ledger import cleanup
from ocrdesk.backend.records import Attempt, JobRecord, Limits, ReleaseReason, Unit, UnitKind, utc_now
from ocrdesk.backend.storage.blob_store import UPLOAD, BlobWriter, FileLabel, put
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.page_results import PackedPage
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, JobOptions
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker import errors, tasks
from ocrdesk_worker.jobs import context, page_work, typed_errors
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.processes.reconciler import Reconciler
from ocrdesk_worker.render import pdf_source
from tests.helpers.ledger_jobs import new_attempt
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, scan_pdf, text_pdf, text_png


def submitted(work: Context, data: bytes, media: MediaType, job_id: str = "job", **changes: Any) -> JobRecord:
    job = JobRecord(
        job_id=job_id,
        owner="me",
        state=JobState.QUEUED,
        file_name="file",
        media_type=media.value,
        size_bytes=len(data),
        options=JobOptions(),
        limits=Limits(max_pages=None, page_timeout_s=60),
        created_at=utc_now(),
    )
    put(work.blobs, job_id, UPLOAD, data)
    job = replace(job, **changes)
    work.ledger.jobs.create(job)
    return job


def start_attempt(work: Context) -> Attempt:
    """Give this process a new attempt, as a task process has."""
    attempt = new_attempt()
    context.enter(work, attempt)
    return attempt


def the(work: Context, job: JobRecord) -> JobRecord:
    found = work.ledger.jobs.get(job.job_id)
    assert found is not None
    return found


def run_all(work: Context, job: JobRecord) -> JobRecord:
    """Prepare the job and read its pages one after the other."""
    start_attempt(work)
    tasks.prepare(job.job_id)
    for number in range(1, (the(work, job).page_count or 0) + 1):
        start_attempt(work)
        tasks.recognise(job.job_id, number)
    return the(work, job)


def blobs_of(work: Context, job: JobRecord) -> set[str]:
    assert isinstance(work.blobs, FolderStore)
    folder = work.blobs.root / job.job_id
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_an_image_is_read_where_it_is_opened(work: Context) -> None:
    job = submitted(work, text_png("Hello world"), MediaType.PNG)
    start_attempt(work)
    tasks.prepare(job.job_id)
    assert the(work, job).state is JobState.FINISHED
    assert work.page_results.read_text(job.job_id, 0) == "Hello world\n"
    assert work.ledger.leases.active() == []


def test_pages_are_combined_in_order_whichever_ends_last(work: Context) -> None:
    job = submitted(work, scan_pdf(["One", "Two", "Three"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    for number in (3, 1, 2):
        start_attempt(work)
        tasks.recognise(job.job_id, number)
    assert the(work, job).state is JobState.FINISHED
    assert work.page_results.read_text(job.job_id, 0) == "One\n\fTwo\n\fThree\n"
    assert UPLOAD in blobs_of(work, job)


def test_the_whole_file_is_checked_once_for_all_its_pages(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all of a file for each of its pages would take the longer, the more pages there are."""
    job = submitted(work, scan_pdf(["One", "Two", "Three"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)

    def refuse(path: Path) -> None:
        raise errors.corrupt("PDF")

    monkeypatch.setattr(pdf_source, "check_pdf", refuse)
    for number in (2, 3):
        start_attempt(work)
        tasks.recognise(job.job_id, number)
    assert (the(work, job).state, the(work, job).pages_failed) == (JobState.FINISHED, 0)
    other = submitted(work, scan_pdf(["One"]), MediaType.PDF, job_id="other")
    start_attempt(work)
    tasks.prepare(other.job_id)
    assert the(work, other).state is JobState.FAILED


def test_a_second_delivery_does_nothing(work: Context) -> None:
    job = submitted(work, scan_pdf(["One"]), MediaType.PDF)
    done = run_all(work, job)
    blobs = blobs_of(work, job)
    run_all(work, job)
    start_attempt(work)
    tasks.close(job.job_id)
    assert the(work, job) == done
    assert blobs_of(work, job) == blobs


def test_a_damaged_page_fails_alone(work: Context) -> None:
    tiff = bytearray(multipage_tiff(["Good", "Bad"]))
    with Image.open(io.BytesIO(tiff)) as opened:
        opened.seek(1)
        (strip, *_) = opened.tag_v2[273]  # type: ignore[attr-defined]  # a TIFF has it
    tiff[strip + 2 : strip + 400] = b"\xff" * 398
    job = submitted(work, bytes(tiff), MediaType.TIFF)
    done = run_all(work, job)
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 1, 1)
    assert done.error is not None
    assert done.error.code is ErrorCode.CORRUPT_FILE
    assert done.error.message.startswith("Page 2 of 2 could not be read.")


def one_page_repeated(count: int) -> bytes:
    """Return a PDF whose list of pages names the same page again and again."""
    objects = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj" % (count, b"3 0 R " * count),
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj",
    )
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n"


def test_what_a_page_costs_redis_does_not_depend_on_the_number_of_pages(
    work: Context, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_work, "_QUICK_PAGES_S", 0.0)
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)
    redis: Any = Redis.from_url(redis_url)

    def used() -> tuple[int, int]:
        """Return how many commands Redis received, and how many bytes both ways."""
        sums = redis.info("stats")
        size = sums["total_net_input_bytes"] + sums["total_net_output_bytes"]
        return sums["total_commands_processed"], size

    costs = []
    for count in (20, 2000):
        job = submitted(work, one_page_repeated(count), MediaType.PDF, job_id=f"of-{count}")
        start_attempt(work)
        tasks.prepare(job.job_id)
        before = used()
        start_attempt(work)
        tasks.recognise(job.job_id, 2)
        assert the(work, job).pages_done == 2
        costs.append([after - earlier for earlier, after in zip(before, used(), strict=True)])
    (few_commands, few_bytes), (many_commands, many_bytes) = costs
    assert many_commands == few_commands
    assert many_bytes < few_bytes + 500


@pytest.mark.parametrize(
    ("content", "media", "changes", "code"),
    [
        (encrypted_pdf(["No"]), MediaType.PDF, {}, ErrorCode.ENCRYPTED_PDF),
        (b"%PDF-1.4 nothing", MediaType.PDF, {}, ErrorCode.CORRUPT_FILE),
        (scan_pdf(["1", "2"]), MediaType.PDF, {"limits": Limits(1, 60)}, ErrorCode.TOO_MANY_PAGES),
        (one_page_repeated(300_000), MediaType.PDF, {}, ErrorCode.TOO_MANY_PAGES),
        (text_png("x"), MediaType.PNG, {"options": JobOptions(languages=("tlh",))}, ErrorCode.UNKNOWN_LANGUAGE),
    ],
    ids=lambda value: value.value if isinstance(value, ErrorCode) else "",
)
def test_a_file_that_cannot_be_read_fails_its_job(
    work: Context, content: bytes, media: MediaType, changes: dict[str, Any], code: ErrorCode
) -> None:
    job = submitted(work, content, media, **changes)
    done = run_all(work, job)
    assert done.state is JobState.FAILED
    assert done.error is not None
    assert done.error.code is code
    assert blobs_of(work, job) == {UPLOAD}
    assert work.ledger.leases.active() == []


def test_a_lost_upload_fails_the_job_with_a_sentence(work: Context) -> None:
    job = submitted(work, text_png("x"), MediaType.PNG)
    work.blobs.purge(job.job_id)
    done = run_all(work, job)
    assert done.error is not None
    assert (done.state, done.error.code) == (JobState.FAILED, ErrorCode.UPLOAD_LOST)


def test_an_engine_that_breaks_is_the_pages_failure_not_the_workers(
    work: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = work.engines.choose(EngineName.AUTO, ("eng",))

    def breaks(*args: object) -> None:
        raise RuntimeError("a secret inside")

    monkeypatch.setattr(type(engine), "recognise", breaks)
    done = run_all(work, submitted(work, text_png("x"), MediaType.PNG))
    assert done.error is not None
    assert (done.state, done.error.code) == (JobState.FAILED, ErrorCode.INTERNAL)
    assert "secret" not in done.error.message


def test_a_page_that_needs_too_much_memory_says_so(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = work.engines.choose(EngineName.AUTO, ("eng",))

    def starves(*args: object) -> None:
        raise MemoryError

    monkeypatch.setattr(type(engine), "recognise", starves)
    done = run_all(work, submitted(work, text_png("x"), MediaType.PNG))
    assert done.error is not None
    assert done.error.code is ErrorCode.OUT_OF_MEMORY
    assert "WORKER_MEMORY_MB" in done.error.message


def test_the_process_that_opened_a_file_reads_its_first_page(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_work, "_LIGHT_PAGES_S", 0.0)
    job = submitted(work, scan_pdf(["One", "Two", "Three"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    states = [work.ledger.pages.get(job.job_id, number).state for number in (1, 2, 3)]
    assert states == [PageState.FINISHED, PageState.QUEUED, PageState.QUEUED]


def test_pages_that_contain_text_are_read_by_the_process_that_opened_the_file(work: Context) -> None:
    job = submitted(work, text_pdf([f"Page {number} of a book" for number in range(1, 8)]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    ended = {number for number in range(1, 8) if work.ledger.pages.get(job.job_id, number).state is PageState.FINISHED}
    assert 1 in ended
    assert len(ended) > 1  # the others are queued for other workers


def test_an_attempt_that_was_given_up_leaves_no_result(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    job = submitted(work, scan_pdf(["One", "Two"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    before = blobs_of(work, job)
    orphan = start_attempt(work)
    read = OpenedFile.read

    def read_and_lose(self: OpenedFile, number: int) -> Any:
        page = read(self, number)
        work.ledger.leases.release(orphan.id, ReleaseReason.LOST, inflight_limit=2)
        return page

    monkeypatch.setattr(OpenedFile, "read", read_and_lose)
    tasks.recognise(job.job_id, 2)
    assert work.ledger.pages.get(job.job_id, 2).state is PageState.QUEUED
    assert blobs_of(work, job) == before


@pytest.mark.parametrize("when", ["reading", "closing"])
def test_a_job_deleted_while_it_is_read_leaves_no_file(
    work: Context, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    Reconciler(work).run()  # the storage belongs to this Redis
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
    job = submitted(work, text_png("Private"), MediaType.PNG)
    place, name = (OpenedFile, "read") if when == "reading" else (page_work, "_write_text")
    original = getattr(place, name)

    def delete_meanwhile(*args: Any) -> Any:
        if when == "reading":
            work.ledger.jobs.delete(job.job_id)
            work.blobs.purge(job.job_id)
            return original(*args)
        original(*args)
        work.ledger.jobs.delete(job.job_id)
        work.blobs.purge(job.job_id)
        return original(*args)

    monkeypatch.setattr(place, name, delete_meanwhile)
    start_attempt(work)
    tasks.prepare(job.job_id)
    assert not work.ledger.jobs.exists(job.job_id)
    assert isinstance(work.blobs, FolderStore)
    for _ in range(2):
        Reconciler(work).run()
    assert not (work.blobs.root / job.job_id).exists()


class FullStore(FolderStore):
    """A folder on a disk that is full, for the first few writes or for good."""

    def __init__(self, root: Path, refusals: float = math.inf) -> None:
        super().__init__(root)
        self.refusals = refusals

    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> BlobWriter:
        self.refusals -= 1
        if self.refusals >= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().writer(job_id, name, label)

    @contextlib.contextmanager
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> Iterator[Path]:
        """Copy the file, as the storage in Redis does."""
        with super().local_file(job_id, name, scratch) as path:
            self.refusals -= 1
            if self.refusals >= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            yield path


def test_a_file_is_opened_and_its_page_stored_once_the_disk_has_room_again(work: Context) -> None:
    job = submitted(work, text_png("x"), MediaType.PNG)
    assert isinstance(work.blobs, FolderStore)
    full = FullStore(work.blobs.root, refusals=3)
    start_attempt(replace(work, blobs=full))
    tasks.prepare(job.job_id)
    assert the(work, job).state is JobState.FINISHED
    assert full.refusals < 0


def test_a_full_disk_ends_the_job_with_a_reason(work: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task must end a page that cannot be stored; otherwise the page is tried again until it counts as a crash."""
    monkeypatch.setattr(typed_errors, "_RETRY_FOR_S", 0.0)
    job = submitted(work, text_png("x"), MediaType.PNG)
    assert isinstance(work.blobs, FolderStore)
    start_attempt(replace(work, blobs=FullStore(work.blobs.root)))
    tasks.prepare(job.job_id)
    done = the(work, job)
    assert done.error is not None
    assert (done.state, done.error.code) == (JobState.FAILED, ErrorCode.STORAGE_FULL)


def test_an_unfinished_closing_is_done_by_another_process(work: Context) -> None:
    job = submitted(work, scan_pdf(["One", "Two"]), MediaType.PDF)
    start_attempt(work)
    tasks.prepare(job.job_id)
    attempt = new_attempt()
    assert work.ledger.leases.claim(Unit(job.job_id, UnitKind.PAGE, 2), attempt)
    work.page_results.write_page(job.job_id, "page-2", PackedPage(b"", b"2\n"))
    assert work.ledger.pages.commit(job.job_id, 2, attempt.id, PageState.FINISHED, inflight_limit=2, blob="page-2")
    assert the(work, job).state is JobState.STARTED
    start_attempt(work)
    tasks.close(job.job_id)
    assert the(work, job).state is JobState.FINISHED
    assert work.page_results.read_text(job.job_id, 0) == "One\n\f2\n"
    assert work.blobs.exists(job.job_id, UPLOAD)  # for page images, PDFs and retries


def test_an_upload_that_is_not_to_be_kept_goes_after_the_jobs_end(
    work: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
    Reconciler(work).run()  # Redis meets its storage
    work = replace(work, settings=work.settings.model_copy(update={"keep_uploads": False}))
    job = submitted(work, text_png("One"), MediaType.PNG)
    start_attempt(work)
    tasks.prepare(job.job_id)
    assert the(work, job).state is JobState.FINISHED
    Reconciler(work).run()
    assert UPLOAD not in blobs_of(work, job)
