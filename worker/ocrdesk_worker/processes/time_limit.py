"""The time limit of a task process: processor time, and far behind it the time that passes.

A busy machine gives a process less of a processor, but not less to do. So what counts is the processor time of the
task process and the programs that it started. Only a process that is stuck reaches the other limit.
"""

from __future__ import annotations

import time

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.backend.task_queue import wall_limit_s


class TimeLimit:
    """The limit of one process, which starts now."""

    def __init__(self, pid: int, processor_s: float) -> None:
        self._process = psutil.Process(pid)
        self._processor_s = processor_s
        self.wall_s = wall_limit_s(processor_s)
        self._deadline = time.monotonic() + self.wall_s
        self.is_stuck = False
        """Whether the time that passed is over, and not the processor time."""

    def is_over(self) -> bool:
        """Return whether the process has used its time; False once it has ended."""
        if self._used_s() > self._processor_s:
            return True
        self.is_stuck = time.monotonic() > self._deadline
        return self.is_stuck

    def _used_s(self) -> float:
        """Return the processor time of the process, and of its descendants: those that ended and those that run."""
        try:
            tree = [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return 0.0
        return sum(_seconds(process) for process in tree)


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
