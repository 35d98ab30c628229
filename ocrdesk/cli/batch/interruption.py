"""Lets a run that is told to stop delete its jobs and unfinished files first."""

from __future__ import annotations

import contextlib
import signal
import sys
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


@contextlib.contextmanager
def interrupted_at_the_end(within_s: float) -> Iterator[None]:
    """Let a signal interrupt the run only when the block has ended, so that what it did is known.

    After `within_s`, or at a second signal, it interrupts the block.
    """
    _delay.within_s, _delay.pending = within_s, None
    try:
        yield
    finally:
        number, _delay.within_s, _delay.pending = _delay.pending, None, None
        if number is not None:
            _set_timer(0.0)
            raise InterruptedRunError(number)


class _Delay:
    """`within_s` is None outside such a block. `pending` is the signal that came in it."""

    within_s: float | None = None
    pending: int | None = None


_delay = _Delay()


def _interrupt(number: int, _frame: FrameType | None) -> None:
    if _delay.within_s is not None and _delay.pending is None:
        _delay.pending = number
        _set_timer(_delay.within_s)
    else:
        raise InterruptedRunError(number if _delay.pending is None else _delay.pending)


def _set_timer(seconds: float) -> None:
    """Interrupt the block in so many seconds; 0 ends a timer. Without timers, as on Windows, the second signal does."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
