"""Plans a job's pages and commits their results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from ocrdesk.backend import job_log, metrics, redis_keys
from ocrdesk.backend.api_keys.store import count_usage
from ocrdesk.backend.ledger import backlog, codec
from ocrdesk.backend.ledger.shares import Priority
from ocrdesk.backend.ledger.transaction import Transaction, Transactions
from ocrdesk.backend.records import Attempt, JobRecord, PageRecord, PageStats, Unit, UnitKind, utc_now
from ocrdesk.backend.redis_connection import is_wrong_type
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.states import JobState, PageState

_EDGES_TTL_S = 86_400
"""How long edges are kept after the last of them: a worker of an older version that ends the job does not know them."""


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What follows from a page's commit."""

    job: JobRecord
    closes: bool
    """The attempt now holds the job's closing."""
    next_page: int | None = None
    """The waiting page that the attempt now holds, if it asked for one."""


class Pages:
    """Reads and changes the pages of jobs."""

    def __init__(self, redis: Redis, transactions: Transactions) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._transactions = transactions

    def get(self, job_id: str, number: int) -> PageRecord:
        """Return a page's record; a queued page where there is none."""
        return codec.page_from(number, self._redis.hget(redis_keys.job_pages(job_id), str(number)))

    def of_job(self, job: JobRecord) -> list[PageRecord]:
        """Return the pages of a job that are to be recognised, in order; none while their number is unknown."""
        stored = {page.number: page for page in codec.read_pages(self._redis, job.job_id)}
        return [stored.get(number) or PageRecord(number) for number in job.page_numbers]

    def edges(self, job_id: str, numbers: Iterable[int] | None = None) -> dict[int, str]:
        """Return what was committed as the edges of a job's pages, by page number; None for all pages."""
        key = redis_keys.page_edges(job_id)
        try:
            if numbers is None:
                found = self._redis.hgetall(key)
            else:
                names = [str(number) for number in numbers]
                found = dict(zip(names, self._redis.hmget(key, names), strict=True)) if names else {}
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
            return {}
        return {int(name): text for name, text in found.items() if text and codec.is_page_number(name)}

    def plan(
        self,
        job_id: str,
        attempt: Attempt,
        file_pages: int,
        *,
        inflight_limit: int,
        inline: bool,
        notes: Sequence[ErrorMessage] = (),
    ) -> JobRecord | None:
        """Record how many pages an opened file has and what the caller should know of it, and queue the first ones.

        With `inline` the attempt claims the first page itself. Returns None when it no longer holds the job.
        """

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(job_id)
            transaction.multi()
            if job is None or job.state.is_final or job.attempt != attempt.id:
                return None
            job = replace(job, file_pages=file_pages, notes=tuple(notes), attempt=None, deaths=0, losses=0)
            numbers = job.page_numbers
            backlog.replace_unopened_file(transaction.pipe, len(numbers))
            job = replace(job, page_count=len(numbers))
            if inline:
                _start_page(transaction, job, PageRecord(numbers[0]), attempt)
                job = queue_pages(transaction, job, numbers[1:], max(0, inflight_limit - 1))
                job = replace(job, inflight=job.inflight + 1)
            else:
                transaction.end_lease(attempt.id)
                job = queue_pages(transaction, job, numbers, inflight_limit)
            transaction.pipe.delete(redis_keys.job_password(job_id))
            transaction.put_job(job)
            transaction.emit(job)
            return job

        return self._transactions.run_on_job(change, job_id)

    def commit(
        self,
        job_id: str,
        number: int,
        attempt_id: str,
        state: PageState,
        *,
        inflight_limit: int,
        blob: str | None = None,
        error: ErrorInfo | None = None,
        continue_as: Attempt | None = None,
        stats: PageStats | None = None,
        edges: str | None = None,
        take_next: bool = False,
    ) -> CommitResult | None:
        """End a page, once, and queue as many waiting pages as the job has room for.

        After the last page `continue_as` holds the closing; without it the closing is queued. With `take_next`
        `continue_as` holds the first waiting page, if there is one, instead of having it queued. `edges` is what the
        method `edges` returns until the job ends. Returns None when the attempt no longer holds the page.
        """

        unread = stats.unread_regions if stats else 0

        def change(transaction: Transaction) -> CommitResult | None:
            job = transaction.read_job(job_id)
            page = transaction.read_page(job_id, number)
            waiting = transaction.read_waiting_pages(job_id, inflight_limit)
            following = transaction.read_page(job_id, waiting[0]) if take_next and waiting else None
            if following is not None and following.state is not PageState.QUEUED:
                following = None  # claimed between the two reads; the WATCH makes this transaction start again
            transaction.multi()
            if job is None or job.state is not JobState.STARTED or page.attempt != attempt_id:
                return None
            if page.state.is_final:  # this attempt's own commit, whose answer was lost
                return CommitResult(job, closes=job.attempt == attempt_id)
            transaction.end_lease(attempt_id)
            if edges:
                _put_edges(transaction, job_id, number, edges)
            ended = page.moved(state, ended_at=utc_now(), blob=blob, error=error, unread_regions=unread)
            if following is None or continue_as is None:
                return end_page(transaction, job, ended, waiting, inflight_limit, continue_as=continue_as, stats=stats)
            transaction.pipe.lpop(redis_keys.waiting_pages(job_id))
            result = end_page(transaction, job, ended, waiting[1:], inflight_limit - 1, stats=stats)
            job = replace(result.job, inflight=result.job.inflight + 1)
            _start_page(transaction, job, following, continue_as)
            transaction.put_job(job)
            return replace(result, job=job, next_page=following.number)

        return self._transactions.run_on_record(change, job_id)

    def replace_results(self, job_id: str, attempt_id: str, blobs: Mapping[int, str]) -> list[str] | None:
        """Let finished pages refer to other results before the job ends; return the blobs that they referred to.

        Returns None, and changes nothing, when the attempt no longer holds the closing.
        """

        def change(transaction: Transaction) -> list[str] | None:
            job = transaction.read_job(job_id)
            pages = transaction.read_stored_pages(job) if job else []
            transaction.multi()
            if job is None or job.state.is_final or job.attempt != attempt_id:
                return None
            replaced = [page for page in pages if page.number in blobs and page.state is PageState.FINISHED]
            for page in replaced:
                transaction.put_page(job_id, replace(page, blob=blobs[page.number]))
            return [page.blob for page in replaced if page.blob]

        return self._transactions.run_on_job(change, job_id)


