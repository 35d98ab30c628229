"""The tasks that RQ calls in a horse, and the only names it knows: prepare, recognise, close, export.

A task claims its unit, works, and commits; a claim or commit that is refused ends it quietly, because
then another attempt has the unit, or the job is over. Every fault of the file becomes a typed outcome.
"""

from __future__ import annotations

import errno
import logging
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ocrdesk.backend.ledger.pages import CommitResult
from ocrdesk.backend.records import Attempt, JobRecord, PageRecord, PageStats, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_connection import RedisAway, RedisFull
from ocrdesk.backend.storage.blob_store import (
    UPLOAD,
    BlobMissingError,
    apply_upload_retention,
    put_file,
)
from ocrdesk.backend.storage.page_results import PackedPage, pack, page_name
from ocrdesk.contract.document import Page, Source
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import PageState
from ocrdesk_worker import errors
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs import export_file
from ocrdesk_worker.jobs.context import Context, current
from ocrdesk_worker.pipeline.page import read_own_text, read_page
from ocrdesk_worker.render.open_file import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrdesk_worker.engines.interface import Engine
    from ocrdesk_worker.render.page_source import PageSource

_log = logging.getLogger(__name__)
T = TypeVar("T")

_RUN_S = 1.0
"""How long a horse goes on with pages that need no engine, before others get their turn."""

_PATIENCE_S = 60.0
"""How long a horse with a result in hand waits for Redis to come back."""


def prepare(job_id: str) -> None:
    """Opens the file, counts its pages, queues the first ones, and goes on with the very first while it is open."""
    context, attempt = current()
    job = context.ledger.leases.claim(Unit(job_id, UnitKind.PREPARE), attempt)
    if job is None:
        return
    try:
        with _faults(context), _opened(context, job, avoid_pdfium=job.deaths > 0) as source:
            count = source.page_count
            numbers = replace(job, file_pages=count).page_numbers
            if not numbers:
                raise errors.no_such_pages(job.options.pages, count)
            if job.limits.max_pages is not None and len(numbers) > job.limits.max_pages:
                raise errors.too_many_pages(len(numbers), job.limits.max_pages)
            check_options_early(context, job, source, first=numbers[0])
            planned = context.ledger.pages.plan(job_id, attempt, count, inflight_limit=context.window(), inline=True)
            if planned is None:
                return
            outcome = _read_pages(context, attempt, planned, PageRecord(numbers[0]), source)
    except ProcessingError as fault:
        info = fault.info
        apply_upload_retention(context.blobs, job_id, context.settings)
        retry_while_redis_unavailable(lambda: context.ledger.jobs.fail(job_id, attempt.id, info))
        return
    _end_pages(context, attempt, planned, outcome)


def recognise(job_id: str, number: int) -> None:
    """Reads one page of a prepared job, and closes the job after its last page."""
    context, attempt = current()
    job = context.ledger.leases.claim(Unit(job_id, UnitKind.PAGE, number), attempt)
    if job is None:
        return
    page = context.ledger.pages.get(job_id, number)
    outcome: _Outcome | None
    try:
        with _faults(context), _opened(context, job, avoid_pdfium=page.deaths > 0) as source:
            outcome = _read_pages(context, attempt, job, page, source)
    except ProcessingError as fault:
        outcome = _Outcome(number, PageState.FAILED, error=fault.info)
    _end_pages(context, attempt, job, outcome)


def close(job_id: str) -> None:
    """Puts the result of a job together whose last page's horse did not live to do it."""
    context, attempt = current()
    job = context.ledger.leases.claim(Unit(job_id, UnitKind.CLOSE), attempt)
    if job is not None:
        _close(context, attempt, job)


