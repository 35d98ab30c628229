"""Waits for another thread or process: checks repeatedly until a deadline, and never sleeps for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE_S = 0.02


def wait_until(condition: Callable[[], T], what: str = "the condition", timeout_s: float = 90.0) -> T:
    """Return the condition's first true value; fail the test if there is none before the deadline."""
    deadline = time.monotonic() + timeout_s
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout_s:g} s; last answer: {answer!r}")
        time.sleep(_PAUSE_S)
    return answer
