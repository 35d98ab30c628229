"""Who holds which unit of work: attempts claim units, renew their leases and give units back.

A unit that has not ended is either pending (in the queue) or held by an attempt. What is in the queue is only a
hint: the claim decides, and it succeeds for one attempt. A lease ends unless the attempt's worker renews it (see
`clock`); `lost_work` finds what nobody renews.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from redis import Redis

from ocrdesk.backend import metrics, redis_keys
from ocrdesk.backend.ledger import clock, codec
from ocrdesk.backend.ledger.exports import end_export
from ocrdesk.backend.ledger.jobs import Jobs
from ocrdesk.backend.ledger.pages import end_page
from ocrdesk.backend.ledger.shares import PageClaim, Priority
from ocrdesk.backend.ledger.transaction import Transaction, Transactions
from ocrdesk.backend.records import (
    MAX_DEATHS,
    MAX_LOSSES,
    ActiveLease,
    Attempt,
    ExportRecord,
    JobRecord,
    PageRecord,
    ReleaseReason,
    Unit,
    UnitKind,
    utc_now,
)
from ocrdesk.backend.task_queue import wall_limit_s
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState

R = TypeVar("R", JobRecord, PageRecord, ExportRecord)

_log = logging.getLogger(__name__)

_EXPORT_CRASHED = ErrorInfo.of(ErrorCode.EXPORT_FAILED, error_message("export_crashed"))
_PAGE_CRASHED = ErrorInfo.of(ErrorCode.CRASHED, error_message("page_crashed"))
_FILE_CRASHED = ErrorInfo.of(ErrorCode.CRASHED, error_message("file_crashed"))


class Leases:
    """Gives units to attempts, and takes them back from attempts that ended without committing."""

    def __init__(self, redis: Redis, transactions: Transactions, jobs: Jobs) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._transactions = transactions
        self._jobs = jobs

    def claim(self, unit: Unit, attempt: Attempt) -> JobRecord | None:
        """Let an attempt hold a page, or a job to prepare or close; return the job.

        Returns None when the unit has ended, does not exist, or is held by another attempt. Exports have a claim of
        their own.
        """

        def change(transaction: Transaction) -> JobRecord | None:
            job = transaction.read_job(unit.job_id)
            page = transaction.read_page(unit.job_id, unit.page) if unit.page else None
            is_waiting = page is not None and transaction.read_queued_unit(unit) is None
            transaction.multi()
            if job is not None and _is_held(job, page, attempt.id):
                return job  # this attempt's own claim, whose answer was lost
            transaction.remove_pending(unit)
            if is_waiting or job is None or job.state.is_final or not _is_free(unit, job, page):
                # A page that waits for its turn is not in the queue: this task is left of an earlier run.
                return None
            if page is not None:
                transaction.put_page(unit.job_id, _started(page, attempt))
            elif job.state is JobState.QUEUED:
                job = job.moved(JobState.STARTED, attempt=attempt.id, started_at=utc_now())
                transaction.emit(job)
            else:
                job = replace(job, attempt=attempt.id)
            transaction.put_job(job)
            transaction.hold(unit, attempt, job.owner, job.limits.page_timeout_s)
            return job

        job = self._claim_waiting_page(unit, attempt) if unit.page else None
        return job or self._transactions.run_on_job(change, unit.job_id)

    def _claim_waiting_page(self, unit: Unit, attempt: Attempt) -> JobRecord | None:
        """Claim a page as most pages are claimed; None if anything is unusual, or was changed meanwhile."""
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(redis_keys.job(unit.job_id))
            pipe.hget(redis_keys.job_pages(unit.job_id), str(unit.page))
            fields, text = pipe.execute(raise_on_error=False)
        if not isinstance(fields, dict) or isinstance(text, Exception):
            return None  # the other way raises or repairs it
        job, page = codec.job_from(unit.job_id, fields), codec.page_from(unit.page, text)
        if job is None or job.state is not JobState.STARTED or not _is_free(unit, job, page):
            return None
        claim = PageClaim(
            job.owner,
            unit,
            attempt,
            wall_limit_s(job.limits.page_timeout_s),
            page_before=text or "",
            page_after=codec.page_text(_started(page, attempt)),
            state=fields["state"],
            file_pages=fields.get("file_pages", ""),
        )
        return job if self._transactions.claim_page(claim) else None

    def renew(self, attempt_id: str) -> bool:
        """Renew an attempt's lease; False when it holds nothing. Call it every `clock.RENEW_EVERY_S` seconds."""
        return clock.renew(self._redis, attempt_id)

    def release(self, attempt_id: str, reason: ReleaseReason, *, inflight_limit: int) -> Unit | None:
        """Take a unit from an attempt that has ended, and queue it again at the front; return the unit.

        A unit that ended too many attempts fails instead (see MAX_DEATHS and MAX_LOSSES). Returns None when the
        attempt held nothing.
        """
        unit = self.lease_of(attempt_id)
        if unit is None:
            return None

        def change(transaction: Transaction) -> None:
            found = _read(transaction, unit, inflight_limit)
            transaction.multi()
            transaction.end_lease(attempt_id)
            if found.is_held_by(attempt_id):
                self._give_back(transaction, found, reason, is_queued=False)

        self._transactions.run_on_job(change, unit.job_id)
        return unit

    def give_back_unclaimed(self, unit: Unit, rq_id: str, reason: ReleaseReason, *, inflight_limit: int) -> bool:
        """Queue a unit again whose delivery ended before it was claimed, or give it up as `release` does.

        `rq_id`: the delivery that ended. If the unit waits under another one, a death is only counted, and anything
        else is ignored. Returns False when nothing changed.
        """

        def change(transaction: Transaction) -> bool:
            transaction.pipe.watch(redis_keys.PENDING_UNITS)
            pending = transaction.read_queued_unit(unit)
            found = _read(transaction, unit, inflight_limit)
            transaction.multi()
            if pending is None:
                return False
            if not found.is_free:
                transaction.remove_pending(unit)
                return False
            is_queued = pending.rq_id != rq_id
            if is_queued and reason is not ReleaseReason.DIED:
                return False
            transaction.queue.forget(transaction.pipe, rq_id)
            self._give_back(transaction, found, reason, is_queued=is_queued)
            return True

        return self._transactions.run_on_job(change, unit.job_id)

    def lease_of(self, attempt_id: str) -> Unit | None:
        """Return the unit that an attempt holds."""
        entry = self._redis.hget(redis_keys.LEASES, attempt_id)
        leases = self._readable({attempt_id: entry}) if entry else []
        return leases[0].unit if leases else None

    def active(self) -> list[ActiveLease]:
        """Return all leases."""
        return self._readable(self._redis.hgetall(redis_keys.LEASES))

    def _readable(self, entries: dict[str, str]) -> list[ActiveLease]:
        """Return the leases in these entries; remove those that cannot be read, whose units are then found lost."""
        leases = []
        for attempt_id, entry in entries.items():
            if lease := codec.readable_lease(attempt_id, entry):
                leases.append(lease)
            else:
                _log.error("the lease of the attempt %s cannot be read: removed", attempt_id)
                self._redis.hdel(redis_keys.LEASES, attempt_id)
        return leases

    # ── inside a transaction ─────────────────────────────────────────────────────────────────────

    def _give_back(self, transaction: Transaction, found: _Found, reason: ReleaseReason, *, is_queued: bool) -> None:
        """Count how an attempt at a unit ended; queue the unit again unless it is queued, or give it up."""
        job, unit = found.job, found.unit
        if job is None:
            return
        if reason is not ReleaseReason.HANDED_BACK:
            metrics.count_lost_attempt(transaction.pipe, reason.value)
        if found.export is not None:
            _give_back_export(transaction, job, found.export, reason, is_queued=is_queued)
        elif found.page is not None:
            _give_back_page(transaction, job, found, reason, is_queued=is_queued)
        else:
            job = _count_ending(replace(job, attempt=None), reason)
            if _is_given_up(job):
                transaction.remove_pending(unit)
                self._jobs.end(transaction, job, JobState.FAILED, _FILE_CRASHED)
                return
            transaction.put_job(job)
            if not is_queued:
                transaction.push(unit, job, priority=Priority.RECOVERED)


