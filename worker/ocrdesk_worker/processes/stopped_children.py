"""Kills child processes that were stopped (SIGSTOP) and not continued, so that others take their place and work."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections import Counter

_log = logging.getLogger(__name__)

WAIT_OPTIONS = os.WNOHANG | os.WUNTRACED | os.WCONTINUED
"""What `waitpid` needs so that it reports stopped and continued children, too."""

_TICKS = 50
"""About ten seconds of a pool's ticks. Ticks are counted, because a pool that stands still must not count that time."""


class StoppedChildren:
    """The children that are stopped now."""

    def __init__(self) -> None:
        self._ticks: Counter[int] = Counter()

    def has_ended(self, pid: int, status: int) -> bool:
        """Note what `waitpid` reported of a child; return whether it has ended."""
        self._ticks.pop(pid, None)
        if os.WIFSTOPPED(status):
            self._ticks[pid] = 0
        return not os.WIFSTOPPED(status) and not os.WIFCONTINUED(status)

    def kill_overdue(self) -> None:
        """Kill the children that have been stopped for too long. Call it once in every tick."""
        for pid in list(self._ticks):
            self._ticks[pid] += 1
            if self._ticks[pid] == _TICKS:
                _log.warning("process %d was stopped and not continued: killing it", pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
