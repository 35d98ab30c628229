"""Ctrl-C and termination close the window like its own button does, at once and without polling."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Python runs its signal handlers between any two of its own instructions, and while Qt waits there are none.

    So the interpreter writes each signal to a socket (`set_wakeup_fd`) that Qt waits for as well, and the window is
    closed from the event loop: never in the middle of a painting that Python is called from.
    """

    def __init__(self, close_window: Callable[[], object]) -> None:
        self._close_window = close_window
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._old_handlers = {number: signal.signal(number, _leave_it) for number in _SIGNALS}
        self._old_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_signal)

    def close(self) -> None:
        """Everything as it was before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _on_signal(self) -> None:
        if any(number in _SIGNALS for number in self._reader.recv(64)):
            self._close_window()


def _leave_it(*_: object) -> None:
    """Python must have a handler of its own for a signal, or it ends the process."""
