"""The time limit of a task process: processor time, and far behind it the time that passes.

A busy machine gives a process less of a processor, but not less to do. So what counts is the processor time of the
task process and the programs that it started. Only a process that is stuck reaches the other limit.
"""

from __future__ import annotations

import time

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.backend.task_queue import wall_limit_s

_MAX_STEP_S = 2.0
"""More than this between two looks means that this process stood still, too, which is not the task's doing."""
_STOPPED_LIMIT_S = 10.0


class TimeLimit:
    """The limit of one process, which starts now. `is_over` must be called several times a second."""

    def __init__(self, pid: int, processor_s: float) -> None:
        self._process = psutil.Process(pid)
        self._processor_s = processor_s
        self.wall_s = wall_limit_s(processor_s)
        self._looked_at = time.monotonic()
        self._used_s = 0.0
        self._waited_s = 0.0
        self._stopped_s = 0.0

    @property
    def is_stuck(self) -> bool:
        """Whether the time that passed is over, and not the processor time."""
        return self._waited_s > self.wall_s

    @property
    def is_stopped(self) -> bool:
        """Whether the process or one that it started was stopped (SIGSTOP) and not continued for a while."""
        return self._stopped_s > _STOPPED_LIMIT_S

    def is_over(self) -> bool:
        """Return whether the process has used its time, or was stopped; False once it has ended."""
        now = time.monotonic()
        step_s = min(now - self._looked_at, _MAX_STEP_S)
        self._looked_at = now
        self._waited_s += step_s
        tree = self._tree()
        used_s = sum(_seconds(process) for process in tree)
        works = used_s > self._used_s
        self._used_s = used_s
        self._stopped_s = self._stopped_s + step_s if not works and any(map(_is_stopped, tree)) else 0.0
        return used_s > self._processor_s or self.is_stuck or self.is_stopped

    def _tree(self) -> list[psutil.Process]:
        """Return the process and its descendants."""
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return []


def _is_stopped(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.Error:
        return False


def _seconds(process: psutil.Process) -> float:
    """Return the processor time of a process and of those descendants that have ended."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
