"""What our RQ workers have in common: no thread, no work of the reaper, and no failure that is an outage's doing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from rq import Worker
from rq.exceptions import InvalidJobOperation, NoSuchJobError

from ocrdesk import __version__
from ocrdesk.backend.foreign_workers import OWN_FIELD
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_keys import rq_intermediate_queue
from ocrdesk.backend.storage.blob_store import StorageUnavailableError

if TYPE_CHECKING:
    from rq import Queue
    from rq.executions import Execution
    from rq.job import Job

    from ocrdesk_worker.waiting_redis import WaitingRedis

STOPPED_BY_OUTAGE = os.EX_TEMPFAIL
"""The exit code of a process that ended because of Redis or the storage."""

_WAIT_FOR_WORK_S = 10
"""How long a worker waits for work before it asks again."""
_ANSWER_WITHIN_S = 5
"""How much later the answer must be there. A server that is cut off closes no connection, so only time tells."""


class BaseWorker(Worker):
    """An RQ worker without threads, so that forking is safe."""

    max_connection_wait_time = 2.0
    connection: WaitingRedis

    @property
    def dequeue_timeout(self) -> int:
        """Seconds of one wait for work. RQ's 405 would also be how long a server that is cut off goes unnoticed.

        For as long, that server hands work to workers that are cut off.
        """
        return _WAIT_FOR_WORK_S

    @property
    def connection_timeout(self) -> int:
        """Seconds after which a worker connects again to a server that says nothing."""
        return _WAIT_FOR_WORK_S + _ANSWER_WITHIN_S

    def subscribe(self) -> None:
        """Open no command channel: it would need a thread, and jobs are cancelled through the ledger."""

    def unsubscribe(self) -> None:
        """Do nothing: see `subscribe`."""

    def _shutdown(self) -> None:
        """Stop at once if the worker waits, and otherwise after its task.

        RQ would also stop at once between the two, and leave what was just fetched to the reaper, as lost.
        """
        if self.connection.has_fetched:
            self._stop_requested = True
        else:
            super()._shutdown()  # type: ignore[no-untyped-call]  # RQ's methods have no types

    def prepare_execution(self, job: Job) -> Execution:
        execution = super().prepare_execution(job)
        self.connection.has_fetched = False  # RQ's state says from now on that the worker is busy
        return execution

    def hands_back(self, job: Job, queue: Queue) -> bool:
        """Put an entry back at the queue's front if the worker was told to stop since it fetched it."""
        if not self._stop_requested:
            return False
        with self.connection.pipeline() as pipe:
            pipe.lrem(rq_intermediate_queue(queue.name), 0, job.id)
            pipe.lpush(queue.key, job.id)
            pipe.execute()
        return True

    def run_maintenance_tasks(self) -> None:
        """Do nothing: the reaper cleans up, under a lock that RQ does not have."""
        from rq.utils import now

        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ sets it in a method without annotations

    def serialize(self) -> dict[str, Any]:
        return super().serialize() | {OWN_FIELD: __version__}

    def handle_job_failure(self, job: Job, *arguments: Any, **options: Any) -> None:
        """End a task process that an outage stopped: the task did not fail, and RQ's record may be gone.

        What the task was to do is given back or pushed again.
        """
        if self.is_horse and is_of_outage(sys.exc_info()[1]):
            os._exit(STOPPED_BY_OUTAGE)
        super().handle_job_failure(job, *arguments, **options)


def is_of_redis(error: BaseException | None) -> bool:
    """Return whether Redis is out of order, or lost RQ's record of the task or of its execution, as a rollback does."""
    if isinstance(error, ValueError) and str(error).startswith("Execution "):
        return True  # rq.executions has no exception of its own
    return isinstance(error, InvalidJobOperation | NoSuchJobError) or problem_of(error) is not None


def is_of_outage(error: BaseException | None) -> bool:
    """Return whether Redis or the storage is out of order."""
    return isinstance(error, StorageUnavailableError) or is_of_redis(error)
