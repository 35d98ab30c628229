"""The RQ worker: forks one limited process per task and enforces time limits.

RQ handles the queue, the fork and its own records; it calls the task process a work horse. Added here: the sandbox,
the page limit (RQ's alarm cannot interrupt C code), cancelling, and the release of units that a process left behind.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from rq import Worker
from rq.exceptions import InvalidJobOperation

from ocrdesk import __version__
from ocrdesk.backend import logs, traces
from ocrdesk.backend.foreign_workers import OWN_FIELD
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.records import Attempt, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.storage.blob_store import apply_upload_retention
from ocrdesk.backend.task_queue import SERIALIZER, open_image_queue, open_queue
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker import errors, sandbox
from ocrdesk_worker.jobs import context
from ocrdesk_worker.processes.time_limit import TimeLimit
from ocrdesk_worker.waiting_redis import wait_for_redis

if TYPE_CHECKING:
    from redis import Redis
    from rq import Queue
    from rq.executions import Execution
    from rq.job import Job

_log = logging.getLogger(__name__)

_TICK_S = 0.2
"""How often the time limit and the job's state are checked while a task runs."""


class UnitWorker(Worker):
    """Takes units from the job queue, one at a time. Has no threads, so that forking is safe."""

    max_connection_wait_time = 2.0

    def __init__(
        self, connection: Redis, node: str, name: str, work: context.Context, *, only_images: bool = False
    ) -> None:
        """`only_images`: take page images only, from their own queue."""
        queue = (open_image_queue if only_images else open_queue)(connection, work.settings.queue_name)
        super().__init__([queue], name=name, connection=connection, serializer=SERIALIZER)
        self._node = node
        self._work = work
        self._attempt: Attempt | None = None
        self._limit_s = 0.0
        self._time_limit: TimeLimit | None = None
        self._stopped_for: ReleaseReason | JobState | PageState | None = None
        self._task_status: int | None = None
        self._pidfd: int | None = None

    # ── what RQ would do, and what is done elsewhere here ────────────────────────────────────────

    def subscribe(self) -> None:
        """Open no command channel: it would need a thread, and jobs are cancelled through the ledger."""

    def unsubscribe(self) -> None:
        """Do nothing: see `subscribe`."""

    def run_maintenance_tasks(self) -> None:
        """Do nothing: the reaper cleans up, under a lock that RQ does not have."""
        from rq.utils import now

        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ sets it in a method without annotations

    def serialize(self) -> dict[str, Any]:
        return super().serialize() | {OWN_FIELD: __version__}

    # ── one unit ─────────────────────────────────────────────────────────────────────────────────

    def prepare_execution(self, job: Job) -> Execution:
        execution = super().prepare_execution(job)
        self._attempt = Attempt(id=execution.id, node=self._node, worker=self.name)
        self._limit_s = float((job.meta or {}).get("limit_s") or self._work.settings.ocr_timeout_per_page)
        self._stopped_for = None
        self._task_status = None
        self._bind_lines(job)
        return execution

    def execute_job(self, job: Job, queue: Queue) -> None:
        began = time.monotonic()
        super().execute_job(job, queue)
        _count_time(self._work, job, time.monotonic() - began)
        is_known = self._release_what_is_left(job.description or "")
        if self._stopped_for is not None or self._task_status or not is_known:
            self._forget(job)  # the ledger knows it all; RQ would keep its own record for a while
        self._bind_lines(None)
        traces.flush()

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run the task, in the task process; then send its spans."""
        is_done = super().perform_job(job, queue, execution)
        traces.flush()
        return is_done

    def _forget(self, job: Job) -> None:
        """Delete RQ's record of a unit, and what was written to it after the job was deleted."""
        try:
            job.delete(remove_from_queue=False)
        except InvalidJobOperation:  # the record has no status
            self.connection.delete(job.key)

    def _bind_lines(self, job: Job | None) -> None:
        """Add the unit to the log lines of this process and of the task process that it forks."""
        fields: dict[str, object] = {"node": self._node, "worker": self.name}
        if job is not None and job.description:
            unit = Unit.from_key(job.description)
            fields |= {"unit": unit.kind.value, "job_id": unit.job_id} | ({"page": unit.page} if unit.page else {})
            if request_id := (job.meta or {}).get("request_id"):
                fields["request_id"] = request_id
        logs.rebind(**fields)

    def handle_job_failure(self, job: Job, *arguments: Any, **options: Any) -> None:
        """End a task process that a Redis outage stopped, so that its worker hands the unit back: it did not fail."""
        if self.is_horse and problem_of(sys.exc_info()[1]) is not None:
            os._exit(os.EX_TEMPFAIL)
        super().handle_job_failure(job, *arguments, **options)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ARG002
        """Log the error without its message, which RQ would log although it may quote a document.

        The pool logs a Redis outage.
        """
        if problem_of(exc_info[1]) is not None:
            return
        _log.error("the task failed", exc_info=exc_info)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        super().fork_work_horse(job, queue)
        self._time_limit = TimeLimit(self.horse_pid, self._limit_s)
        if hasattr(os, "pidfd_open"):
            self._pidfd = os.pidfd_open(self.horse_pid)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run the task in the forked process: first limit it, before it opens anything that a user sent."""
        settings = self._work.settings
        sandbox.set_parent_death_signal(self.pid or 0)
        sandbox.limit_memory(settings.worker_memory_mb)
        sandbox.limit_cpu(2 * self._limit_s + 30)
        logs.log_stream_alone()
        if self._attempt is None:
            os._exit(1)
        context.enter(self._work, self._attempt)
        super().main_work_horse(job, queue)

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait until the task process ends. Stop it when its time is up or its job is cancelled."""
        while True:
            try:
                pid, status, usage = os.wait4(self.horse_pid, os.WNOHANG)
            except ChildProcessError:
                return None, None, None
            if pid:
                self._task_status = status
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
        """Let RQ not retry: the ledger queues the unit again, in one transaction with its state."""
        job.retries_left = 0

    def _stop_if_due(self) -> None:
        if self._stopped_for is not None:
            return
        if self._time_limit is not None and self._time_limit.is_over():
            self._stopped_for = PageState.TIMEOUT
        elif self._is_cancelled():
            self._stopped_for = JobState.CANCELLED
        if self._stopped_for is not None:
            self._kill_task_process()

    def _is_cancelled(self) -> bool:
        unit = self._unit()
        if unit is None:
            return False
        try:
            state = self._work.ledger.jobs.state(unit.job_id)
        except RedisFailure as error:
            if problem_of(error) is None:
                raise
            return False
        return state is None or (state is JobState.CANCELLED and unit.kind is not UnitKind.EXPORT)

    def _unit(self) -> Unit | None:
        execution = self.execution
        return Unit.from_key(execution.job_id.rpartition("-")[0]) if execution else None

    def _kill_task_process(self) -> None:
        """Kill the task process and the programs it started; without a group of its own yet, the process alone."""
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(self.horse_pid) == self.horse_pid:
                os.killpg(self.horse_pid, signal.SIGKILL)
            else:
                os.kill(self.horse_pid, signal.SIGKILL)

    # ── after the task ───────────────────────────────────────────────────────────────────────────

    def _release_what_is_left(self, unit_key: str) -> bool:
        """Release the unit that the ended process still holds; return whether the ledger still knows the job."""
        attempt, self._attempt = self._attempt, None
        if attempt is None or not unit_key:
            return True
        return wait_for_redis(lambda: self._release(attempt, Unit.from_key(unit_key)))

    def _release(self, attempt: Attempt, unit: Unit) -> bool:
        """Do so, once. May be repeated. Raises RedisFailure."""
        left = None
        ledger = self._work.ledger
        if self._stopped_for is PageState.TIMEOUT:
            self._time_out(attempt)
        elif self._stopped_for is JobState.CANCELLED:
            ledger.leases.release(attempt.id, ReleaseReason.HANDED_BACK, inflight_limit=1)
        else:
            left = ledger.leases.release(
                attempt.id, _reason_of(self._task_status), inflight_limit=self._work.inflight_limit()
            )
        if not ledger.jobs.exists(unit.job_id):  # the job was deleted: delete what the process wrote since
            self._work.blobs.purge(unit.job_id)
            return False
        if left:
            _log.warning("%s: the task process ended (%s) and left it", left.key, describe_status(self._task_status))
        return True

    def _time_out(self, attempt: Attempt) -> None:
        ledger = self._work.ledger
        unit = ledger.leases.lease_of(attempt.id)
        if unit is None:
            return
        error = self._timeout_error(unit)
        if unit.kind is UnitKind.PAGE:
            ledger.pages.commit(
                unit.job_id,
                unit.page,
                attempt.id,
                PageState.TIMEOUT,
                inflight_limit=self._work.inflight_limit(),
                error=error,
            )
        elif unit.kind is UnitKind.PREPARE:
            apply_upload_retention(self._work.blobs, unit.job_id, self._work.settings)
            ledger.jobs.fail(unit.job_id, attempt.id, error)
        elif unit.kind is UnitKind.EXPORT:
            ledger.exports.commit(unit.job_id, unit.export, attempt.id, PageState.TIMEOUT, error=error)
        else:
            ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=1)

    def _timeout_error(self, unit: Unit) -> ErrorInfo:
        """Return and log why the task was stopped: it needed too much processor time, or it was stuck."""
        limit = self._time_limit
        if limit is not None and limit.is_stuck:
            _log.warning("%s: stopped because it did not end within %g s", unit.key, limit.wall_s)
            code = ErrorCode.EXPORT_FAILED if unit.kind is UnitKind.EXPORT else ErrorCode.TIMEOUT
            return errors.unit_stuck(limit.wall_s, code).info
        _log.warning("%s: stopped after %g s of processor time", unit.key, self._limit_s)
        if unit.kind is UnitKind.PAGE:
            return errors.page_timeout(self._limit_s).info
        if unit.kind is UnitKind.EXPORT:
            return errors.export_timeout(self._limit_s).info
        return errors.file_timeout(self._limit_s).info


def _count_time(work: context.Context, job: Job, seconds: float) -> None:
    """Add the time for which a worker was busy to its owner's; an older api does not name the owner."""
    if owner := (job.meta or {}).get("owner"):
        with contextlib.suppress(RedisFailure):  # it only decides who waits
            work.ledger.work_time.add(owner, seconds)


def _reason_of(status: int | None) -> ReleaseReason:
    """Return why an ended task process left its unit, by its wait status."""
    if status and os.WIFEXITED(status) and os.WEXITSTATUS(status) == os.EX_TEMPFAIL:
        return ReleaseReason.HANDED_BACK  # Redis was away
    return ReleaseReason.DIED if status else ReleaseReason.LOST


def describe_status(status: int | None) -> str:
    """Return a wait status as text."""
    if status is None:
        return "unknown"
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.waitstatus_to_exitcode(status)}"
