"""Whether Redis and the storage belong together: only then are files removed and records repaired.

An empty Redis at a full folder, or a folder that is not mounted, looks as if all jobs or all files were lost. The
storage has an id of its own. Redis remembers the id that it has seen first; another one must stay for an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redis import Redis

from ocrdesk.backend.redis_keys import STORAGE

SUSPICIOUS_S = 3_600
"""How long nothing is removed or repaired after something did not fit: time to notice a wrong setting."""


class StorageTrust:
    """Remembers the storage that belongs to this Redis, and how far the reconciler has come in both."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable

    def is_trusted(self, identity: str, fits: Callable[[], bool]) -> bool:
        """Return whether the storage with this id has belonged to this Redis for long enough.

        `fits` is asked about the first storage only: whether its files are those of the jobs that Redis knows.
        """
        known, trusted_from = self._redis.hmget(STORAGE, "identity", "trusted_from")
        now = int(self._redis.time()[0])
        if known == identity:
            since = int(trusted_from) if trusted_from and trusted_from.isdecimal() else 0
            if since > now + SUSPICIOUS_S:  # by the clock of another server
                self._redis.hset(STORAGE, "trusted_from", now + SUSPICIOUS_S)
            return now >= since
        is_first_and_fits = known is None and fits()
        trusted_from = now if is_first_and_fits else now + SUSPICIOUS_S
        self._redis.hset(STORAGE, mapping={"identity": identity, "trusted_from": trusted_from})
        return is_first_and_fits

    def seconds_to_trust(self) -> int:
        """Return in how many seconds records are repaired; 0 if that is so now, or if no storage is known."""
        text = self._redis.hget(STORAGE, "trusted_from")
        since = int(text) if text and text.isdecimal() else 0
        return min(SUSPICIOUS_S, max(0, since - int(self._redis.time()[0])))

    def position(self, of: str) -> str:
        """Return how far the reconciler has come in `records` or `files`; empty at the beginning."""
        return self._redis.hget(STORAGE, of) or ""

    def set_position(self, of: str, position: str) -> None:
        self._redis.hset(STORAGE, of, position)
