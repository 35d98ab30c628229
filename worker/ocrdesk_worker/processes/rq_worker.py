"""The RQ worker: forks one limited process per task and enforces time limits.

RQ handles the queue, the fork and its own records; it calls the task process a work horse. Added here: the sandbox,
the page limit (RQ's alarm cannot interrupt C code), cancelling, the renewal of the lease while the process runs, and
the release of units that a process left behind.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
import select
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rq.exceptions import InvalidJobOperation

from ocrdesk.backend import logs
from ocrdesk.backend.ledger.clock import RENEW_EVERY_S
from ocrdesk.backend.records import Attempt, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.task_queue import SERIALIZER, open_image_queue, open_queue, wall_limit_s
from ocrdesk.backend.tracing import traces
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.opened_file import largest_scratch
from ocrdesk_worker.processes.scratch import task_folder, use_for_temporary_files
from ocrdesk_worker.processes.scratch_limit import ScratchLimit
from ocrdesk_worker.processes.time_limit import TimeLimit
from ocrdesk_worker.processes.unit_ending import (
    RAISED,
    Ending,
    StopReason,
    release_what_is_left,
    stopped_by_outage,
)
from ocrdesk_worker.queue_entries import UnitEntry
from ocrdesk_worker.rq_base import BaseWorker, is_of_outage
from ocrdesk_worker.sandbox import process_limits

if TYPE_CHECKING:
    from redis import Redis
    from rq import Queue
    from rq.executions import Execution
    from rq.job import Job

_log = logging.getLogger(__name__)

_PAUSE_IN_OUTAGE_S = 0.5
_TICK_S = 0.2
"""How often the time limit and the job's state are checked while a task runs."""

_RECORD_MARGIN_S = 3600


