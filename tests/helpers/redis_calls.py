"""Counts the commands that a Redis has run, also inside scripts: what must not grow with the installation."""

from __future__ import annotations

from collections import Counter
from typing import Any


def calls_of(redis: Any) -> Counter[str]:
    """Return how often each command was called since the server's start, by its name in lower case."""
    stats = redis.info("commandstats")
    return Counter({name.removeprefix("cmdstat_"): int(found["calls"]) for name, found in stats.items()})
