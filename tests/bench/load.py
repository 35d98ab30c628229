"""Measures who uses the processor: this command and its processes, or other programs."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Load:
    """Processor seconds in a period. `others` is 0.0 on systems that do not report it."""

    own: float = 0.0
    others: float = 0.0

    @property
    def others_share(self) -> float:
        """The share of the used processor time that other programs used, which disturbs a measurement."""
        used = self.own + self.others
        return self.others / used if used else 0.0


class Meter:
    """Read the clocks when it is created, and again at `read`."""

    def __init__(self) -> None:
        self._own, self._all = _own_seconds(), _all_seconds()

    def read(self) -> Load:
        own = _own_seconds() - self._own
        return Load(own, max(0.0, _all_seconds() - self._all - own))


def _own_seconds() -> float:
    """Return the processor seconds of this process and its descendants, including those that have ended."""
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # user and system, and the same of its finished children
    return total


def _all_seconds() -> float:
    """Return the processor seconds of all processes, and if known, of other machines on the same cores (steal)."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0) + getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return sum(times) - idle
