"""Creates, finishes, cancels, retries and deletes jobs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from ocrdesk.backend import job_log, metrics, redis_keys
from ocrdesk.backend.api_keys.store import count_usage
from ocrdesk.backend.events.stream import event_from
from ocrdesk.backend.ledger import backlog, codec
from ocrdesk.backend.ledger.cleanup import forget_end, remember_end
from ocrdesk.backend.ledger.idempotency import IDEMPOTENCY_TTL_S, IdempotencyKey
from ocrdesk.backend.ledger.pages import queue_pages
from ocrdesk.backend.ledger.quarantine import Quarantine
from ocrdesk.backend.ledger.transaction import Transaction, Transactions, keys_of_job
from ocrdesk.backend.records import JobRecord, PageRecord, Unit, UnitKind, utc_now
from ocrdesk.backend.redis_connection import is_wrong_type
from ocrdesk.backend.webhooks import deliveries
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.states import JobState, PageState

PASSWORD_TTL_S = 86_400
"""How long a password waits for the file to be opened."""


class RevisionConflictError(Exception):
    """Another caller changed the result; `revision` is its revision now."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"the result is at revision {revision}")
        self.revision = revision


class Jobs:
    """Reads and changes jobs. Every method is one round trip or one transaction."""

    def __init__(self, redis: Redis, transactions: Transactions, quarantine: Quarantine, result_ttl_s: int) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._transactions = transactions
        self._quarantine = quarantine
        self._result_ttl_s = result_ttl_s

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def get(self, job_id: str) -> JobRecord | None:
        """Return a job's record; None for an unknown job. One that cannot be read is returned as a failed job."""
        job = codec.read_job(self._redis, job_id)
        if job is not None and not job.is_readable:
            self._quarantine.report(job_id)
        return job

    def exists(self, job_id: str) -> bool:
        return bool(self._redis.exists(redis_keys.job(job_id)))

    def state(self, job_id: str) -> JobState | None:
        """Return only the job's state, for callers who ask often; None for an unknown job."""
        try:
            state = self._redis.hget(redis_keys.job(job_id), "state")
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
            return JobState.FAILED
        if not state:
            return None
        return JobState(state) if state in set(JobState) else JobState.FAILED

    def remaining_ttl_s(self, job_id: str) -> int | None:
        """Return the seconds until a job's record expires; None while it does not expire, or for an unknown job."""
        left = int(self._redis.ttl(redis_keys.job(job_id)))
        return left if left >= 0 else None

    def events(self, job_id: str, after: str = "0", count: int = 500) -> list[Event]:
        """Return a job's events after an event id, oldest first."""
        entries = self._redis.xrange(redis_keys.job_events(job_id), min=f"({after}", count=count)
        return [event_from(event_id, fields) for event_id, fields in entries]

    def sealed_password(self, job_id: str) -> str | None:
        """Return the sealed password of the job's file; None if there is none, or not any more."""
        sealed: str | None = self._redis.get(redis_keys.job_password(job_id))
        return sealed

    # ── changing ─────────────────────────────────────────────────────────────────────────────────

    def create(
        self, job: JobRecord, idempotency_key: IdempotencyKey | None = None, *, sealed_password: str | None = None
    ) -> str:
        """Accept a job and return its id: record, event and queue entry are written together.

        If the same submission was accepted under this Idempotency-Key before, return the id of that job instead.
        Raises IdempotencyConflictError if it was another submission.
        """

        def change(transaction: Transaction) -> str:
            pipe, accepted = transaction.pipe, job
            known = pipe.get(idempotency_key.redis_key) if idempotency_key is not None else None
            if idempotency_key is not None and known and pipe.exists(redis_keys.job(IdempotencyKey.job_of(known))):
                return idempotency_key.known_job(known)
            transaction.multi()
            if idempotency_key is not None:
                entry = idempotency_key.entry(job.job_id)
                pipe.set(idempotency_key.redis_key, entry, ex=IDEMPOTENCY_TTL_S)
                accepted = replace(job, idempotency=idempotency_key.redis_key)
            transaction.put_new_job(accepted)
            _put_password(pipe, job.job_id, sealed_password)
            pipe.zadd(redis_keys.owner_jobs(job.owner), {job.job_id: job.created_at.timestamp()})
            backlog.add_job(pipe, accepted)
            count_usage(pipe, job.owner, size_bytes=job.size_bytes)
            transaction.emit(accepted)
            transaction.push(Unit(job.job_id, UnitKind.PREPARE), accepted)
            metrics.count_submitted(pipe)
            transaction.after_commit.append(lambda: job_log.job_accepted(accepted))
            return job.job_id

        return self._transactions.run(change, [idempotency_key.redis_key] if idempotency_key else [], is_new_work=True)

    def finish(self, job_id: str, attempt_id: str) -> JobRecord | None:
        """End a job whose pages have all ended: finished with at least one finished page, otherwise failed.

        Returns None when the attempt no longer holds the closing.
        """

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(job_id)
            pages = transaction.read_stored_pages(job) if job else []
            transaction.multi()
            transaction.end_lease(attempt_id)
            if job is None or job.state.is_final or job.attempt != attempt_id or not job.all_pages_ended:
                return None
            if sum(page.state.is_final for page in pages) != job.page_count:  # its counts are wrong: see `repairs`
                transaction.put_job(replace(job, attempt=None))
                return None
            done = sum(page.state is PageState.FINISHED for page in pages)
            job = replace(job, pages_done=done, pages_failed=len(pages) - done)
            state = JobState.FINISHED if job.pages_done else JobState.FAILED
            return self.end(transaction, job, state, summarise_errors(job, pages))

        return self._transactions.run_on_job(change, job_id)

    def fail(self, job_id: str, attempt_id: str, error: ErrorInfo) -> JobRecord | None:
        """End a job that could not be prepared or closed. Returns None when the attempt does not hold it."""

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(job_id)
            transaction.multi()
            transaction.end_lease(attempt_id)
            if job is None or job.state.is_final or job.attempt != attempt_id:
                return None
            return self.end(transaction, job, JobState.FAILED, error)

        return self._transactions.run_on_job(change, job_id)

    def cancel(self, job_id: str) -> JobRecord | None:
        """End a job now, unless it has ended; workers stop what they do for it. None for an unknown job."""

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(job_id)
            transaction.multi()
            if job is None or job.state.is_final:
                return job
            return self.end(transaction, job, JobState.CANCELLED, None)

        return self._transactions.run_on_job(change, job_id)

    def retry(
        self, job_id: str, *, inflight_limit: int, sealed_password: str | None = None, lost: Collection[str] = ()
    ) -> JobRecord | None:
        """Start a job that has ended again, for the pages without a result. None for an unknown job.

        A job that has not ended, or whose pages are all finished, stays as it is. The password is for a file that was
        not opened yet. `lost` are blobs that are gone: their pages have no result.
        """

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(job_id)
            pages = transaction.read_stored_pages(job) if job else []
            left = _units_of(job_id, job, ())
            rq_ids = transaction.read_rq_ids(left)
            transaction.multi()
            if job is None or not job.state.is_final or not job.is_readable:
                return job
            transaction.queue.withdraw(transaction.pipe, rq_ids)  # what its earlier run left in the queue
            transaction.remove_pending(*left)
            retried = replace(job, started_at=None, ended_at=None, error=None, attempt=None, deaths=0, losses=0)
            retried = replace(retried, revision=job.revision + 1)  # exports of the old result become stale
            if job.page_count is None:
                retried = retried.moved(JobState.QUEUED)
                _put_password(transaction.pipe, job_id, sealed_password)
                transaction.push(Unit(job_id, UnitKind.PREPARE), retried)
            else:
                good = [page for page in pages if page.state is PageState.FINISHED and page.blob not in lost]
                finished = {page.number for page in good}
                numbers = [number for number in job.page_numbers if number not in finished]
                if not numbers:
                    return job
                retried = _queue_again(transaction, retried, numbers, len(finished), inflight_limit)
            forget_end(transaction.pipe, job)
            for key in keys_of_job(job_id):
                transaction.pipe.persist(key)
            transaction.put_job(retried)
            metrics.count_retried(transaction.pipe)
            transaction.after_commit.append(lambda: job_log.job_retried(retried))
            backlog.add_job(transaction.pipe, retried)
            transaction.emit(retried)
            return retried

        return self._transactions.run_on_job(change, job_id, is_new_work=True)

    def revise(self, job_id: str, blobs: dict[int, str], expected: int | None) -> tuple[JobRecord, list[str]] | None:
        """Let pages refer to corrected results; return the changed job and the blobs that nothing refers to any more.

        Returns None unless the job is finished. Raises RevisionConflictError unless the result is at the expected
        revision (None: any revision).
        """

        def change(transaction: Transaction) -> tuple[JobRecord, list[str]] | None:
            job = transaction.read_job(job_id)
            pages = {page.number: page for page in transaction.read_stored_pages(job)} if job else {}
            transaction.multi()
            if job is None or job.state is not JobState.FINISHED:
                return None
            if expected is not None and expected != job.revision:
                raise RevisionConflictError(job.revision)
            job = replace(job, revision=job.revision + 1)
            replaced = []
            for number, blob in blobs.items():
                replaced.append(pages[number].blob or "")
                transaction.put_page(job_id, replace(pages[number], blob=blob))
            transaction.put_job(job)
            transaction.expire_with_job(job_id)
            transaction.emit(job, event_type=EventType.REVISED)
            return job, [blob for blob in replaced if blob]

        return self._transactions.run_on_job(change, job_id, is_new_work=True)

    def delete(self, job_id: str) -> None:
        """Remove a job, in whatever state, and all that the ledger and the queue hold of it."""

        def change(transaction: Transaction) -> None:
            job, pipe = transaction.read_job(job_id), transaction.pipe
            event_ids = [entry[0] for entry in pipe.xrange(redis_keys.job_events(job_id))]
            units = _units_of(job_id, job, pipe.hkeys(redis_keys.job_exports(job_id)))
            rq_ids = transaction.read_rq_ids(units)
            transaction.multi()
            pipe.delete(*keys_of_job(job_id), redis_keys.job_password(job_id))
            deliveries.delete(pipe, job_id)
            transaction.queue.withdraw(pipe, rq_ids)
            transaction.remove_pending(*units)
            for start in range(0, len(event_ids), 500):
                pipe.xdel(redis_keys.EVENTS, *event_ids[start : start + 500])
            if job is not None:
                remember_end(pipe, job, 0)  # in case this process ends before it has deleted the files
                self._record_deletion(transaction, job)

        self._transactions.run_on_job(change, job_id)

    def _record_deletion(self, transaction: Transaction, job: JobRecord) -> None:
        """Remove what other keys hold of a job; one that had not ended counts as cancelled."""
        pipe, ended = transaction.pipe, job
        if not job.is_readable:
            pipe.zrem(redis_keys.ACTIVE_JOBS, job.job_id)
        if job.idempotency.startswith(redis_keys.idempotency(job.owner, "")):
            pipe.delete(job.idempotency)
        pipe.zrem(redis_keys.owner_jobs(job.owner), job.job_id)
        if not job.state.is_final:
            backlog.subtract_job(pipe, job)
            ended = replace(job, state=JobState.CANCELLED)
            metrics.count_job(pipe, ended.state)
            transaction.after_commit.append(lambda: job_log.job_ended(ended))
        transaction.emit(ended, event_type=EventType.DELETED)

    # ── inside a transaction ─────────────────────────────────────────────────────────────────────

    def end(self, transaction: Transaction, job: JobRecord, state: JobState, error: ErrorInfo | None) -> JobRecord:
        """End a job: its keys will expire, and its webhook is scheduled."""
        pipe = transaction.pipe
        backlog.subtract_job(pipe, job)
        ended = job.moved(state, ended_at=utc_now(), attempt=None, error=error)
        transaction.put_job(ended)
        metrics.count_job(pipe, state)
        if error is not None and job.page_count is None:  # otherwise it is that of pages, which are counted
            metrics.count_failure(pipe, metrics.FILE, error.code)
        transaction.after_commit.append(lambda: job_log.job_ended(ended))
        transaction.emit(ended)
        deliveries.schedule(pipe, ended, self._result_ttl_s)
        job_id = job.job_id
        pipe.delete(redis_keys.waiting_pages(job_id), redis_keys.page_edges(job_id), redis_keys.job_password(job_id))
        for key in keys_of_job(job.job_id):
            pipe.expire(key, self._result_ttl_s)
        remember_end(pipe, job, self._result_ttl_s)
        return ended


