"""Heartbeats of worker pools."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.redis_connection import RedisFailure, is_wrong_type, redis_time_ms

NODE_TTL_S = 15
"""A worker pool counts as dead when its last heartbeat is older than this."""

_RECENT_S = 1.0

_SEE = """#!lua flags=allow-oom
redis.call('SET', KEYS[1], redis.call('TIME')[1])
"""


class Nodes:
    """The live worker pools."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._recent: tuple[float, list[NodeInfo]] = (0.0, [])

    def heartbeat(self, info: NodeInfo, ttl_s: int = NODE_TTL_S) -> None:
        """Record that a worker pool is alive, what it can do, and how far its clock is from Redis's."""
        info = replace(info, clock_offset_s=round(time.time() - redis_time_ms(self._redis) / 1000, 3))
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(redis_keys.node(info.node), codec.node_text(info), ex=ttl_s)
            pipe.sadd(redis_keys.NODES, info.node)
            if info.workers:  # otherwise it cannot work now
                pipe.eval(_SEE, 1, redis_keys.NODES_LAST_SEEN)
            pipe.execute()

    def last_seen(self) -> float:
        """Return when a worker pool that can work sent its last heartbeat, in Unix seconds of Redis's clock.

        0 if none ever did.
        """
        return float(self._redis.get(redis_keys.NODES_LAST_SEEN) or 0)

    def live(self) -> list[NodeInfo]:
        """Return the live worker pools by id, and remove the dead ones."""
        try:
            names = sorted(self._redis.smembers(redis_keys.NODES))
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
            names = []  # until the next heartbeats
        if not names:
            return []
        texts = self._redis.mget([redis_keys.node(name) for name in names])
        dead = [name for name, text in zip(names, texts, strict=True) if text is None]
        if dead:
            with contextlib.suppress(RedisFailure):  # a replica refuses it
                self._redis.srem(redis_keys.NODES, *dead)
        return [node for text in texts if text is not None and (node := codec.readable_node(text)) is not None]

    def recent(self) -> list[NodeInfo]:
        """Return the worker pools that were alive within the last second, for what happens at every submit.

        Hundreds of pools tell several 100 KB. None is remembered as long as there is none.
        """
        until, found = self._recent
        if not found or time.monotonic() > until:
            found = self.live()
            self._recent = (time.monotonic() + _RECENT_S, found)
        return found

    def worker_count(self) -> int:
        """Return how many workers are alive; at least 1, because some may just be starting."""
        return max(1, sum(node.workers for node in self.live()))

    def remove(self, node: str) -> None:
        """Declare a worker pool dead at once."""
        self._redis.delete(redis_keys.node(node))
        self._redis.srem(redis_keys.NODES, node)

    def remove_all(self) -> None:
        """Declare every worker pool dead; for the local server's start, when none can be alive."""
        for node in self._redis.smembers(redis_keys.NODES):
            self.remove(node)
