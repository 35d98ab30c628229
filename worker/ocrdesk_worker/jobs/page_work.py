"""Reads pages, commits results, closes the job."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace

from ocrdesk.backend.ledger.pages import CommitResult
from ocrdesk.backend.records import Attempt, JobRecord, PageRecord, PageStats, ReleaseReason
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.storage.blob_store import UPLOAD, BlobMissingError
from ocrdesk.backend.storage.page_results import PackedPage, pack
from ocrdesk.backend.storage.stored_names import page_name
from ocrdesk.contract.document import Page, Source
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import PageState
from ocrdesk_worker import errors
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.locked_upload import unlock_upload
from ocrdesk_worker.jobs.opened_file import OpenedFile
from ocrdesk_worker.jobs.pdf_preparation import prepare_pdf
from ocrdesk_worker.jobs.repeated_headers import mark_as_near_pages, mark_before_closing
from ocrdesk_worker.jobs.typed_errors import (
    errors_fail_job,
    retry_while_redis_unavailable,
    retry_while_storage_unavailable,
    typed_errors,
)

_log = logging.getLogger(__name__)

_QUICK_PAGES_S = 1.0
"""How long a task process continues with pages that need no engine before other jobs get their turn."""
_LIGHT_PAGES_S = 0.5
"""The same for pages that need one and are read in less than that, in processor time: it does not depend on others."""
_SHARE_OF_LIMIT = 0.25
"""Of a page's time limit: a task process that has used more takes no further page."""


def prepare_job(context: Context, attempt: Attempt, job: JobRecord) -> None:
    """Open the file, count its pages and queue them; read the first page, and quick ones after it, at once."""
    try:
        unlock_upload(context, job)
        with typed_errors(context), OpenedFile(context, job, avoid_pdfium=job.deaths > 0) as file:
            notes = prepare_pdf(context, job, file)
            count = file.page_count()
            numbers = replace(job, file_pages=count).page_numbers
            if not numbers:
                raise errors.no_such_pages(job.options.pages, count)
            if job.limits.max_pages is not None and len(numbers) > job.limits.max_pages:
                raise errors.too_many_pages(len(numbers), job.limits.max_pages)
            file.check_options(first_page=numbers[0])
            planned = retry_while_redis_unavailable(
                lambda: context.ledger.pages.plan(
                    job.job_id, attempt, count, inflight_limit=context.inflight_limit(), inline=True, notes=notes
                )
            )
            if planned is None:
                return
            sealed_password.forget(context.blobs, job.job_id)
            outcome = _read_pages(context, attempt, planned, PageRecord(numbers[0]), file)
    except ProcessingError as error:
        info = error.info
        sealed_password.forget(context.blobs, job.job_id)  # first: a retry that follows the end brings a new one
        retry_while_redis_unavailable(lambda: context.ledger.jobs.fail(job.job_id, attempt.id, info))
        context.ledger.cleanup.apply_retention(context.blobs, job.job_id, context.settings)
        return
    _end_pages(context, attempt, planned, outcome)


def read_queued_page(context: Context, attempt: Attempt, job: JobRecord, number: int) -> None:
    """Read one page of a prepared job, and quick ones after it; close the job after its last page."""
    page = context.ledger.pages.get(job.job_id, number)
    outcome: PageOutcome | None
    try:
        with typed_errors(context), OpenedFile(context, job, avoid_pdfium=page.deaths > 0) as file:
            outcome = _read_pages(context, attempt, job, page, file)
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
    edges: str | None = None
    """The page's outermost rows, for the comparison with other pages."""
    was_quick: bool = False
    """No engine was needed."""


def _read_pages(
    context: Context, attempt: Attempt, job: JobRecord, page: PageRecord, file: OpenedFile
) -> PageOutcome | None:
    """Read a page that this attempt holds, and following ones that need no engine; return the outcome of the last.

    A page that needs no engine takes milliseconds, and one with few words less than its way through the queue and the
    start of a task process. So for a while the next waiting page is claimed as well. All outcomes but the last are
    committed. None if no page is left that this attempt holds. Raises no ProcessingError.
    """
    number, run = page.number, _Run(context, job, file)
    try:
        with typed_errors(context):
            outcome = _read(context, job, page.number, file)
            while run.may_go_on(outcome):
                committed = _commit(context, attempt, job, outcome, takes_next=True)
                if committed is None or committed.next_page is None:
                    return None
                number = committed.next_page
                if run.has_time_for_engine():
                    outcome = _read(context, job, number, file)
                else:
                    outcome = _read_quickly(context, job, number, file) or PageOutcome(number, PageState.QUEUED)
    except ProcessingError as error:
        outcome = PageOutcome(number, PageState.FAILED, error=error.info)
    return outcome


