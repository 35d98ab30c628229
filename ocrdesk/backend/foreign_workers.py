"""Names RQ workers that take work from our queues but cannot do it, such as a plain `rq worker ocrdesk`.

Such a worker fails every task. The ledger still knows the units, so the reaper queues them again: nothing is lost, but
each takes some seconds more.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.nodes import Nodes
from ocrdesk.backend.redis_connection import RedisFailure, connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import image_queue_name, webhook_queue_name

_log = logging.getLogger(__name__)

_EVERY_S = 10.0
OWN_FIELD = "ocrdesk"
"""The field by which our own workers are known in RQ's record of a worker. Its value is their version."""


class ForeignWorkers:
    """Logs each foreign worker once."""

    def __init__(self, settings: Settings) -> None:
        self._redis: Any = connect(settings, text=True)
        name = settings.queue_name
        self._queues = (name, image_queue_name(name), webhook_queue_name(name))
        self._known: set[str] = set()

    def log_new(self) -> None:
        """Log those that were not there before. Raises RedisFailure."""
        for queue in self._queues:
            for key in self._redis.smembers(redis_keys.rq_workers_of(queue)) - self._known:
                if self._redis.type(key) != "hash":  # it has ended, or is none of RQ's
                    continue
                record: dict[str, str] = self._redis.hgetall(key)
                if not record or "death" in record:
                    continue
                self._known.add(key)
                if OWN_FIELD not in record and not self._is_of_older_version(key):
                    _log_foreign(key.rpartition(":")[2], queue, record)

    async def watch(self) -> None:
        """Log new ones from time to time, until cancelled."""
        while True:
            with contextlib.suppress(RedisFailure):
                await asyncio.to_thread(self.log_new)
            await asyncio.sleep(_EVERY_S)

    def _is_of_older_version(self, key: str) -> bool:
        """Return whether it is a live node's: until 0.1 our workers had no field of their own."""
        return any(key.startswith(redis_keys.rq_worker(node.node)) for node in Nodes(self._redis).live())


def _log_foreign(name: str, queue: str, record: dict[str, str]) -> None:
    _log.warning(
        "the RQ worker %s (host %s, process %s) takes work from the queue %s but cannot do it; its units are queued "
        "again. Stop it, or start it with: rq worker -w ocrdesk_worker.RqWorker",
        name,
        record.get("hostname"),
        record.get("pid"),
        queue,
    )
