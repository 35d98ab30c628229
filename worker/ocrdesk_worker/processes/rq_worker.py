"""The RQ worker process: forks a capped horse for each unit, and ends it from outside when it must.

RQ sees to the queue, the fork and its records. What is ours here: the horse's cage, the page limit
(RQ's own alarm cannot break into C code), cancelling, and the release of units that a horse left.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import time
from typing import TYPE_CHECKING, Any

from rq import Worker
from rq.exceptions import InvalidJobOperation

from ocrdesk.backend import logs
from ocrdesk.backend.records import Attempt, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_connection import RedisAway
from ocrdesk.backend.storage.blob_store import apply_upload_retention
from ocrdesk.backend.task_queue import open_queue
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker import errors, sandbox
from ocrdesk_worker.jobs import context

if TYPE_CHECKING:
    from redis import Redis
    from rq import Queue
    from rq.executions import Execution
    from rq.job import Job

_log = logging.getLogger(__name__)

_TICK_S = 0.2
"""How often a running horse's limit and its job's state are looked at."""


class RqWorker(Worker):
    """Works on the one queue, one horse at a time. Has no threads, so that forking is safe."""

    max_connection_wait_time = 2.0

    def __init__(self, connection: Redis, node: str, name: str, work: context.Context) -> None:
        super().__init__([open_queue(connection)], name=name, connection=connection, serializer="json")
        self._node = node
        self._work = work
        self._attempt: Attempt | None = None
        self._limit_s = 0.0
        self._deadline = 0.0
        self._stopped_for: ReleaseReason | JobState | PageState | None = None
        self._horse_status: int | None = None
        self._pidfd: int | None = None

    # ── what RQ does that is done elsewhere here ─────────────────────────────────────────────────

    def subscribe(self) -> None:
        """No command channel: cancelling goes by the ledger. It would need a thread."""

    def unsubscribe(self) -> None:
        """See `subscribe`."""

    def run_maintenance_tasks(self) -> None:
        """The reaper does what is needed, one at a time (RQ's own runs without a lock)."""
        from rq.utils import now

        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ sets it in a method without annotations

    # ── one unit ─────────────────────────────────────────────────────────────────────────────────

    def prepare_execution(self, job: Job) -> Execution:
        execution = super().prepare_execution(job)
        self._attempt = Attempt(id=execution.id, node=self._node, worker=self.name)
        self._limit_s = float((job.meta or {}).get("limit_s") or self._work.settings.ocr_timeout_per_page)
        self._stopped_for = None
        self._horse_status = None
        self._bind_lines(job)
        return execution

    def execute_job(self, job: Job, queue: Queue) -> None:
        super().execute_job(job, queue)
        is_known = self._settle(job.description or "")
        if self._stopped_for is not None or self._horse_status or not is_known:
            self._forget(job)  # the ledger knows all; RQ would keep its record for a while
        self._bind_lines(None)

    def _forget(self, job: Job) -> None:
        """Deletes RQ's record of a unit, also what was written to it after it had gone with a deleted job."""
        try:
            job.delete(remove_from_queue=False)
        except InvalidJobOperation:  # RQ misses the status in it
            self.connection.delete(job.key)

    def _bind_lines(self, job: Job | None) -> None:
        """Has this process's log lines, and those of the horse that it forks, name the unit at hand."""
        fields: dict[str, object] = {"node": self._node, "worker": self.name}
        if job is not None and job.description:
            unit = Unit.from_key(job.description)
            fields |= {"unit": unit.kind.value, "job_id": unit.job_id} | ({"page": unit.page} if unit.page else {})
            if request_id := (job.meta or {}).get("request_id"):
                fields["request_id"] = request_id
        logs.rebind(**fields)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ARG002
        """RQ's own line has the exception's message, and so may quote a document."""
        _log.error("the task failed", exc_info=exc_info)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        self._deadline = time.monotonic() + self._limit_s
        super().fork_work_horse(job, queue)
        if hasattr(os, "pidfd_open"):
            self._pidfd = os.pidfd_open(self.horse_pid)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The horse's first step: into the cage, before anything that a user sent is opened."""
        settings = self._work.settings
        sandbox.set_parent_death_signal(self.pid or 0)
        sandbox.limit_memory(settings.worker_memory_mb)
        sandbox.limit_processor(2 * self._limit_s + 30)
        logs.log_stream_alone()
        if self._attempt is None:
            os._exit(1)
        context.enter(self._work, self._attempt)
        super().main_work_horse(job, queue)

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Waits for the horse's end, and brings it about when its time is over or its job cancelled."""
        while True:
            try:
                pid, status, usage = os.wait4(self.horse_pid, os.WNOHANG)
            except ChildProcessError:
                return None, None, None
            if pid:
                self._horse_status = status
                if self._pidfd is not None:
                    os.close(self._pidfd)
                    self._pidfd = None
                return pid, status, usage
            self._stop_if_due()
            if self._pidfd is not None:
                select.select([self._pidfd], [], [], _TICK_S)
            else:
                time.sleep(0.02)

    def handle_work_horse_killed(self, job: Job, retpid: int, ret_val: int, rusage: Any) -> None:  # noqa: ARG002
        """The ledger delivers the unit again, in one transaction with its state; RQ need not."""
        job.retries_left = 0

    def _stop_if_due(self) -> None:
        if self._stopped_for is not None:
            return
        if time.monotonic() > self._deadline:
            self._stopped_for = PageState.TIMEOUT
        elif self._is_cancelled():
            self._stopped_for = JobState.CANCELLED
        if self._stopped_for is not None:
            self._kill_horse_group()

    def _is_cancelled(self) -> bool:
        unit = self._unit()
        if unit is None:
            return False
        try:
            state = self._work.ledger.jobs.state(unit.job_id)
        except RedisAway:
            return False
        return state is None or (state is JobState.CANCELLED and unit.kind is not UnitKind.EXPORT)

    def _unit(self) -> Unit | None:
        execution = self.execution
        return Unit.from_key(execution.job_id.rpartition("-")[0]) if execution else None

    def _kill_horse_group(self) -> None:
        """Kills the horse and the programs it started. A horse that has no group yet is killed alone."""
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(self.horse_pid) == self.horse_pid:
                os.killpg(self.horse_pid, signal.SIGKILL)
            else:
                os.kill(self.horse_pid, signal.SIGKILL)

    # ── after the horse ──────────────────────────────────────────────────────────────────────────

    def _settle(self, unit_key: str) -> bool:
        """Takes from a horse that ended what it still holds, and says what becomes of it.

        Answers whether the ledger knows its job still.
        """
        attempt, self._attempt = self._attempt, None
        if attempt is None or not unit_key:
            return True
        unit, left = Unit.from_key(unit_key), None
        ledger = self._work.ledger
        if self._stopped_for is PageState.TIMEOUT:
            self._time_out(attempt)
        elif self._stopped_for is JobState.CANCELLED:
            ledger.leases.release(attempt.id, ReleaseReason.HANDED_BACK, inflight_limit=1)
        else:
            ending = ReleaseReason.DIED if self._horse_status else ReleaseReason.LOST
            left = ledger.leases.release(attempt.id, ending, inflight_limit=self._work.window())
        if not ledger.jobs.exists(unit.job_id):  # deleted meanwhile: whatever the horse wrote since goes too
            self._work.blobs.purge(unit.job_id)
            return False
        if left:
            _log.warning("%s: the horse ended (%s) and left it", left.key, describe_status(self._horse_status))
        return True

    def _time_out(self, attempt: Attempt) -> None:
        ledger = self._work.ledger
        error: ErrorInfo
        unit = ledger.leases.lease_of(attempt.id)
        if unit is None:
            return
        _log.warning("%s: stopped after %g s", unit.key, self._limit_s)
        if unit.kind is UnitKind.PAGE:
            error = errors.page_timeout(self._limit_s).info
            ledger.pages.commit(
                unit.job_id, unit.page, attempt.id, PageState.TIMEOUT, inflight_limit=self._work.window(), error=error
            )
        elif unit.kind is UnitKind.PREPARE:
            apply_upload_retention(self._work.blobs, unit.job_id, self._work.settings)
            ledger.jobs.fail(unit.job_id, attempt.id, errors.file_timeout(self._limit_s).info)
        elif unit.kind is UnitKind.EXPORT:
            error = errors.export_timeout(self._limit_s).info
            ledger.exports.commit(unit.job_id, unit.export, attempt.id, PageState.TIMEOUT, error=error)
        else:
            ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=1)


def describe_status(status: int | None) -> str:
    """A wait status in words."""
    if status is None:
        return "unknown"
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.waitstatus_to_exitcode(status)}"
