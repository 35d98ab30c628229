"""Repairs records whose blobs are gone, for instance after Redis came back a little older than the storage.

A page without its blob is read again where the upload is still there. Otherwise it fails with an error that says to
submit the file again. An export without its blob is forgotten, so the next request makes it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ocrdesk.backend import metrics, redis_keys
from ocrdesk.backend.ledger import backlog
from ocrdesk.backend.ledger.cleanup import forget_end
from ocrdesk.backend.ledger.jobs import summarise_errors
from ocrdesk.backend.ledger.pages import queue_pages
from ocrdesk.backend.ledger.shares import Priority
from ocrdesk.backend.ledger.transaction import Transaction, Transactions, keys_of_job
from ocrdesk.backend.records import JobRecord, PageRecord, Unit, UnitKind, utc_now
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState

RESULT_LOST = ErrorInfo.of(ErrorCode.UPLOAD_LOST, error_message("result_lost"))


class LostResults:
    """Changes records to what the storage still has."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def repair(
        self,
        job_id: str,
        lost: Collection[str],
        *,
        has_upload: bool,
        inflight_limit: int,
        closing_attempt: str | None = None,
    ) -> list[int]:
        """Adapt a job's records to the loss of these blobs; return the pages that had them. Repeating it is harmless.

        Pages of a finished job whose records are gone, or say that they have not ended, count as pages without blobs.

        A job that has not ended is changed only by the attempt that closes it, which then no longer holds it.
        """

        def change(transaction: Transaction) -> list[int]:
            job = transaction.read_job(job_id)
            pages = transaction.read_stored_pages(job) if job else []
            names = transaction.pipe.hkeys(redis_keys.job_exports(job_id))
            exports = [transaction.read_export(job_id, name) for name in names]
            transaction.multi()
            if job is None or not job.is_readable:
                return []
            for export in exports:
                if export and export.state is PageState.FINISHED and export.blob in lost:
                    transaction.pipe.hdel(redis_keys.job_exports(job_id), export.name)
            bad = [page for page in pages if page.state is PageState.FINISHED and page.blob in lost]
            if job.state is JobState.FINISHED:
                ended = {page.number for page in pages if page.state.is_final}
                left = [PageRecord(number) for number in job.page_numbers if number not in ended]
                pages, bad = [*(page for page in pages if page.state.is_final), *left], [*bad, *left]
            if not bad or not (job.state.is_final or (closing_attempt and job.attempt == closing_attempt)):
                return []
            if closing_attempt:
                transaction.end_lease(closing_attempt)
                job = replace(job, attempt=None)
            job = replace(job, revision=job.revision + 1, pages_done=_count_finished(pages, bad))
            metrics.count_lost_pages(transaction.pipe, len(bad))
            if has_upload:
                _read_again(transaction, job, [page.number for page in bad], inflight_limit)
            else:
                _fail(transaction, job, pages, bad)
            return [page.number for page in bad]

        return self._transactions.run_on_job(change, job_id)


def _count_finished(pages: Collection[PageRecord], bad: Collection[PageRecord]) -> int:
    """Return how many of a job's pages have a result."""
    numbers = {page.number for page in bad}
    return sum(page.state is PageState.FINISHED and page.number not in numbers for page in pages)


def _read_again(transaction: Transaction, job: JobRecord, numbers: list[int], inflight_limit: int) -> None:
    """Forget how these pages ended. A finished job, or one that was being closed, reads them again."""
    pipe, job_id = transaction.pipe, job.job_id
    pipe.hdel(redis_keys.job_pages(job_id), *map(str, numbers))
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        transaction.put_job(job)  # it did not run any more; a retry reads them
        return
    if job.state is JobState.STARTED:
        backlog.add_pages(pipe, len(numbers))
    else:
        job = job.moved(JobState.STARTED, started_at=utc_now(), ended_at=None, error=None, deaths=0, losses=0)
        backlog.add_job(pipe, job)
        forget_end(pipe, job)
        for key in keys_of_job(job_id):
            pipe.persist(key)
    job = queue_pages(transaction, replace(job, inflight=0), numbers, inflight_limit)
    transaction.put_job(job)
    transaction.emit(job)


def _fail(transaction: Transaction, job: JobRecord, pages: list[PageRecord], bad: list[PageRecord]) -> None:
    """Fail these pages, and a job that has no other finished page. One that was being closed is closed after that."""
    failed = {page.number: replace(page, state=PageState.FAILED, blob=None, error=RESULT_LOST) for page in bad}
    for page in failed.values():
        transaction.put_page(job.job_id, page)
    job = replace(job, pages_failed=job.pages_failed + len(failed))
    if job.state is JobState.FINISHED:
        error = summarise_errors(job, [failed.get(page.number, page) for page in pages])
        # No transition: the job never ran again. What it had to show for its end is gone.
        job = replace(job, error=error, state=JobState.FINISHED if job.pages_done else JobState.FAILED)
    transaction.put_job(job)
    if job.state is JobState.STARTED:
        transaction.push(Unit(job.job_id, UnitKind.CLOSE), job, priority=Priority.RECOVERED)
    transaction.emit(job)