class _NoAlarm:
    """Stands for RQ's alarm in a task process: its clock goes on while the machine stands still. See `TimeLimit`."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


class UnitWorker(BaseWorker):
    """Takes units from the job queue, one at a time."""

    def __init__(
        self, connection: Redis, node: str, name: str, work: context.Context, *, only_images: bool = False
    ) -> None:
        """`only_images`: take page images only, from their own queue."""
        queue = (open_image_queue if only_images else open_queue)(connection, work.settings.queue_name)
        super().__init__([queue], name=name, connection=connection, serializer=SERIALIZER, job_class=UnitEntry)
        self._node = node
        self._stop_mark = mmap.mmap(-1, 1)
        """A byte that this process shares with its task processes: not 0 once the worker was told to stop."""
        self._work = replace(work, is_stopping=lambda: self._stop_mark[0] != 0)
        self._attempt: Attempt | None = None
        self._rq_id = ""
        self._unit: Unit | None = None
        self._limit_s = 0.0
        self._renewal_due = 0.0
        self._time_limit: TimeLimit | None = None
        self._scratch_limit: ScratchLimit | None = None
        self._stopped_for: StopReason | None = None
        self._task_status: int | None = None
        self._pidfd: int | None = None
        self._task_folder = Path()
        """The folder for temporary files of the running task."""

    # ── one unit ─────────────────────────────────────────────────────────────────────────────────

    def prepare_execution(self, job: Job) -> Execution:
        execution = super().prepare_execution(job)
        self._attempt = Attempt(id=execution.id, node=self._node, worker=self.name)
        self._rq_id = job.id
        self._unit = Unit.from_key(job.description) if job.description else None
        self._limit_s = float((job.meta or {}).get("limit_s") or self._work.settings.ocr_timeout_per_page)
        self._stopped_for = None
        self._task_status = None
        self._let_record_expire(job)
        self._bind_lines(job)
        return execution

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """Note in the task process that the task begins. RQ makes its record permanent here: let it expire again."""
        super().prepare_job_execution(job, remove_from_intermediate_queue)
        self._let_record_expire(job)

    def _let_record_expire(self, job: Job) -> None:
        """Give RQ's record a lifetime, because nobody deletes it if this worker is killed."""
        self.connection.expire(job.key, round(wall_limit_s(self._limit_s)) + _RECORD_MARGIN_S)

    def execute_job(self, job: Job, queue: Queue) -> None:
        if self.hands_back(job, queue):
            return
        began = time.monotonic()
        with task_folder(self._work.scratch) as self._task_folder:
            super().execute_job(job, queue)
        _count_time(self._work, job, time.monotonic() - began)
        is_known = self._end_unit()
        if self._stopped_for is not None or self._task_status or not is_known:
            self._forget(job)  # the ledger knows it all; RQ would keep its own record for a while
        if stopped_by_outage(self._task_status):
            time.sleep(_PAUSE_IN_OUTAGE_S)  # the unit is in the queue again, and may be the next one
        self._bind_lines(None)
        traces.flush()

    def _end_unit(self) -> bool:
        """Release the unit that the ended process still holds; return whether the ledger still knows the job."""
        attempt, self._attempt = self._attempt, None
        unit, self._unit = self._unit, None
        if attempt is None or unit is None:
            return True
        ending = Ending(attempt, self._rq_id, self._task_status, self._stopped_for, self._limit_s, self._time_limit)
        return release_what_is_left(self._work, unit, ending)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run the task, in the task process; then send its spans. A task that raises an exception ends the process."""
        job.retries_left = 0  # the worker gives its unit back, which counts
        is_done = super().perform_job(job, queue, execution)
        traces.flush()
        if not is_done:
            os._exit(RAISED)
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

    def handle_warm_shutdown_request(self) -> None:
        """Let the task process take no further page, too."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]  # it has no types
        self._stop_mark[0] = 1

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ARG002
        """Log the error without its message, which RQ would log although it may quote a document.

        The pool logs an outage.
        """
        if is_of_outage(exc_info[1]):
            return
        _log.error("the task failed", exc_info=exc_info)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        super().fork_work_horse(job, queue)
        self._time_limit = TimeLimit(self.horse_pid, self._limit_s)
        self._scratch_limit = ScratchLimit(self._task_folder, self.horse_pid, self._largest_scratch)
        if hasattr(os, "pidfd_open"):
            self._pidfd = os.pidfd_open(self.horse_pid)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run the task in the forked process: first limit it, before it opens anything that a user sent."""
        settings = self._work.settings
        process_limits.set_parent_death_signal(self.pid or 0)
        process_limits.limit_memory(settings.worker_memory_mb)
        process_limits.limit_cpu(2 * self._limit_s + 30)
        logs.log_stream_alone()
        if self._attempt is None:
            os._exit(1)
        use_for_temporary_files(self._task_folder)
        context.enter(self._work, self._attempt, self._task_folder)
        self.death_penalty_class = _NoAlarm  # type: ignore[assignment]  # it has RQ's methods
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
                with contextlib.suppress(ProcessLookupError, PermissionError):  # what it started
                    os.killpg(self.horse_pid, signal.SIGKILL)
                if self._pidfd is not None:
                    os.close(self._pidfd)
                    self._pidfd = None
                return pid, status, usage
            self._renew_if_due()
            self._stop_if_due()
            if self._pidfd is not None:
                select.select([self._pidfd], [], [], _TICK_S)
            else:
                time.sleep(0.02)

    def handle_work_horse_killed(self, job: Job, retpid: int, ret_val: int, rusage: Any) -> None:  # noqa: ARG002
        """Let RQ not retry: the ledger queues the unit again, in one transaction with its state."""
        job.retries_left = 0

    def _renew_if_due(self) -> None:
        """Renew the lease of what the task process holds, so that nobody else gets it."""
        now = time.monotonic()
        if self._attempt is None or now < self._renewal_due:
            return
        self._renewal_due = now + RENEW_EVERY_S
        with contextlib.suppress(RedisFailure):
            self._work.ledger.leases.renew(self._attempt.id)

    def _stop_if_due(self) -> None:
        if self._stopped_for is not None:
            return
        limit = self._time_limit
        if limit is not None and limit.is_over():
            self._stopped_for = ReleaseReason.LOST if limit.is_stopped else PageState.TIMEOUT
        elif self._is_cancelled():
            self._stopped_for = JobState.CANCELLED
        elif self._scratch_limit is not None and self._scratch_limit.is_over():
            _log.error("the task process was stopped because it wrote too many temporary files")
            self._stopped_for = ReleaseReason.DIED
        if self._stopped_for is not None:
            self._kill_task_process()

    def _is_cancelled(self) -> bool:
        unit = self._unit
        if unit is None:
            return False
        try:
            state = self._work.ledger.jobs.state(unit.job_id)
        except RedisFailure:
            return False
        return state is None or (state is JobState.CANCELLED and unit.kind is not UnitKind.EXPORT)

    def _largest_scratch(self) -> int | None:
        """Return how many bytes the task's temporary files may have; None if nobody knows."""
        unit = self._unit
        with contextlib.suppress(RedisFailure):
            job = self._work.ledger.jobs.get(unit.job_id) if unit else None
            return largest_scratch(job) if job else None
        return None

    def _kill_task_process(self) -> None:
        """Kill the task process and the programs it started; without a group of its own yet, the process alone."""
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(self.horse_pid) == self.horse_pid:
                os.killpg(self.horse_pid, signal.SIGKILL)
            else:
                os.kill(self.horse_pid, signal.SIGKILL)


def _count_time(work: context.Context, job: Job, seconds: float) -> None:
    """Add the time for which a worker was busy to its owner's; an older api does not name the owner."""
    owner = (job.meta or {}).get("owner")
    if isinstance(owner, str) and owner:
        with contextlib.suppress(RedisFailure):  # it only decides who waits
            work.ledger.work_time.add(owner, seconds)
