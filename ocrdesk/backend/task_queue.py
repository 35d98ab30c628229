"""The RQ queues, and the task names pushed to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.client import Pipeline
from rq import Queue

from ocrdesk.backend.records import Unit, UnitKind
from ocrdesk.backend.redis_keys import rq_intermediate_queue, rq_job

if TYPE_CHECKING:
    from rq.job import Job

SERIALIZER = "json"

TASK_NAMES = {
    UnitKind.PREPARE: "ocrdesk_worker.tasks.prepare",
    UnitKind.PAGE: "ocrdesk_worker.tasks.recognise",
    UnitKind.CLOSE: "ocrdesk_worker.tasks.close",
    UnitKind.EXPORT: "ocrdesk_worker.tasks.export",
}
WEBHOOK_TASK_NAME = "ocrdesk_worker.courier.deliver"
"""The old name, because workers of the previous release take these batches too during a rolling upgrade."""

_NO_TIMEOUT = -1
"""The worker enforces the limits from outside the task process. RQ's own would count while machines stand still."""
_WAITING = 60.0
"""How many times its processor time a unit may take: processes that share a core all make progress, but slowly."""
_FAILURE_TTL_S = 3600
_IMAGE_TTL_S = 300
_IMAGE_RECORD_TTL_S = 3600
"""A pool without an image worker leaves its queue alone, so that what is pushed there must expire."""
# A lost batch is pushed again when its leases run out, so RQ need not keep its record for longer than it takes.
_WEBHOOK_TIMEOUT_S = 30
_WEBHOOK_TTL_S = 300
_WEBHOOK_FAILURE_TTL_S = 60


def webhook_queue_name(name: str) -> str:
    """Return the name of the queue of webhooks beside the queue of this name."""
    return f"{name}-webhooks"


def image_queue_name(name: str) -> str:
    """Return the name of the queue of page images beside the queue of this name."""
    return f"{name}-images"


def open_queue(connection: Redis, name: str) -> Queue:
    """Return the queue of work on jobs, QUEUE_NAME. RQ needs a connection that answers bytes."""
    return Queue(name, connection=connection, serializer=SERIALIZER)


def open_image_queue(connection: Redis, name: str) -> Queue:
    """Return the queue of page images beside QUEUE_NAME: somebody waits for them, and recognition takes long."""
    return Queue(image_queue_name(name), connection=connection, serializer=SERIALIZER)


def open_webhook_queue(connection: Redis, name: str) -> Queue:
    """Return the queue of webhooks beside QUEUE_NAME: a slow receiver must not delay recognition."""
    return Queue(webhook_queue_name(name), connection=connection, serializer=SERIALIZER)


def wall_limit_s(limit_s: float) -> float:
    """Return the seconds after which a unit is stopped that may need `limit_s` of processor time: it must be stuck."""
    return _WAITING * limit_s


class _RecordsOnly(Queue):
    """Writes RQ's record of a task; the ledger decides when its id comes into the queue."""

    def push_job_id(self, job_id: str, pipeline: Pipeline | None = None, at_front: bool = False) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class SavedUnit:
    """A unit of which RQ has a record: the ids to push to the queue, and to the queue of images ("" for none)."""

    rq_id: str
    image_rq_id: str = ""


class TaskQueue:
    """Writes RQ's records of units within the caller's transaction. `ledger/shares.py` pushes their ids."""

    def __init__(self, connection: Redis, name: str) -> None:
        self._queue = _RecordsOnly(name, connection=connection, serializer=SERIALIZER)
        self._images = _RecordsOnly(image_queue_name(name), connection=connection, serializer=SERIALIZER)
        self.key, self.image_key = self._queue.key, self._images.key
        self.names = (name, image_queue_name(name), webhook_queue_name(name))
        """Of this queue and of those beside it."""
        self.image_ttl_s = _IMAGE_TTL_S
        self.intermediate_keys = tuple(rq_intermediate_queue(of) for of in self.names)
        """The lists of what workers have fetched and not begun."""

    def prepare(self) -> None:
        """Read the server's version now, because RQ would read it in the middle of a transaction."""
        self._queue.get_redis_server_version()

    def save(
        self, pipe: Pipeline, unit: Unit, limit_s: float, *, owner: str = "", request_id: str | None = None
    ) -> SavedUnit:
        """Write RQ's records of a unit when the transaction on `pipe` is executed, and return their ids.

        `limit_s` is the processor time that it may need. A page image has a second record, for the queue of images:
        whichever worker is free first makes it, and the other finds it claimed. Workers of the previous release know
        only the common queue.

        Each record has an id of its own, so that a second delivery of a unit never shares RQ's records with the first.
        """
        meta = {"limit_s": limit_s, "owner": owner} | ({"request_id": request_id} if request_id else {})
        image_rq_id = self._save(self._images, pipe, unit, meta, _IMAGE_RECORD_TTL_S) if unit.is_image else ""
        return SavedUnit(self._save(self._queue, pipe, unit, meta), image_rq_id)

    def _save(
        self,
        queue: Queue,
        pipe: Pipeline,
        unit: Unit,
        meta: dict[str, object],
        ttl: int | None = None,
    ) -> str:
        rq_id = f"{unit.key}-{os.urandom(4).hex()}"
        args: tuple[str | int, ...] = (unit.job_id,)
        if unit.kind is UnitKind.PAGE:
            args = (unit.job_id, unit.page)
        elif unit.kind is UnitKind.EXPORT:
            args = (unit.job_id, unit.export)
        job: Job = queue.create_job(
            TASK_NAMES[unit.kind],
            args=args,
            timeout=_NO_TIMEOUT,
            ttl=ttl,
            result_ttl=0,
            failure_ttl=_FAILURE_TTL_S,
            job_id=rq_id,
            description=unit.key,
            meta=meta,
        )
        queue.enqueue_job(job, pipeline=pipe)
        return rq_id

    def forget(self, pipe: Pipeline, rq_id: str) -> None:
        """Remove RQ's record of a push whose worker will never begin it."""
        pipe.delete(rq_job(rq_id))

    def withdraw(self, pipe: Pipeline, rq_ids: Iterable[str]) -> None:
        """Remove pushes that no worker has fetched yet, with RQ's records of them."""
        for rq_id in rq_ids:
            pipe.lrem(self.key, 0, rq_id)
            pipe.delete(rq_job(rq_id))


class WebhookQueue:
    """Pushes batches of deliveries for the webhook workers."""

    def __init__(self, connection: Redis, name: str) -> None:
        """`name`: QUEUE_NAME, the queue of the work."""
        self._connection: Any = connection
        self._queue = open_webhook_queue(connection, name)

    def prepare(self) -> None:
        """See TaskQueue.prepare."""
        self._queue.get_redis_server_version()

    def length(self) -> int:
        """Return how many batches wait."""
        return int(self._connection.llen(self._queue.key))

    def push(self, pipe: Pipeline, leases: Sequence[tuple[str, int]]) -> None:
        """Push a batch of (job id, lease) when the transaction on `pipe` is executed."""
        job: Job = self._queue.create_job(
            WEBHOOK_TASK_NAME,
            args=(list(leases),),
            timeout=_WEBHOOK_TIMEOUT_S,
            ttl=_WEBHOOK_TTL_S,
            result_ttl=0,
            failure_ttl=_WEBHOOK_FAILURE_TTL_S,
            description="webhooks",
        )
        self._queue.enqueue_job(job, pipeline=pipe)
