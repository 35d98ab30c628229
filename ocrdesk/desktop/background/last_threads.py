"""Threads for what is done while the window closes; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Thread
from time import monotonic


def start_threads(steps: Sequence[Callable[[], object]]) -> list[Thread]:
    """Start a thread for each step. They do not keep the process from ending."""
    threads = [Thread(target=step, name="ocrdesk-close", daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    return threads


def join_threads(threads: Sequence[Thread], within_s: float) -> None:
    """Wait until all have ended, but no longer than that."""
    deadline = monotonic() + within_s
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))
