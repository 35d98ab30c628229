"""The one RQ queue: how units of work get onto it, and under which names the worker finds them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from redis import Redis
from redis.client import Pipeline
from rq import Queue, Retry

from ocrdesk.backend.records import Unit, UnitKind

if TYPE_CHECKING:
    from rq.job import Job

QUEUE_NAME = "ocrdesk"
SERIALIZER = "json"

TASK_NAMES = {
    UnitKind.PREPARE: "ocrdesk_worker.tasks.prepare",
    UnitKind.PAGE: "ocrdesk_worker.tasks.recognise",
    UnitKind.CLOSE: "ocrdesk_worker.tasks.close",
    UnitKind.EXPORT: "ocrdesk_worker.tasks.export",
}

# The page limit is enforced by the worker process from outside the horse. RQ's own alarm, which C code
# does not see, only stands behind it.
_RQ_TIMEOUT_MARGIN_S = 60
_FAILURE_TTL_S = 3600


def open_queue(connection: Redis) -> Queue:
    """The queue over a connection that answers bytes (RQ's own rule)."""
    return Queue(QUEUE_NAME, connection=connection, serializer=SERIALIZER)


class TaskQueue:
    """Pushes units onto the RQ queue inside a transaction of the caller."""

    def __init__(self, connection: Redis) -> None:
        self._queue = open_queue(connection)
        self.key = self._queue.key
        self.intermediate_key = self._queue.intermediate_queue_key

    def warm(self) -> None:
        """Asks the server's version now, because RQ would ask in the middle of a transaction."""
        self._queue.get_redis_server_version()

    def push(self, pipe: Pipeline, unit: Unit, limit_s: float, *, at_front: bool = False) -> str:
        """Queues the push on `pipe`, to happen with its transaction; answers the RQ job's id.

        Each push has an id of its own, so that a second delivery of a unit never shares RQ's records
        with the first.
        """
        rq_id = f"{unit.key}-{os.urandom(4).hex()}"
        args: tuple[str | int, ...] = (unit.job_id,)
        if unit.kind is UnitKind.PAGE:
            args = (unit.job_id, unit.page)
        elif unit.kind is UnitKind.EXPORT:
            args = (unit.job_id, unit.export)
        job: Job = self._queue.create_job(
            TASK_NAMES[unit.kind],
            args=args,
            timeout=round(limit_s) + _RQ_TIMEOUT_MARGIN_S,
            result_ttl=0,
            failure_ttl=_FAILURE_TTL_S,
            job_id=rq_id,
            retry=Retry(max=3, interval=0),
            description=unit.key,
            meta={"limit_s": limit_s},
        )
        self._queue.enqueue_job(job, pipeline=pipe, at_front=at_front)
        return rq_id

    def withdraw(self, pipe: Pipeline, rq_ids: Iterable[str]) -> None:
        """Takes pushes back that no worker has taken yet, with RQ's records of them."""
        for rq_id in rq_ids:
            pipe.lrem(self.key, 0, rq_id)
            pipe.delete(f"rq:job:{rq_id}")