@dataclass(slots=True)
class _Found:
    """A unit's records, read inside a transaction."""

    unit: Unit
    job: JobRecord | None
    page: PageRecord | None = None
    export: ExportRecord | None = None
    waiting: Sequence[int] = ()
    inflight_limit: int = 0

    def is_held_by(self, attempt_id: str) -> bool:
        """Return whether this attempt holds the unit, and the unit has not ended."""
        if self.job is None:
            return False
        if self.unit.kind is UnitKind.EXPORT:
            export = self.export
            return export is not None and export.state is PageState.STARTED and export.attempt == attempt_id
        return not self.job.state.is_final and _is_held(self.job, self.page, attempt_id)

    @property
    def is_free(self) -> bool:
        """Whether the unit can be claimed."""
        if self.job is None:
            return False
        if self.unit.kind is UnitKind.EXPORT:
            return self.export is not None and self.export.state is PageState.QUEUED
        return not self.job.state.is_final and _is_free(self.unit, self.job, self.page)


def _read(transaction: Transaction, unit: Unit, inflight_limit: int) -> _Found:
    found = _Found(unit, transaction.read_job(unit.job_id))
    if unit.kind is UnitKind.EXPORT:
        found.export = transaction.read_export(unit.job_id, unit.export)
    elif unit.page:
        found.page = transaction.read_page(unit.job_id, unit.page)
        found.waiting = transaction.read_waiting_pages(unit.job_id, inflight_limit)
        found.inflight_limit = inflight_limit
    return found


