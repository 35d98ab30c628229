"""The RQ queues, one of work on jobs and one of webhooks: how things get onto them, and what the worker calls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.client import Pipeline
from rq import Queue, Retry

from ocrdesk.backend.records import Unit, UnitKind

if TYPE_CHECKING:
    from rq.job import Job

QUEUE_NAME = "ocrdesk"
COURIER_QUEUE_NAME = "ocrdesk-webhooks"
SERIALIZER = "json"

TASK_NAMES = {
    UnitKind.PREPARE: "ocrdesk_worker.tasks.prepare",
    UnitKind.PAGE: "ocrdesk_worker.tasks.recognise",
    UnitKind.CLOSE: "ocrdesk_worker.tasks.close",
    UnitKind.EXPORT: "ocrdesk_worker.tasks.export",
}
COURIER_TASK_NAME = "ocrdesk_worker.courier.deliver"

# The page limit is enforced by the worker process from outside the horse. RQ's own alarm, which C code
# does not see, only stands behind it.
_RQ_TIMEOUT_MARGIN_S = 60
_FAILURE_TTL_S = 3600
# A batch is made up for when its leases run out, so RQ keeps its record no longer than it takes.
_COURIER_TIMEOUT_S = 30
_COURIER_TTL_S = 300
_COURIER_FAILURE_TTL_S = 60


def open_queue(connection: Redis) -> Queue:
    """The queue over a connection that answers bytes (RQ's own rule)."""
    return Queue(QUEUE_NAME, connection=connection, serializer=SERIALIZER)


def open_courier_queue(connection: Redis) -> Queue:
    """The webhooks' queue, likewise: on its own, so that a slow receiver never holds up recognition."""
    return Queue(COURIER_QUEUE_NAME, connection=connection, serializer=SERIALIZER)


class TaskQueue:
    """Pushes units onto the RQ queue inside a transaction of the caller."""

    def __init__(self, connection: Redis) -> None:
        self._queue = open_queue(connection)
        self.key = self._queue.key
        self.intermediate_key = self._queue.intermediate_queue_key

    def warm(self) -> None:
        """Asks the server's version now, because RQ would ask in the middle of a transaction."""
        self._queue.get_redis_server_version()

    def push(
        self, pipe: Pipeline, unit: Unit, limit_s: float, *, at_front: bool = False, request_id: str | None = None
    ) -> str:
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
            meta={"limit_s": limit_s} | ({"request_id": request_id} if request_id else {}),
        )
        self._queue.enqueue_job(job, pipeline=pipe, at_front=at_front)
        return rq_id

    def withdraw(self, pipe: Pipeline, rq_ids: Iterable[str]) -> None:
        """Takes pushes back that no worker has taken yet, with RQ's records of them."""
        for rq_id in rq_ids:
            pipe.lrem(self.key, 0, rq_id)
            pipe.delete(f"rq:job:{rq_id}")


class WebhookQueue:
    """Pushes batches of deliveries for the couriers."""

    def __init__(self, connection: Redis) -> None:
        self._connection: Any = connection
        self._queue = open_courier_queue(connection)

    def warm(self) -> None:
        """See TaskQueue.warm."""
        self._queue.get_redis_server_version()

    def length(self) -> int:
        """Batches that wait."""
        return int(self._connection.llen(self._queue.key))

    def push(self, pipe: Pipeline, leases: Sequence[tuple[str, int]]) -> None:
        """Queues the push of (job id, lease) on `pipe`, to happen with its transaction."""
        job: Job = self._queue.create_job(
            COURIER_TASK_NAME,
            args=(list(leases),),
            timeout=_COURIER_TIMEOUT_S,
            ttl=_COURIER_TTL_S,
            result_ttl=0,
            failure_ttl=_COURIER_FAILURE_TTL_S,
            description="webhooks",
        )
        self._queue.enqueue_job(job, pipeline=pipe)

    def tidy(self) -> None:
        """Drops batches that a killed courier had taken and not begun, and whose records have expired."""
        key = self._queue.intermediate_queue_key
        for rq_id in self._connection.lrange(key, 0, -1):
            if not self._connection.exists(b"rq:job:" + rq_id):
                self._connection.lrem(key, 0, rq_id)
