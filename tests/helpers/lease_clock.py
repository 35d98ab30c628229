"""Lets time pass on the clock of leases, without waiting."""

from __future__ import annotations

from typing import Any

from ocrdesk.backend.redis_keys import LEASE_CLOCK


def advance(redis: Any, ms: int) -> None:
    """Let the clock go on by so much, as if workers had been running all the time."""
    redis.hincrby(LEASE_CLOCK, "ms", ms)


def stand_still(redis: Any, hours: float) -> None:
    """Let Redis's time go on, as if Redis and all workers had stood still; negative: Redis's clock was set back."""
    redis.hincrby(LEASE_CLOCK, "at", -round(hours * 3_600_000))
