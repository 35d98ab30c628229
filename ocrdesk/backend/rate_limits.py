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
from functools import cached_property
from typing import TYPE_CHECKING, Any

from redis import Redis

from ocrdesk.backend.lean_imports import without
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.redis_keys import RATE_LIMITS_PREFIX
from ocrdesk.backend.redis_servers.redis_url import parse_redis_url
from ocrdesk.backend.settings import Settings

if TYPE_CHECKING:
    from limits.storage import RedisStorage

_UNITS_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}


class RateLimit(StrEnum):
    """What is counted, each separately."""

    SUBMITS = "submits"
    READS = "reads"
    REGISTRATIONS = "registrations"
    ALL_REGISTRATIONS = "all-registrations"
    WRONG_KEYS = "wrong-keys"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in a window of so many units of time."""

    amount: int
    multiples: int
    unit: str

    @classmethod
    def per(cls, amount: int, window: str) -> Limit:
        """Return the limit for a window such as `minute` or `5 minutes`, as the settings have it."""
        number, _, unit = window.rpartition(" ")
        return cls(amount, int(number or 1), unit.removesuffix("s"))

    @property
    def window_s(self) -> int:
        return self.multiples * _UNITS_S[self.unit]

    @property
    def text(self) -> str:
        """The limit in words: `10 per 1 minute`, `10 per 90 seconds`."""
        return f"{self.amount} per {self.multiples} {self.unit}{'s' if self.multiples > 1 else ''}"


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """A caller's position within a limit after a request."""

    kind: RateLimit
    is_allowed: bool
    """False: the request exceeds the limit, and was not counted."""
    limit: Limit
    remaining: int
    reset_s: int
    """Whole seconds, at least 1, until the oldest request leaves the window and another one is allowed."""


def configured_limits(settings: Settings) -> dict[RateLimit, Limit]:
    """Return the limits in the settings."""
    return {
        RateLimit.SUBMITS: Limit.per(settings.rate_limit_requests, settings.rate_limit_window),
        RateLimit.READS: Limit.per(settings.rate_limit_reads, "minute"),
        RateLimit.REGISTRATIONS: Limit.per(settings.rate_limit_registrations, "hour"),
        RateLimit.ALL_REGISTRATIONS: Limit.per(settings.rate_limit_all_registrations, "hour"),
        RateLimit.WRONG_KEYS: Limit.per(settings.rate_limit_reads, "minute"),
    }


class RateLimits:
    """Counts requests. Each call is one round trip."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._redis: Any = redis
        self._redis_url = parse_redis_url(settings.redis_url).single
        self._limits = configured_limits(settings)
        if settings.rate_limit_enabled:
            _ = self._storage

    @cached_property
    def _storage(self) -> RedisStorage:
        """What counts. Unless every request is counted, it is loaded for the first one: a local server counts none."""
        with without("valkey"):  # the other client that it can use
            from limits.storage import RedisStorage

            # The pool, not the URL, so that TLS, unix sockets, timeouts and retries are those of all other connections.
            return RedisStorage(
                self._redis_url, connection_pool=self._redis.connection_pool, key_prefix=RATE_LIMITS_PREFIX
            )

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
        limit = self._limits[kind]
        return self._storage.prefixed_key(f"{kind}/LIMITER/{caller}/{limit.amount}/{limit.multiples}/{limit.unit}")

    # The scripts of `limits` itself. Its strategies would send each script separately, which takes twice as long.
    # Sent as text, the scripts also work after a restart of the server.

    def _add_request(self, pipe: Any, limit: Limit, key: str, now: float) -> None:
        pipe.eval(self._storage.SCRIPT_ACQUIRE_MOVING_WINDOW, 1, key, now, limit.amount, limit.window_s, 1)

    def _read_window(self, pipe: Any, limit: Limit, key: str, now: float) -> None:
        pipe.eval(self._storage.SCRIPT_MOVING_WINDOW, 1, key, now - limit.window_s, limit.amount)

    def _status(self, kind: RateLimit, window: list[Any] | None, now: float, *, is_allowed: bool) -> RateLimitStatus:
        limit = self._limits[kind]
        oldest, used = (float(window[0]), int(window[1])) if window else (now, 0)
        # at most the window, because the oldest request may have another machine's clock
        reset_s = min(max(1, math.ceil(oldest + limit.window_s - now)), limit.window_s)
        return RateLimitStatus(kind, is_allowed, limit, max(0, limit.amount - used), reset_s)
