"""What follows from the end of a task process: its unit is released, given up, or ends with a time-out."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

from rq.exceptions import StopRequested

from ocrdesk.backend.records import Attempt, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.storage import sealed_password
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker import errors
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.processes.time_limit import TimeLimit
from ocrdesk_worker.rq_base import STOPPED_BY_OUTAGE
from ocrdesk_worker.waiting_redis import wait_for_redis

_log = logging.getLogger(__name__)

RAISED = os.EX_SOFTWARE
"""The exit code of a process whose task raised an exception that Redis did not cause."""

StopReason = ReleaseReason | JobState | PageState
"""Why the worker stopped a task process: it was lost, its job was cancelled, or its time was up."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a task process ended."""

    attempt: Attempt
    rq_id: str
    """The delivery that it was started for."""
    status: int | None
    """Its wait status."""
    stopped_for: StopReason | None
    limit_s: float
    """The processor time that it might use."""
    limit: TimeLimit | None

    @property
    def reason(self) -> ReleaseReason:
        """Why its unit is given back."""
        if isinstance(self.stopped_for, ReleaseReason):
            return self.stopped_for
        if self.stopped_for is JobState.CANCELLED:
            return ReleaseReason.HANDED_BACK
        return reason_of(self.status) if self.status else ReleaseReason.LOST


def reason_of(status: int) -> ReleaseReason:
    """Return why a unit is given back that a process left which ended with this wait status."""
    return ReleaseReason.HANDED_BACK if stopped_by_outage(status) else ReleaseReason.DIED


def stopped_by_outage(status: int | None) -> bool:
    """Return whether a process with this wait status ended because of Redis or the storage."""
    return status is not None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == STOPPED_BY_OUTAGE


def release_what_is_left(work: Context, unit: Unit, ending: Ending) -> bool:
    """Release the unit that an ended process still holds; return whether the ledger still knows the job.

    Raises StopRequested if the worker is told to stop meanwhile, when the unit has been released.
    """
    try:
        left = wait_for_redis(lambda: _give_back(work, unit, ending))
    except StopRequested:
        wait_for_redis(lambda: _give_back(work, unit, ending))
        raise
    except Exception:  # of this job's records; the worker goes on with others, and the reaper looks at this one
        _log.exception("%s: what the task process left could not be given back", unit.key)
        return False
    if wait_for_redis(lambda: _is_gone(work, unit.job_id)):
        return False
    if left and ending.stopped_for is not JobState.CANCELLED:
        _log.warning("%s: the task process ended (%s) and left it", left.key, describe_status(ending.status))
    return True


def _is_gone(work: Context, job_id: str) -> bool:
    """Return whether the ledger knows the job no more, and have what the process wrote since removed.

    Not at once: while Redis is for a moment one that lags behind, the job may come back and need its files.
    """
    is_gone = not work.ledger.jobs.exists(job_id)
    if is_gone:
        work.ledger.cleanup.remove_job_later(job_id)
    return is_gone


def _give_back(work: Context, unit: Unit, ending: Ending) -> Unit | None:
    """Release what the attempt holds, or count its end before a claim; return the unit that it left."""
    leases = work.ledger.leases
    is_over = ending.stopped_for is PageState.TIMEOUT
    had_less_time = is_over and _is_later_page(work, unit, ending)
    if is_over and not had_less_time and _time_out(work, ending):
        return None
    reason = ReleaseReason.HANDED_BACK if had_less_time else ending.reason
    if left := leases.release(ending.attempt.id, reason, inflight_limit=work.inflight_limit()):
        return left
    if ending.status and leases.give_back_unclaimed(
        unit, ending.rq_id, ending.reason, inflight_limit=work.inflight_limit()
    ):
        return unit
    return None


def _is_later_page(work: Context, unit: Unit, ending: Ending) -> bool:
    """Return whether the ended process holds a page that it read after others, which had a part of its time."""
    held = work.ledger.leases.lease_of(ending.attempt.id)
    if held is None or held.kind is not UnitKind.PAGE or held == unit:
        return False
    job = work.ledger.jobs.get(held.job_id)
    return job is not None and (unit.kind is not UnitKind.PREPARE or held.page not in job.page_numbers[:1])


def _time_out(work: Context, ending: Ending) -> bool:
    """End the unit of a process that used its time; False if it held none, or has the closing of a job."""
    ledger, attempt_id = work.ledger, ending.attempt.id
    unit = ledger.leases.lease_of(attempt_id)
    if unit is None or unit.kind is UnitKind.CLOSE:
        return False
    error = _timeout_error(unit, ending)
    if unit.kind is UnitKind.PAGE:
        limit = work.inflight_limit()
        ledger.pages.commit(unit.job_id, unit.page, attempt_id, PageState.TIMEOUT, inflight_limit=limit, error=error)
    elif unit.kind is UnitKind.PREPARE:
        sealed_password.forget(work.blobs, unit.job_id)  # first: a retry that follows the end brings a new one
        ledger.jobs.fail(unit.job_id, attempt_id, error)
        ledger.cleanup.apply_retention(work.blobs, unit.job_id, work.settings)
    else:
        ledger.exports.commit(unit.job_id, unit.export, attempt_id, PageState.TIMEOUT, error=error)
    return True


def _timeout_error(unit: Unit, ending: Ending) -> ErrorInfo:
    """Return and log why the task was stopped: it needed too much processor time, or it was stuck."""
    if ending.limit is not None and ending.limit.is_stuck:
        wall_s = ending.limit.wall_s
        _log.warning("%s: stopped because it did not end within %g s", unit.key, wall_s)
        code = ErrorCode.EXPORT_FAILED if unit.kind is UnitKind.EXPORT else ErrorCode.TIMEOUT
        return errors.unit_stuck(wall_s, code).info
    _log.warning("%s: stopped after %g s of processor time", unit.key, ending.limit_s)
    if unit.kind is UnitKind.PAGE:
        return errors.page_timeout(ending.limit_s).info
    if unit.kind is UnitKind.EXPORT:
        return errors.export_timeout(ending.limit_s).info
    return errors.file_timeout(ending.limit_s).info


def describe_status(status: int | None) -> str:
    """Return a wait status as text."""
    if status is None:
        return "unknown"
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.waitstatus_to_exitcode(status)}"
