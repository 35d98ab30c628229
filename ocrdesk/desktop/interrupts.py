"""Ctrl-C and termination close the window like its own button does, at once and without polling."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Python runs its signal handlers between its own instructions, and while Qt waits there are none.

    So the interpreter writes each signal to a socket (`set_wakeup_fd`) that Qt waits for as well.
    """

    def __init__(self, close_window: Callable[[], object]) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._old_handlers = {number: signal.signal(number, lambda *_: close_window()) for number in _SIGNALS}
        self._old_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)

    def close(self) -> None:
        """Everything as it was before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _drain(self) -> None:
        # by coming here the interpreter has run the handler already; what is left is to empty the socket
        self._reader.recv(64)
