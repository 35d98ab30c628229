"""The first workers of a pool that begins before it has loaded everything. Each does one unit and is then replaced."""

from __future__ import annotations

import os
import select
from collections.abc import Mapping


class FirstWorkers:
    """Those that have not ended. Their ends are noticed at once, where the system tells them."""

    def __init__(self) -> None:
        self._ends: dict[str, int | None] = {}
        """By name: a descriptor that can be read when the worker has ended."""

    def add(self, workers: Mapping[int, str]) -> None:
        """Add workers, which map process ids to names."""
        opens = getattr(os, "pidfd_open", lambda _pid: None)
        self._ends |= {name: opens(pid) for pid, name in workers.items()}

    def wait_for_end(self, seconds: float) -> None:
        """Wait until one ends, at most so long."""
        select.select([end for end in self._ends.values() if end is not None], [], [], seconds)

    def remove(self, name: str) -> bool:
        """Forget a worker that has ended; return whether it was one of these."""
        if name not in self._ends:
            return False
        if (end := self._ends.pop(name)) is not None:
            os.close(end)
        return True