# ── inside a transaction ─────────────────────────────────────────────────────────────────────────


def _put_edges(transaction: Transaction, job_id: str, number: int, edges: str) -> None:
    transaction.pipe.hset(redis_keys.page_edges(job_id), str(number), edges)
    transaction.pipe.expire(redis_keys.page_edges(job_id), _EDGES_TTL_S)


def queue_pages(transaction: Transaction, job: JobRecord, numbers: Sequence[int], inflight_limit: int) -> JobRecord:
    """Queue the first of these pages, up to the in-flight limit; the others wait until there is room."""
    if rest := numbers[inflight_limit:]:
        transaction.pipe.rpush(redis_keys.waiting_pages(job.job_id), *rest)
    for number in numbers[:inflight_limit]:
        transaction.push(Unit(job.job_id, UnitKind.PAGE, number), job)
    return replace(job, inflight=len(numbers[:inflight_limit]))


def end_page(
    transaction: Transaction,
    job: JobRecord,
    page: PageRecord,
    waiting: Sequence[int],
    inflight_limit: int,
    *,
    continue_as: Attempt | None = None,
    stats: PageStats | None = None,
) -> CommitResult:
    """Record a page that ended, queue waiting pages, and after the last page hold or queue the closing."""
    pipe = transaction.pipe
    is_finished = page.state is PageState.FINISHED
    transaction.put_page(job.job_id, page)
    backlog.subtract_page(pipe, page)
    count_usage(pipe, job.owner, pages=1)
    metrics.count_page(pipe, stats.engine if stats else None, page.state, page.seconds)
    if page.error is not None:
        metrics.count_failure(pipe, metrics.PAGE, page.error.code)
    job = replace(
        job,
        pages_done=job.pages_done + is_finished,
        pages_failed=job.pages_failed + (not is_finished),
        inflight=job.inflight - 1,
    )
    transaction.after_commit.append(lambda: job_log.page_ended(job, page, stats))
    for number in waiting[: max(0, inflight_limit - job.inflight)]:
        pipe.lpop(redis_keys.waiting_pages(job.job_id))
        transaction.push(Unit(job.job_id, UnitKind.PAGE, number), job)
        job = replace(job, inflight=job.inflight + 1)
    if job.all_pages_ended:
        closing = Unit(job.job_id, UnitKind.CLOSE)
        if continue_as is not None:
            job = replace(job, attempt=continue_as.id)
            transaction.hold(closing, continue_as, job.owner, job.limits.page_timeout_s)
        else:
            transaction.push(closing, job, priority=Priority.RECOVERED)
    transaction.put_job(job)
    transaction.emit(job, page)
    return CommitResult(job, closes=job.all_pages_ended and continue_as is not None)


def _start_page(transaction: Transaction, job: JobRecord, page: PageRecord, attempt: Attempt) -> None:
    """Let an attempt hold a page without a way through the queue."""
    started = page.moved(PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now())
    transaction.put_page(job.job_id, started)
    unit = Unit(job.job_id, UnitKind.PAGE, page.number)
    transaction.hold(unit, attempt, job.owner, job.limits.page_timeout_s)
