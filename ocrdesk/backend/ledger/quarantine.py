"""Remembers which jobs have a record that cannot be read, so that each is reported once."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.redis_connection import RedisFailure

_log = logging.getLogger(__name__)


class Quarantine:
    """The jobs that cannot be read. They count as failed, are never worked on, and can be deleted."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable

    def report(self, job_id: str) -> None:
        """Log that a job cannot be read, unless any process already did."""
        with contextlib.suppress(RedisFailure):
            version = self._version(job_id)
            if self._redis.hsetnx(redis_keys.UNREADABLE_JOBS, job_id, version):
                _log.error(
                    "the record of job %s (version %.20s; this program writes %d) cannot be read: it counts as failed. "
                    "Look at its key %s, or delete the job",
                    job_id,
                    version,
                    codec.RECORD_VERSION,
                    redis_keys.job(job_id),
                )

    def _version(self, job_id: str) -> str:
        try:
            return self._redis.hget(redis_keys.job(job_id), "v") or "1"
        except RedisFailure:  # its key has another type
            return "unknown"

    def count(self) -> int:
        """Return how many jobs cannot be read."""
        return int(self._redis.hlen(redis_keys.UNREADABLE_JOBS))

    def forget_expired(self) -> None:
        """Forget jobs that have expired or were deleted."""
        for job_id in self._redis.hkeys(redis_keys.UNREADABLE_JOBS):
            if not self._redis.exists(redis_keys.job(job_id)):
                self._redis.hdel(redis_keys.UNREADABLE_JOBS, job_id)