def _put_password(pipe: Any, job_id: str, sealed: str | None) -> None:
    if sealed:
        pipe.set(redis_keys.job_password(job_id), sealed, ex=PASSWORD_TTL_S)


def _queue_again(
    transaction: Transaction, job: JobRecord, numbers: Sequence[int], finished: int, inflight_limit: int
) -> JobRecord:
    """Forget how these pages ended, and queue them."""
    transaction.pipe.hdel(redis_keys.job_pages(job.job_id), *map(str, numbers))
    job = job.moved(JobState.STARTED, started_at=utc_now(), pages_done=finished, pages_failed=0, inflight=0)
    return queue_pages(transaction, job, numbers, inflight_limit)


def _units_of(job_id: str, job: JobRecord | None, exports: Sequence[str]) -> list[Unit]:
    units = [Unit(job_id, kind) for kind in (UnitKind.PREPARE, UnitKind.CLOSE)]
    units += [Unit(job_id, UnitKind.PAGE, number) for number in (job.page_numbers if job else ())]
    units += [Unit(job_id, UnitKind.EXPORT, export=name) for name in exports]
    return units


def summarise_errors(job: JobRecord, pages: Sequence[PageRecord]) -> ErrorInfo | None:
    """Return the job's error, made from those of its pages; None when no page failed."""
    bad = [page for page in pages if page.error]
    if not bad or bad[0].error is None:
        return None
    first = bad[0].error
    if job.page_count == 1 and job.file_pages == 1:
        return first
    numbers = ", ".join(str(page.number) for page in bad[:10]) + (", …" if len(bad) > 10 else "")
    message = error_message(
        "page_failed" if len(bad) == 1 else "pages_failed",
        numbers=numbers,
        count=job.file_pages or 0,
        cause=first.error_message,
    )
    return ErrorInfo.of(first.code, message)
