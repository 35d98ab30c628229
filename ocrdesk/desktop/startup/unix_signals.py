"""Closes the window on Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class UnixSignals:
    """Closes the window at once and without polling.

    Python runs signal handlers between two of its own instructions, and executes none while Qt waits. So the
    interpreter writes each signal to a socket (`set_wakeup_fd`) that Qt watches too, and the window is closed from the
    event loop, never while Qt paints.
    """

    def __init__(self, close_window: Callable[[], object]) -> None:
        self._close_window = close_window
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._old_handlers = {number: signal.signal(number, _do_nothing) for number in _SIGNALS}
        self._old_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_signal)

    def close(self) -> None:
        """Restore the earlier signal handlers."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _on_signal(self) -> None:
        if any(number in _SIGNALS for number in self._reader.recv(64)):
            self._close_window()


def _do_nothing(*_: object) -> None:
    """Stand in for Python's own handler: without one, a signal ends the process."""