def _started(page: PageRecord, attempt: Attempt) -> PageRecord:
    return page.moved(PageState.STARTED, attempt=attempt.id, worker=attempt.worker, started_at=utc_now())


def _is_free(unit: Unit, job: JobRecord, page: PageRecord | None) -> bool:
    """Return whether a unit of a job that has not ended can be claimed."""
    if page is not None:
        return page.state is PageState.QUEUED and job.has_page(page.number)
    if unit.kind is UnitKind.PREPARE:
        return job.page_count is None and job.attempt is None
    return job.all_pages_ended and job.attempt is None


def _is_held(job: JobRecord, page: PageRecord | None, attempt_id: str) -> bool:
    if page is not None:
        return page.state is PageState.STARTED and page.attempt == attempt_id
    return not job.state.is_final and job.attempt == attempt_id


def _give_back_page(
    transaction: Transaction, job: JobRecord, found: _Found, reason: ReleaseReason, *, is_queued: bool
) -> None:
    """Queue a page again, or give it up."""
    if found.page is None:
        return
    page = _count_ending(found.page, reason)
    if _is_given_up(page):
        transaction.remove_pending(found.unit)
        failed = page.moved(PageState.FAILED, ended_at=utc_now(), blob=None, error=_PAGE_CRASHED)
        end_page(transaction, job, failed, found.waiting, found.inflight_limit)
        return
    if page.state is not PageState.QUEUED:
        page = page.moved(PageState.QUEUED, attempt=None, worker=None, started_at=None)
    transaction.put_page(job.job_id, page)
    transaction.put_job(job)  # unchanged: a commit of this page watches the record
    if not is_queued:
        transaction.push(found.unit, job, priority=Priority.RECOVERED)


def _give_back_export(
    transaction: Transaction, job: JobRecord, export: ExportRecord, reason: ReleaseReason, *, is_queued: bool
) -> None:
    """Queue an export again, or give it up."""
    unit = Unit(job.job_id, UnitKind.EXPORT, export=export.name)
    export = _count_ending(export, reason)
    if _is_given_up(export):
        transaction.remove_pending(unit)
        failed = export.moved(PageState.FAILED, ended_at=utc_now(), blob=None, media_type="", error=_EXPORT_CRASHED)
        end_export(transaction, job, failed)
        return
    if export.state is not PageState.QUEUED:
        export = export.moved(PageState.QUEUED, attempt=None)
    transaction.put_export(job.job_id, export)
    if not is_queued:
        transaction.push(unit, job, priority=Priority.RECOVERED, limit_s=export.limit_s)


def _count_ending(record: R, reason: ReleaseReason) -> R:
    """Count an attempt that crashed or was lost; one that was handed back is not the record's doing."""
    died, lost = reason is ReleaseReason.DIED, reason is ReleaseReason.LOST
    return replace(record, deaths=record.deaths + died, losses=record.losses + lost)


def _is_given_up(record: JobRecord | PageRecord | ExportRecord) -> bool:
    return record.deaths >= MAX_DEATHS or record.losses >= MAX_LOSSES
