"""How many requests a caller may make: moving windows in Redis, shared by all api processes.

The window moves with each request, so that no stretch of its length ever holds more than the bound: a
fixed window lets twice as many through around its border, and a sliding counter takes earlier requests to
be spread evenly, so that it can only guess when the next one will be taken. What it costs is a list of
times for each caller, at most as long as the bound.

The times are the api processes' own: their clocks should agree to within a second.
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

from ocrdesk.backend.redis_connection import RedisFull
from ocrdesk.backend.settings import Settings


class RateLimit(StrEnum):
    """What is counted, each for itself."""

    SUBMITS = "submits"
    READS = "reads"
    REGISTRATIONS = "registrations"
    WRONG_KEYS = "wrong-keys"


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """How a caller stands with a bound after a request."""

    bound: RateLimit
    is_taken: bool
    """False: the request is one too many, and was not counted."""
    limit: limits.RateLimitItem
    remaining: int
    reset_s: int
    """Whole seconds, at least 1, until the oldest counted request leaves the window: one more is taken then."""

    @property
    def window_s(self) -> int:
        return self.limit.get_expiry()

    @property
    def limit_text(self) -> str:
        return limit_text(self.limit)


def bounds(settings: Settings) -> dict[RateLimit, limits.RateLimitItem]:
    """The bounds that an operator has set."""
    texts = {
        RateLimit.SUBMITS: f"{settings.rate_limit_requests} per {settings.rate_limit_window}",
        RateLimit.READS: f"{settings.rate_limit_reads} per minute",
        RateLimit.REGISTRATIONS: f"{settings.rate_limit_registrations} per hour",
        RateLimit.WRONG_KEYS: f"{settings.rate_limit_reads} per minute",
    }
    return {bound: limits.parse(text) for bound, text in texts.items()}


def limit_text(limit: limits.RateLimitItem) -> str:
    """`10 per 1 minute`, `10 per 90 seconds`."""
    return f"{limit!r}s" if limit.multiples > 1 else repr(limit)


class RateLimits:
    """Counts requests. Each call is one round trip."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        # A pool, not the URL: so TLS, unix sockets, timeouts and retries are those of all our connections.
        self._storage = RedisStorage(
            settings.redis_url, connection_pool=redis.connection_pool, key_prefix="ocrdesk:rates"
        )
        self._redis: Any = redis
        self._bounds = bounds(settings)

    def take(self, bound: RateLimit, who: str, address: str | None = None) -> RateLimitStatus | None:
        """Counts a request of `who`, unless it is one too many.

        With `address`, refuses those too who come from where too many wrong keys came from: otherwise the one
        guess that is right would be let in however many had been wrong.
        None: a read while Redis has no memory left to count it; results must still be fetched then, and take
        none. Raises redis' errors otherwise.
        """
        now = time.time()
        limit = self._bounds[bound]
        with self._redis.pipeline(transaction=False) as pipe:
            self._acquire(pipe, limit, self._key(bound, who), now)
            self._look(pipe, limit, self._key(bound, who), now)
            if address is not None:
                self._look(pipe, self._bounds[RateLimit.WRONG_KEYS], self._key(RateLimit.WRONG_KEYS, address), now)
            try:
                is_taken, *windows = pipe.execute()
            except RedisFull:
                if bound in (RateLimit.READS, RateLimit.WRONG_KEYS):
                    return None
                raise
        if address is not None:
            guesses = self._count(RateLimit.WRONG_KEYS, windows[1], now, is_taken=True)
            if guesses.remaining == 0:
                if is_taken:
                    self._redis.lpop(self._key(bound, who))  # what is refused does not count
                return self._count(RateLimit.WRONG_KEYS, windows[1], now, is_taken=False)
        return self._count(bound, windows[0], now, is_taken=bool(is_taken))

    def _key(self, bound: RateLimit, who: str) -> str:
        return self._storage.prefixed_key(f"{bound}/{self._bounds[bound].key_for(who)}")

    # The scripts of `limits` itself. Its strategies would send each by itself, for twice the time; and sent whole
    # they need no care for servers that forgot them in a restart (it costs nothing that can be measured).

    def _acquire(self, pipe: Any, limit: limits.RateLimitItem, key: str, now: float) -> None:
        pipe.eval(RedisStorage.SCRIPT_ACQUIRE_MOVING_WINDOW, 1, key, now, limit.amount, limit.get_expiry(), 1)

    def _look(self, pipe: Any, limit: limits.RateLimitItem, key: str, now: float) -> None:
        pipe.eval(RedisStorage.SCRIPT_MOVING_WINDOW, 1, key, now - limit.get_expiry(), limit.amount)

    def _count(self, bound: RateLimit, window: list[Any] | None, now: float, *, is_taken: bool) -> RateLimitStatus:
        limit = self._bounds[bound]
        oldest, used = (float(window[0]), int(window[1])) if window else (now, 0)
        # bounded, for an oldest request may have come by another machine's clock
        reset_s = min(max(1, math.ceil(oldest + limit.get_expiry() - now)), limit.get_expiry())
        return RateLimitStatus(bound, is_taken, limit, max(0, limit.amount - used), reset_s)
