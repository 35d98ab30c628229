"""Who holds which unit of work; releases and redelivers lost ones.

A unit that has not ended is either pending (in the queue) or held by an attempt. What is in the queue is only a
hint: the claim decides, and it succeeds for one attempt. So the reaper finds whatever a dead process, machine or
Redis left behind, and a second delivery does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.ledger.exports import end_export
from ocrdesk.backend.ledger.jobs import Jobs
from ocrdesk.backend.ledger.pages import end_page
from ocrdesk.backend.ledger.shares import Priority, Shares
from ocrdesk.backend.ledger.transaction import Transaction, Transactions
from ocrdesk.backend.records import (
    MAX_DEATHS,
    MAX_LOSSES,
    ActiveLease,
    Attempt,
    ExportRecord,
    JobRecord,
    PageRecord,
    QueuedUnit,
    ReleaseReason,
    Unit,
    UnitKind,
    utc_now,
)
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState

R = TypeVar("R", JobRecord, PageRecord, ExportRecord)

_EXPORT_CRASHED = ErrorInfo.of(ErrorCode.EXPORT_FAILED, error_message("export_crashed"))
_PAGE_CRASHED = ErrorInfo.of(ErrorCode.CRASHED, error_message("page_crashed"))
_FILE_CRASHED = ErrorInfo.of(ErrorCode.CRASHED, error_message("file_crashed"))


class Leases:
    """Gives units to attempts, and takes them back from attempts that ended without committing."""

    def __init__(self, redis: Redis, transactions: Transactions, queue: TaskQueue, jobs: Jobs) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._transactions = transactions
        self._queue = queue
        self._jobs = jobs
        self._shares = Shares(redis, queue)

    # ── claiming and releasing ───────────────────────────────────────────────────────────────────

    def claim(self, unit: Unit, attempt: Attempt) -> JobRecord | None:
        """Let an attempt hold a page, or a job to prepare or close; return the job.

        Returns None when the unit has ended, does not exist, or is held by another attempt. Exports have a claim of
        their own.
        """

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(unit.job_id)
            page = transaction.read_page(unit.job_id, unit.page) if unit.page else None
            transaction.multi()
            if job is not None and _is_held(job, page, attempt.id):
                return job  # this attempt's own claim, whose answer was lost
            if job is None or job.state.is_final:
                transaction.remove_pending(unit)
                return None
            if not _is_free(unit, job, page):
                return None
            if page is not None:
                started = page.moved(PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now())
                transaction.put_page(unit.job_id, started)
            elif job.state is JobState.QUEUED:
                job = job.moved(JobState.STARTED, attempt=attempt.id, started_at=utc_now())
                transaction.emit(job)
            else:
                job = replace(job, attempt=attempt.id)
            transaction.put_job(job)
            transaction.remove_pending(unit)
            transaction.hold(unit, attempt, job.owner)
            return job

        return self._transactions.run_on_job(change, unit.job_id)

    def release(self, attempt_id: str, reason: ReleaseReason, *, inflight_limit: int) -> Unit | None:
        """Take a unit from an attempt that has ended, and queue it again at the front; return the unit.

        A unit that ended too many attempts fails instead (see MAX_DEATHS and MAX_LOSSES). Returns None when the
        attempt held nothing.
        """
        unit = self.lease_of(attempt_id)
        if unit is None:
            return None

        def change(transaction: Transaction) -> None:
            job = transaction.read_job(unit.job_id)
            if job is not None and unit.kind is UnitKind.EXPORT:
                export = transaction.read_export(unit.job_id, unit.export)
                transaction.multi()
                transaction.end_lease(attempt_id)
                if export is not None and export.state is PageState.STARTED and export.attempt == attempt_id:
                    _release_export(transaction, job, unit, export, reason)
                return
            page = transaction.read_page(unit.job_id, unit.page) if unit.page else None
            waiting = transaction.read_waiting_pages(unit.job_id, inflight_limit)
            transaction.multi()
            transaction.end_lease(attempt_id)
            if job is None or job.state.is_final or not _is_held(job, page, attempt_id):
                return
            if page is None:
                self._release_job(transaction, job, unit, reason)
            else:
                _release_page(transaction, job, page, reason, waiting, inflight_limit)

        self._transactions.run_on_job(change, unit.job_id)
        return unit

    def _release_job(self, transaction: Transaction, job: JobRecord, unit: Unit, reason: ReleaseReason) -> None:
        """Queue a job's preparing or closing again, or give the job up."""
        job = _count_ending(replace(job, attempt=None), reason)
        if _is_given_up(job):
            self._jobs.end(transaction, job, JobState.FAILED, _FILE_CRASHED)
            return
        transaction.put_job(job)
        transaction.push(unit, job, priority=Priority.RECOVERED)

    # ── recovery ─────────────────────────────────────────────────────────────────────────────────

    def lease_of(self, attempt_id: str) -> Unit | None:
        """Return the unit that an attempt holds."""
        entry = self._redis.hget(redis_keys.LEASES, attempt_id)
        return codec.lease_from(attempt_id, entry).unit if entry else None

    def active(self) -> list[ActiveLease]:
        """Return all leases."""
        return [codec.lease_from(attempt, entry) for attempt, entry in self._redis.hgetall(redis_keys.LEASES).items()]

    def overdue(self, older_than_s: float) -> list[QueuedUnit]:
        """Return the units that have been pending for longer than that."""
        limit = time.time() - older_than_s
        entries = self._redis.hgetall(redis_keys.PENDING_UNITS)
        pending = [codec.queued_unit_from(key, entry) for key, entry in entries.items()]
        return [unit for unit in pending if unit.since < limit]

    def queued_ids(self) -> set[str]:
        """Return the RQ ids that wait in the queue, or for a place of their owner."""
        waiting = self._shares.waiting_ids()  # first, because units move from there to the queue
        return waiting | set(self._redis.lrange(self._queue.key, 0, -1))

    def intermediate_ids(self) -> set[str]:
        """Return the RQ ids that a worker has fetched and not begun."""
        return set(self._redis.lrange(self._queue.intermediate_key, 0, -1))

    def drop_intermediate(self, rq_ids: Iterable[str]) -> None:
        """Remove RQ ids that a worker has fetched and will never begin."""
        for rq_id in rq_ids:
            self._redis.lrem(self._queue.intermediate_key, 0, rq_id)

    def redeliver(self, lost: QueuedUnit) -> bool:
        """Queue a unit again whose queue entry was lost; False when it is no longer pending under that RQ id."""
        unit = lost.unit

        def change(transaction: Transaction) -> bool:
            transaction.pipe.watch(redis_keys.PENDING_UNITS)
            pending = transaction.read_queued_unit(unit)
            job = transaction.read_job(unit.job_id)
            export = transaction.read_export(unit.job_id, unit.export) if unit.export else None
            transaction.multi()
            if pending is None or pending.rq_id != lost.rq_id:
                return False
            if job is None or (job.state.is_final and unit.kind is not UnitKind.EXPORT):
                transaction.remove_pending(unit)
                return False
            transaction.push(unit, job, priority=Priority.RECOVERED, limit_s=export.limit_s if export else None)
            return True

        return self._transactions.run_on_job(change, unit.job_id)

    def reaper_lock(self, ttl_s: float) -> Any:
        """Return a lock that one reaper at a time holds; it expires after its TTL."""
        return self._redis.lock(redis_keys.REAPER_LOCK, timeout=ttl_s, blocking=False)


