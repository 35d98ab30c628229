"""Requests, claims and commits export files."""

from __future__ import annotations

from typing import Any

from redis import Redis

from ocrdesk.backend import metrics, redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.ledger.shares import Priority
from ocrdesk.backend.ledger.transaction import Transaction, Transactions
from ocrdesk.backend.records import Attempt, ExportRecord, JobRecord, Unit, UnitKind, utc_now
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import PageState

_RETRY_FAILED_AFTER_S = 60
"""A failed export is made again when it is requested this long after its end."""


class Exports:
    """Reads and changes the files that are made from a job's result on request."""

    def __init__(self, redis: Redis, transactions: Transactions) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._transactions = transactions

    def get(self, job_id: str, name: str) -> ExportRecord | None:
        """Return the record of an export; None when it was never requested."""
        return codec.export_from(name, self._redis.hget(redis_keys.job_exports(job_id), name))

    def request(self, job_id: str, name: str, limit_s: float) -> ExportRecord | None:
        """Return the export; queue it if it is missing, stale, lost, or failed a while ago. None for an unknown job.

        `limit_s` is the time that making it may take.
        """
        unit = Unit(job_id, UnitKind.EXPORT, export=name)

        def change(transaction: Transaction) -> ExportRecord | None:
            job = transaction.read_job(job_id)
            known = transaction.read_export(job_id, name)
            is_lost = known is not None and not known.state.is_final and not _is_underway(transaction, unit, known)
            transaction.multi()
            if job is None:
                return None
            if known is not None and known.revision == job.revision and not is_lost and not _may_be_retried(known):
                return known
            fresh = ExportRecord(name, job.revision, limit_s, blob=known.blob if known else None)
            transaction.put_export(job_id, fresh)
            transaction.push(unit, job, priority=Priority.EXPORT, limit_s=limit_s)
            return fresh

        return self._transactions.run_on_job(change, job_id, is_new_work=True)

    def claim(self, job_id: str, name: str, attempt: Attempt) -> tuple[JobRecord, ExportRecord] | None:
        """Let an attempt hold an export. None when it has ended, does not exist, or is held by another attempt."""
        unit = Unit(job_id, UnitKind.EXPORT, export=name)

        def change(transaction: Transaction) -> tuple[JobRecord, ExportRecord] | None:
            job = transaction.read_job(job_id)
            export = transaction.read_export(job_id, name)
            transaction.multi()
            if job is not None and export is not None and export.attempt == attempt.id and not export.state.is_final:
                return job, export  # this attempt's own claim, whose answer was lost
            transaction.remove_pending(unit)
            if job is None or export is None or export.state is not PageState.QUEUED:
                return None
            export = export.moved(PageState.STARTED, attempt=attempt.id)
            transaction.put_export(job_id, export)
            transaction.hold(unit, attempt, job.owner, export.limit_s)
            return job, export

        return self._transactions.run_on_job(change, job_id)

    def commit(
        self,
        job_id: str,
        name: str,
        attempt_id: str,
        state: PageState,
        *,
        blob: str | None = None,
        media_type: str = "",
        error: ErrorInfo | None = None,
    ) -> str | None:
        """End an export, once, and return the blob that nothing refers to any more ("" for none).

        Returns None when the attempt no longer holds the export: then its own blob is the one to delete.
        """

        def change(transaction: Transaction) -> str | None:
            job = transaction.read_job(job_id)
            export = transaction.read_export(job_id, name)
            transaction.multi()
            transaction.end_lease(attempt_id)
            if job is None or export is None or export.attempt != attempt_id:
                return None
            if export.state.is_final:
                return ""  # this attempt's own commit, whose answer was lost
            ended = export.moved(state, ended_at=utc_now(), blob=blob, media_type=media_type, error=error)
            end_export(transaction, job, ended)
            return export.blob or ""

        return self._transactions.run_on_job(change, job_id)


def end_export(transaction: Transaction, job: JobRecord, export: ExportRecord) -> None:
    """Record an export that ended, inside a transaction."""
    transaction.put_export(job.job_id, export)
    if export.error is not None:
        metrics.count_failure(transaction.pipe, metrics.EXPORT, export.error.code)
    transaction.emit(job, event_type=EventType.EXPORT, export=export)


def _is_underway(transaction: Transaction, unit: Unit, export: ExportRecord) -> bool:
    """Return whether an export that has not ended waits in the queue or is being made."""
    held = export.attempt is not None and transaction.pipe.hexists(redis_keys.LEASES, export.attempt)
    return bool(held) or transaction.read_queued_unit(unit) is not None


def _may_be_retried(export: ExportRecord) -> bool:
    if export.state not in (PageState.FAILED, PageState.TIMEOUT) or export.ended_at is None:
        return False
    return (utc_now() - export.ended_at).total_seconds() > _RETRY_FAILED_AFTER_S
