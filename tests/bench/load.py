"""Measures who used the processor while something ran: this command and its processes, or other programs."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Load:
    """Processor seconds over a stretch of time. `others` is 0.0 where the system does not tell."""

    own: float = 0.0
    others: float = 0.0

    @property
    def others_share(self) -> float:
        """How much of the used processor time was not ours: what disturbs a measurement."""
        used = self.own + self.others
        return self.others / used if used else 0.0


class Meter:
    """Reads the clocks when it is made and again at `read`."""

    def __init__(self) -> None:
        self._own, self._all = _own_seconds(), _all_seconds()

    def read(self) -> Load:
        own = _own_seconds() - self._own
        return Load(own, max(0.0, _all_seconds() - self._all - own))


def _own_seconds() -> float:
    """Of this process and its descendants, with those that have ended."""
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # user, system, and both of the children it has waited for
    return total


def _all_seconds() -> float:
    """Of all processes of the machine, and of other machines on the same cores where that is known (steal)."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0) + getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return sum(times) - idle