def _is_free(unit: Unit, job: JobRecord, page: PageRecord | None) -> bool:
    """Return whether a unit of a job that has not ended can be claimed."""
    if page is not None:
        return page.state is PageState.QUEUED and job.page_count is not None
    if unit.kind is UnitKind.PREPARE:
        return job.page_count is None and job.attempt is None
    return job.all_pages_ended and job.attempt is None


def _is_held(job: JobRecord, page: PageRecord | None, attempt_id: str) -> bool:
    if page is not None:
        return page.state is PageState.STARTED and page.attempt == attempt_id
    return not job.state.is_final and job.attempt == attempt_id


def _release_page(
    transaction: Transaction,
    job: JobRecord,
    page: PageRecord,
    reason: ReleaseReason,
    waiting: Sequence[int],
    inflight_limit: int,
) -> None:
    """Queue a page again, or give it up."""
    page = _count_ending(page, reason)
    if _is_given_up(page):
        failed = page.moved(PageState.FAILED, ended_at=utc_now(), blob=None, error=_PAGE_CRASHED)
        end_page(transaction, job, failed, waiting, inflight_limit)
        return
    transaction.put_page(job.job_id, page.moved(PageState.QUEUED, attempt=None, worker=None, started_at=None))
    transaction.push(Unit(job.job_id, UnitKind.PAGE, page.number), job, priority=Priority.RECOVERED)


def _release_export(
    transaction: Transaction, job: JobRecord, unit: Unit, export: ExportRecord, reason: ReleaseReason
) -> None:
    """Queue an export again, or give it up."""
    export = _count_ending(export, reason)
    if _is_given_up(export):
        failed = export.moved(PageState.FAILED, ended_at=utc_now(), blob=None, media_type="", error=_EXPORT_CRASHED)
        end_export(transaction, job, failed)
        return
    transaction.put_export(job.job_id, export.moved(PageState.QUEUED, attempt=None))
    transaction.push(unit, job, priority=Priority.RECOVERED, limit_s=export.limit_s)


def _count_ending(record: R, reason: ReleaseReason) -> R:
    """Count an attempt that crashed or was lost; one that was handed back is not the record's doing."""
    died, lost = reason is ReleaseReason.DIED, reason is ReleaseReason.LOST
    return replace(record, deaths=record.deaths + died, losses=record.losses + lost)


def _is_given_up(record: JobRecord | PageRecord | ExportRecord) -> bool:
    return record.deaths >= MAX_DEATHS or record.losses >= MAX_LOSSES
