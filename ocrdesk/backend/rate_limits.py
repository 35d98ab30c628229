"""Sliding-window rate limits in Redis.

The window moves with each request, so that no period of its length ever contains more requests than the limit. A
fixed window would allow twice as many around its boundary. A sliding counter assumes that earlier requests were
spread evenly, and so can only guess when the next one is allowed. The cost is a list of times for each caller, at
most as long as the limit.

The times are those of the api processes: their clocks should agree to within a second.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import limits
from limits.storage import RedisStorage
from redis import Redis

from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.redis_keys import RATE_LIMITS_PREFIX
from ocrdesk.backend.redis_servers.redis_url import parse_redis_url
from ocrdesk.backend.settings import Settings


class RateLimit(StrEnum):
    """What is counted, each separately."""

    SUBMITS = "submits"
    READS = "reads"
    REGISTRATIONS = "registrations"
    ALL_REGISTRATIONS = "all-registrations"
    WRONG_KEYS = "wrong-keys"


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """A caller's position within a limit after a request."""

    kind: RateLimit
    is_allowed: bool
    """False: the request exceeds the limit, and was not counted."""
    limit: limits.RateLimitItem
    remaining: int
    reset_s: int
    """Whole seconds, at least 1, until the oldest request leaves the window and another one is allowed."""

    @property
    def window_s(self) -> int:
        return self.limit.get_expiry()

    @property
    def limit_text(self) -> str:
        return limit_text(self.limit)


def configured_limits(settings: Settings) -> dict[RateLimit, limits.RateLimitItem]:
    """Return the limits in the settings."""
    texts = {
        RateLimit.SUBMITS: f"{settings.rate_limit_requests} per {settings.rate_limit_window}",
        RateLimit.READS: f"{settings.rate_limit_reads} per minute",
        RateLimit.REGISTRATIONS: f"{settings.rate_limit_registrations} per hour",
        RateLimit.ALL_REGISTRATIONS: f"{settings.rate_limit_all_registrations} per hour",
        RateLimit.WRONG_KEYS: f"{settings.rate_limit_reads} per minute",
    }
    return {kind: limits.parse(text) for kind, text in texts.items()}


def limit_text(limit: limits.RateLimitItem) -> str:
    """Return a limit in words: `10 per 1 minute`, `10 per 90 seconds`."""
    return f"{limit!r}s" if limit.multiples > 1 else repr(limit)


class RateLimits:
    """Counts requests. Each call is one round trip."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        # The pool, not the URL, so that TLS, unix sockets, timeouts and retries are those of all other connections.
        self._storage = RedisStorage(
            parse_redis_url(settings.redis_url).single,
            connection_pool=redis.connection_pool,
            key_prefix=RATE_LIMITS_PREFIX,
        )
        self._redis: Any = redis
        self._limits = configured_limits(settings)

    def consume(self, kind: RateLimit, caller: str) -> RateLimitStatus | None:
        """Count a request of a caller, unless it exceeds the limit.

        Returns None for a read while Redis refuses to count it, because results must still be fetched then.
        Raises other Redis errors.
        """
        now = time.time()
        limit = self._limits[kind]
        with self._redis.pipeline(transaction=False) as pipe:
            self._add_request(pipe, limit, self._key(kind, caller), now)
            self._read_window(pipe, limit, self._key(kind, caller), now)
            try:
                is_allowed, window = pipe.execute()
            except RedisFailure as error:
                problem = problem_of(error)
                if problem and problem.is_refusal and kind in (RateLimit.READS, RateLimit.WRONG_KEYS):
                    return None
                raise
        return self._status(kind, window, now, is_allowed=bool(is_allowed))

    def _key(self, kind: RateLimit, caller: str) -> str:
        return self._storage.prefixed_key(f"{kind}/{self._limits[kind].key_for(caller)}")

    # The scripts of `limits` itself. Its strategies would send each script separately, which takes twice as long.
    # Sent as text, the scripts also work after a restart of the server.

    def _add_request(self, pipe: Any, limit: limits.RateLimitItem, key: str, now: float) -> None:
        pipe.eval(RedisStorage.SCRIPT_ACQUIRE_MOVING_WINDOW, 1, key, now, limit.amount, limit.get_expiry(), 1)

    def _read_window(self, pipe: Any, limit: limits.RateLimitItem, key: str, now: float) -> None:
        pipe.eval(RedisStorage.SCRIPT_MOVING_WINDOW, 1, key, now - limit.get_expiry(), limit.amount)

    def _status(self, kind: RateLimit, window: list[Any] | None, now: float, *, is_allowed: bool) -> RateLimitStatus:
        limit = self._limits[kind]
        oldest, used = (float(window[0]), int(window[1])) if window else (now, 0)
        # at most the window, because the oldest request may have another machine's clock
        reset_s = min(max(1, math.ceil(oldest + limit.get_expiry() - now)), limit.get_expiry())
        return RateLimitStatus(kind, is_allowed, limit, max(0, limit.amount - used), reset_s)
