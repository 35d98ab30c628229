"""Reads pages, commits results, closes the job."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrdesk.backend.ledger.pages import CommitResult
from ocrdesk.backend.records import Attempt, JobRecord, PageRecord, PageStats, ReleaseReason
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.storage.blob_store import UPLOAD, apply_upload_retention
from ocrdesk.backend.storage.page_results import PackedPage, pack, page_name
from ocrdesk.contract.document import Page, Source
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import PageState
from ocrdesk_worker import errors
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.locked_upload import unlock_upload
from ocrdesk_worker.jobs.pdf_preparation import prepare_pdf
from ocrdesk_worker.jobs.typed_errors import errors_fail_job, retry_while_redis_unavailable, typed_errors
from ocrdesk_worker.pipeline.page import read_own_text, read_page
from ocrdesk_worker.render.open_file import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrdesk_worker.engines.interface import Engine
    from ocrdesk_worker.render.page_source import PageSource

_log = logging.getLogger(__name__)

_QUICK_PAGES_S = 1.0
"""How long a task process continues with pages that need no engine before other jobs get their turn."""


def prepare_job(context: Context, attempt: Attempt, job: JobRecord) -> None:
    """Open the file, count its pages and queue them; read the first page, and quick ones after it, at once."""
    try:
        unlock_upload(context, job)
        notes = prepare_pdf(context, job)
        with typed_errors(context), _opened(context, job, avoid_pdfium=job.deaths > 0) as source:
            count = source.page_count
            numbers = replace(job, file_pages=count).page_numbers
            if not numbers:
                raise errors.no_such_pages(job.options.pages, count)
            if job.limits.max_pages is not None and len(numbers) > job.limits.max_pages:
                raise errors.too_many_pages(len(numbers), job.limits.max_pages)
            check_options_early(context, job, source, first=numbers[0])
            planned = retry_while_redis_unavailable(
                lambda: context.ledger.pages.plan(
                    job.job_id, attempt, count, inflight_limit=context.inflight_limit(), inline=True, notes=notes
                )
            )
            if planned is None:
                return
            sealed_password.forget(context.blobs, job.job_id)
            outcome = _read_pages(context, attempt, planned, PageRecord(numbers[0]), source)
    except ProcessingError as error:
        info = error.info
        apply_upload_retention(context.blobs, job.job_id, context.settings)
        retry_while_redis_unavailable(lambda: context.ledger.jobs.fail(job.job_id, attempt.id, info))
        return
    _end_pages(context, attempt, planned, outcome)


def read_queued_page(context: Context, attempt: Attempt, job: JobRecord, number: int) -> None:
    """Read one page of a prepared job, and quick ones after it; close the job after its last page."""
    page = context.ledger.pages.get(job.job_id, number)
    outcome: PageOutcome | None
    try:
        with typed_errors(context), _opened(context, job, avoid_pdfium=page.deaths > 0) as source:
            outcome = _read_pages(context, attempt, job, page, source)
    except ProcessingError as error:
        outcome = PageOutcome(number, PageState.FAILED, error=error.info)
    _end_pages(context, attempt, job, outcome)


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """How a page ended: with the page or with an error. A queued page is handed back."""

    number: int
    state: PageState
    page: PackedPage | None = None
    error: ErrorInfo | None = None
    reading: PageStats | None = None
    was_quick: bool = False
    """No engine was needed."""


def _read_pages(
    context: Context, attempt: Attempt, job: JobRecord, page: PageRecord, source: PageSource
) -> PageOutcome | None:
    """Read a page that this attempt holds, and following ones that need no engine; return the outcome of the last.

    A page that needs no engine takes milliseconds, less than its way through the queue, so for a while the next
    waiting page is claimed as well. All outcomes but the last are committed. None if no page is left that this
    attempt holds. Raises no ProcessingError.
    """
    number = page.number
    until = time.monotonic() + min(_QUICK_PAGES_S, job.limits.page_timeout_s / 4)
    try:
        with typed_errors(context):
            outcome = _read(context, job, page, source)
            while outcome.was_quick and time.monotonic() < until:
                committed = _commit(context, attempt, job, outcome, takes_next=True)
                if committed is None or committed.next_page is None:
                    return None
                number = committed.next_page
                outcome = _read_quickly(context, job, number, source) or PageOutcome(number, PageState.QUEUED)
    except ProcessingError as error:
        outcome = PageOutcome(number, PageState.FAILED, error=error.info)
    return outcome


def _end_pages(context: Context, attempt: Attempt, job: JobRecord, outcome: PageOutcome | None) -> None:
    """Commit the outcome, or hand the page back: a page that needs an engine gets its full time limit in a new task."""
    if outcome is None:
        return
    if outcome.state is PageState.QUEUED:
        retry_while_redis_unavailable(
            lambda: context.ledger.leases.release(
                attempt.id, ReleaseReason.HANDED_BACK, inflight_limit=context.inflight_limit()
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


def check_options_early(context: Context, job: JobRecord, source: PageSource, first: int) -> None:
    """Fail early on an unknown language or engine, unless the first page can be read without."""
    options = job.options
    if options.mode is RecognitionMode.TEXT_LAYER_ONLY:
        return
    try:
        context.engines.choose(options.engine, options.languages)
    except ProcessingError:
        if read_own_text(source, first, options.mode)[0] is None:
            raise


def _read(context: Context, job: JobRecord, page: PageRecord, source: PageSource) -> PageOutcome:
    options = job.options

    def engine() -> Engine:
        return context.engines.choose(options.engine, options.languages, job.limits.page_timeout_s)

    try:
        with typed_errors(context):
            pick = context.engines.picker(options.languages)
            return _good(read_page(source, page.number, engine, pick, options.mode))
    except ProcessingError as error:
        return _failed(page.number, error)


def _read_quickly(context: Context, job: JobRecord, number: int, source: PageSource) -> PageOutcome | None:
    """Read a page that needs no engine; None if it needs one."""
    try:
        with typed_errors(context):
            page, _ = read_own_text(source, number, job.options.mode)
            return _good(page) if page else None
    except ProcessingError as error:
        return _failed(number, error)


def _good(page: Page) -> PageOutcome:
    quick = page.source == Source.TEXT_LAYER
    reading = PageStats(page.source or "", sum(1 for _ in page.words()))
    return PageOutcome(page.number, PageState.FINISHED, pack(page), reading=reading, was_quick=quick)


def _failed(number: int, error: ProcessingError) -> PageOutcome:
    quick = error.info.code is ErrorCode.NO_TEXT_LAYER
    return PageOutcome(number, PageState.FAILED, error=error.info, was_quick=quick)


def _commit(
    context: Context, attempt: Attempt, job: JobRecord, outcome: PageOutcome, *, takes_next: bool = False
) -> CommitResult | None:
    """Write the page's blobs, then let the ledger point to them; close the job after its last page."""
    blob: str | None = None
    if outcome.page is not None:
        try:
            blob = _store(context, attempt, job.job_id, outcome.number, outcome.page)
        except ProcessingError as error:
            outcome = PageOutcome(outcome.number, PageState.FAILED, error=error.info)
    committed: CommitResult | None = retry_while_redis_unavailable(
        lambda: context.ledger.pages.commit(
            job.job_id,
            outcome.number,
            attempt.id,
            outcome.state,
            inflight_limit=context.inflight_limit(),
            blob=blob,
            error=outcome.error,
            continue_as=attempt,
            stats=outcome.reading,
            take_next=takes_next,
        )
    )
    if committed is None:
        _log.info("page %s-%d: this attempt was given up, its result is discarded", job.job_id, outcome.number)
        if not context.ledger.jobs.exists(job.job_id):  # the job was deleted: delete what was written since
            context.blobs.purge(job.job_id)
        elif blob:
            context.page_results.delete_page(job.job_id, blob)
    elif committed.closes:
        close_job(context, attempt, committed.job)
    return committed


def _store(context: Context, attempt: Attempt, job_id: str, number: int, page: PackedPage) -> str:
    """Write a page under a name that only this attempt uses; return the name. Raises ProcessingError."""
    name = page_name(number, attempt.id)
    with typed_errors(context):
        retry_while_redis_unavailable(lambda: context.page_results.write_page(job_id, name, page))
    return name


def close_job(context: Context, attempt: Attempt, job: JobRecord) -> None:
    """Write the job's text and finish the job."""
    pages = retry_while_redis_unavailable(lambda: context.ledger.pages.of_job(job))
    with errors_fail_job(context, attempt, job):
        retry_while_redis_unavailable(lambda: _write_text(context, job, pages))
        apply_upload_retention(context.blobs, job.job_id, context.settings)
        retry_while_redis_unavailable(lambda: context.ledger.jobs.finish(job.job_id, attempt.id))


def _write_text(context: Context, job: JobRecord, pages: list[PageRecord]) -> None:
    """Write the job's text page by page, so that a book needs no more memory than a page."""
    results = context.page_results
    texts = (results.read_page_text(job.job_id, page.blob) if page.blob else b"" for page in pages)
    results.write_text(job.job_id, job.revision, texts)
