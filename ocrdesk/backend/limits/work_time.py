"""How much of the workers' time each owner has used lately, in seconds."""

from __future__ import annotations

import time
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys

WINDOW_S = 600
"""The sliding window that is looked at."""
_BUCKET_S = 60


class WorkTime:
    """Adds and reads the seconds for which task processes ran, by the owner of their work."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable

    def add(self, owner: str, seconds: float) -> None:
        """Record that a task process ran for an owner. Whether it succeeded does not matter: it kept a worker busy."""
        key = redis_keys.work_time(_bucket())
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.hincrbyfloat(key, owner, round(max(0.0, seconds), 3))
            pipe.expire(key, WINDOW_S + 2 * _BUCKET_S)
            pipe.execute()

    def used_s(self, owner: str) -> float:
        """Return what an owner has used within the window."""
        now = _bucket()
        with self._redis.pipeline(transaction=False) as pipe:
            for bucket in range(now - WINDOW_S // _BUCKET_S, now + 1):
                pipe.hget(redis_keys.work_time(bucket), owner)
            return sum(float(seconds or 0) for seconds in pipe.execute())


def _bucket() -> int:
    return int(time.time() / _BUCKET_S)