def export(job_id: str, name: str) -> None:
    """Makes a file of a job that somebody asked for: a searchable PDF, a page's picture."""
    context, attempt = current()
    claimed = context.ledger.exports.claim(job_id, name, attempt)
    if claimed is None:
        return
    job, record = claimed
    blob = f"export-{name}-{attempt.id}"
    try:
        with _faults(context), tempfile.TemporaryDirectory(dir=context.scratch, prefix="ocrdesk-") as folder:
            made = export_file.make(context, job, name, Path(folder), avoid_pdfium=record.deaths > 0)
            retry_while_redis_unavailable(lambda: put_file(context.blobs, job_id, blob, made.path))
        stale = retry_while_redis_unavailable(
            lambda: context.ledger.exports.commit(
                job_id, name, attempt.id, PageState.FINISHED, blob=blob, media_type=made.media_type
            )
        )
    except ProcessingError as fault:
        info = fault.info
        stale = retry_while_redis_unavailable(
            lambda: context.ledger.exports.commit(job_id, name, attempt.id, PageState.FAILED, error=info)
        )
    if stale is None:
        stale = blob  # given up, or the job is gone: what was written since goes too
    if stale:
        context.blobs.delete(job_id, stale)
    if (left := context.ledger.jobs.remaining_ttl_s(job_id)) is not None:
        context.blobs.keep_for(job_id, left)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a page ended: the page when it is good, its error when not. A queued one goes back."""

    number: int
    state: PageState
    page: PackedPage | None = None
    error: ErrorInfo | None = None
    reading: PageStats | None = None
    was_quick: bool = False
    """No engine was needed."""


def _read_pages(
    context: Context, attempt: Attempt, job: JobRecord, page: PageRecord, source: PageSource
) -> _Outcome | None:
    """Reads a page that is held, and those after it that need no engine. The outcome of the last one, not committed.

    Such pages take milliseconds, less than their way through the queue: after one the waiting ones are taken
    too, for a while, each claimed and committed as ever. None when no page is left that this attempt holds.
    Raises no Fault.
    """
    number = page.number
    until = time.monotonic() + min(_RUN_S, job.limits.page_timeout_s / 4)
    try:
        with _faults(context):
            outcome = _read(context, job, page, source)
            while outcome.was_quick and time.monotonic() < until:
                committed = _commit(context, attempt, job, outcome, takes_next=True)
                if committed is None or committed.next_page is None:
                    return None
                number = committed.next_page
                outcome = _read_quickly(context, job, number, source) or _Outcome(number, PageState.QUEUED)
    except ProcessingError as fault:
        outcome = _Outcome(number, PageState.FAILED, error=fault.info)
    return outcome


def _end_pages(context: Context, attempt: Attempt, job: JobRecord, outcome: _Outcome | None) -> None:
    """Commits the outcome, or hands its page back: a page to recognise has its whole time limit from its start."""
    if outcome is None:
        return
    if outcome.state is PageState.QUEUED:
        retry_while_redis_unavailable(
            lambda: context.ledger.leases.release(
                attempt.id, ReleaseReason.HANDED_BACK, inflight_limit=context.window()
            )
        )
    else:
        _commit(context, attempt, job, outcome)


@contextmanager
def _opened(context: Context, job: JobRecord, *, avoid_pdfium: bool) -> Iterator[PageSource]:
    with context.blobs.local_file(job.job_id, UPLOAD, context.scratch) as path:
        source = open_source(path, MediaType(job.media_type), avoid_pdfium=avoid_pdfium)
        try:
            yield source
        finally:
            source.close()


@contextmanager
def _faults(context: Context) -> Iterator[None]:
    """Turns whatever goes wrong with a file into a Fault, so that no exception leaves a job without an end."""
    try:
        yield
    except (ProcessingError, *RedisAway):
        raise
    except BlobMissingError:
        raise errors.upload_lost() from None
    except MemoryError:
        raise errors.out_of_memory(context.settings.worker_memory_mb) from None
    except RedisFull:
        raise errors.storage_full() from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise errors.storage_full() from None
        _log.exception("an unforeseen failure")
        raise errors.internal() from None
    except Exception:
        _log.exception("an unforeseen failure")
        raise errors.internal() from None


def check_options_early(context: Context, job: JobRecord, source: PageSource, first: int) -> None:
    """Fails early on a wrong language or engine, unless the first page shows that it may do without."""
    options = job.options
    if options.mode is RecognitionMode.TEXT_LAYER_ONLY:
        return
    try:
        context.engines.choose(options.engine, options.languages)
    except ProcessingError:
        if read_own_text(source, first, options.mode)[0] is None:
            raise


def _read(context: Context, job: JobRecord, page: PageRecord, source: PageSource) -> _Outcome:
    options = job.options

    def engine() -> Engine:
        return context.engines.choose(options.engine, options.languages, job.limits.page_timeout_s)

    try:
        with _faults(context):
            pick = context.engines.picker(options.languages)
            return _good(read_page(source, page.number, engine, pick, options.mode))
    except ProcessingError as fault:
        return _failed(page.number, fault)


def _read_quickly(context: Context, job: JobRecord, number: int, source: PageSource) -> _Outcome | None:
    """As above, for a page that can be read without an engine; None for one that cannot."""
    try:
        with _faults(context):
            page, _ = read_own_text(source, number, job.options.mode)
            return _good(page) if page else None
    except ProcessingError as fault:
        return _failed(number, fault)


def _good(page: Page) -> _Outcome:
    quick = page.source is Source.TEXT_LAYER
    reading = PageStats(page.source.value if page.source else "", sum(1 for _ in page.words()))
    return _Outcome(page.number, PageState.FINISHED, pack(page), reading=reading, was_quick=quick)


def _failed(number: int, fault: ProcessingError) -> _Outcome:
    quick = fault.info.code is ErrorCode.NO_TEXT_LAYER
    return _Outcome(number, PageState.FAILED, error=fault.info, was_quick=quick)


def _commit(
    context: Context, attempt: Attempt, job: JobRecord, outcome: _Outcome, *, takes_next: bool = False
) -> CommitResult | None:
    """Writes the page's blobs, then has the ledger point at them; after the last page closes the job."""
    blob: str | None = None
    if outcome.page is not None:
        try:
            blob = _store(context, attempt, job.job_id, outcome.number, outcome.page)
        except ProcessingError as fault:
            outcome = _Outcome(outcome.number, PageState.FAILED, error=fault.info)
    committed: CommitResult | None = retry_while_redis_unavailable(
        lambda: context.ledger.pages.commit(
            job.job_id,
            outcome.number,
            attempt.id,
            outcome.state,
            inflight_limit=context.window(),
            blob=blob,
            error=outcome.error,
            continue_as=attempt,
            stats=outcome.reading,
            take_next=takes_next,
        )
    )
    if committed is None:
        _log.info("page %s-%d: this attempt was given up, its result is dropped", job.job_id, outcome.number)
        if not context.ledger.jobs.exists(job.job_id):  # deleted: what was written since goes too
            context.blobs.purge(job.job_id)
        elif blob:
            context.page_results.delete_page(job.job_id, blob)
    elif committed.closes:
        _close(context, attempt, committed.job)
    return committed