class _Run:
    """Decides how many pages of a job a task reads one after the other, from now on."""

    def __init__(self, context: Context, job: JobRecord, file: OpenedFile) -> None:
        self._context = context
        self._file = file
        self._most_s = _SHARE_OF_LIMIT * job.limits.page_timeout_s
        self._began, self._began_processor_s = time.monotonic(), file.processor_s()

    def may_go_on(self, outcome: PageOutcome) -> bool:
        """Return whether the task may take another page after this outcome."""
        if self._context.is_stopping():
            return False
        if self._file.avoids_pdfium:  # only the page that ended its process is read like that
            return False
        if outcome.was_quick:
            return time.monotonic() - self._began < min(_QUICK_PAGES_S, self._most_s)
        return outcome.state is PageState.FINISHED and self.has_time_for_engine()

    def has_time_for_engine(self) -> bool:
        return self._file.processor_s() - self._began_processor_s < min(_LIGHT_PAGES_S, self._most_s)


def _end_pages(context: Context, attempt: Attempt, job: JobRecord, outcome: PageOutcome | None) -> None:
    """Commit the outcome, or hand the page back, which gets its full time limit in a new task."""
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


def _read(context: Context, job: JobRecord, number: int, file: OpenedFile) -> PageOutcome:
    try:
        with typed_errors(context):
            return _good(context, job, file.read(number))
    except ProcessingError as error:
        return _failed(number, error)


def _read_quickly(context: Context, job: JobRecord, number: int, file: OpenedFile) -> PageOutcome | None:
    """Read a page that needs no engine; None if it needs one."""
    try:
        with typed_errors(context):
            page = file.read_quickly(number)
            return _good(context, job, page) if page else None
    except ProcessingError as error:
        return _failed(number, error)


def _good(context: Context, job: JobRecord, page: Page) -> PageOutcome:
    quick = page.source == Source.TEXT_LAYER
    page, edges = mark_as_near_pages(context, job, page)
    reading = PageStats(page.source or "", sum(1 for _ in page.words()), len(page.unread))
    return PageOutcome(page.number, PageState.FINISHED, pack(page), reading=reading, edges=edges, was_quick=quick)


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
            edges=outcome.edges if blob else None,
            take_next=takes_next,
        )
    )
    if committed is None:
        _log.info("page %s-%d: this attempt was given up, its result is discarded", job.job_id, outcome.number)
        if not context.ledger.jobs.exists(job.job_id):  # it was deleted, or Redis lags behind and it comes back
            context.ledger.cleanup.remove_job_later(job.job_id)
        elif blob:
            context.page_results.delete_page(job.job_id, blob)
    elif committed.closes:
        close_job(context, attempt, committed.job)
    return committed


def _store(context: Context, attempt: Attempt, job_id: str, number: int, page: PackedPage) -> str:
    """Write a page under a name that only this attempt uses; return the name. Raises ProcessingError."""
    name = page_name(number, attempt.id)
    with typed_errors(context):
        retry_while_storage_unavailable(lambda: context.page_results.write_page(job_id, name, page))
    return name


def close_job(context: Context, attempt: Attempt, job: JobRecord) -> None:
    """Mark what is repeated on the job's pages, write its text and finish the job."""
    pages = retry_while_redis_unavailable(lambda: context.ledger.pages.of_job(job))
    with errors_fail_job(context, attempt, job):
        try:
            pages = mark_before_closing(context, attempt, job, pages)
            retry_while_storage_unavailable(lambda: _write_text(context, job, pages))
        except BlobMissingError:
            _repair_before_closing(context, attempt, job, pages)
            return
        retry_while_redis_unavailable(lambda: context.ledger.jobs.finish(job.job_id, attempt.id))
        context.ledger.cleanup.apply_retention(context.blobs, job.job_id, context.settings)


def _repair_before_closing(context: Context, attempt: Attempt, job: JobRecord, pages: list[PageRecord]) -> None:
    """Let pages whose stored results are gone be read again, or fail; the job is closed after that."""
    lost = context.page_results.missing(job.job_id, [page.blob for page in pages if page.blob])
    numbers = context.ledger.lost_results.repair(
        job.job_id,
        lost,
        has_upload=context.blobs.exists(job.job_id, UPLOAD),
        inflight_limit=context.inflight_limit(),
        closing_attempt=attempt.id,
    )
    _log.warning("%d pages of the job had lost their results before it was closed", len(numbers))


def _write_text(context: Context, job: JobRecord, pages: list[PageRecord]) -> None:
    """Write the job's text page by page, so that a book needs no more memory than a page."""
    results = context.page_results
    texts = (results.read_page_text(job.job_id, page.blob) if page.blob else b"" for page in pages)
    results.write_text(job.job_id, job.revision, texts)
