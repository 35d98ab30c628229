"""Lets a run that is told to stop delete its jobs and unfinished files first."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class InterruptedRunError(BaseException):
    """The run was told to stop. `exit_code` is 128 plus the signal, as shells have it.

    It is no `Exception`, like KeyboardInterrupt, so that nothing takes it for the failure of one file.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.exit_code = 128 + signal_number


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise InterruptedRunError in the main thread on Ctrl-C, SIGTERM and SIGHUP. A second one ends the clean-up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # a signal that the caller has set to be ignored, as nohup does, stays ignored
    numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise InterruptedRunError(number)