def _store(context: Context, attempt: Attempt, job_id: str, number: int, page: PackedPage) -> str:
    """Write a page under a name of this attempt alone, and return that name. Raises ProcessingError."""
    name = page_name(number, attempt.id)
    with _faults(context):
        retry_while_redis_unavailable(lambda: context.page_results.write_page(job_id, name, page))
    return name


def _close(context: Context, attempt: Attempt, job: JobRecord) -> None:
    pages = retry_while_redis_unavailable(lambda: context.ledger.pages.of_job(job))
    with _faults_end_job(context, attempt, job):
        retry_while_redis_unavailable(lambda: _write_text(context, job, pages))
        apply_upload_retention(context.blobs, job.job_id, context.settings)
        retry_while_redis_unavailable(lambda: context.ledger.jobs.finish(job.job_id, attempt.id))


def _write_text(context: Context, job: JobRecord, pages: list[PageRecord]) -> None:
    """Write the job's text, page by page, so that a book takes no more memory than a page."""
    results = context.page_results
    texts = (results.read_page_text(job.job_id, page.blob) if page.blob else b"" for page in pages)
    results.write_text(job.job_id, job.revision, texts)


@contextmanager
def _faults_end_job(context: Context, attempt: Attempt, job: JobRecord) -> Iterator[None]:
    try:
        with _faults(context):
            yield
    except ProcessingError as fault:
        info = fault.info
        retry_while_redis_unavailable(lambda: context.ledger.jobs.fail(job.job_id, attempt.id, info))


def retry_while_redis_unavailable(action: Callable[[], T]) -> T:
    """Repeats an action while Redis is away, because what this process has in hand cost more than the wait."""
    deadline = time.monotonic() + _PATIENCE_S
    pause_s = 0.1
    while True:
        try:
            return action()
        except RedisAway:
            if time.monotonic() + pause_s > deadline:
                raise
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, 2.0)
