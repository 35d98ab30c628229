"""Runs Python's garbage collection on the main thread.

By default the collector runs on the thread that allocates next, at any point of its work. A cycle may hold a QObject:
destroyed on another thread than its own, with a timer running, it crashes the process; destroyed while Qt holds one of
its signal locks (for example while it disconnects a slot), it waits for that lock forever.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

_CHECK_EVERY_MS = 1_000
_LONG_S = 0.01
"""Objects that survive a longer collection are excluded from later ones, which would block the window."""


class GarbageCollector(QObject):
    """Replaces Python's own collector until `stop`, with the same thresholds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_CHECK_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Collect everything, while no lock is held, and switch Python's own collector on again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    def _collect(self) -> None:
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
                started = time.thread_time()
                gc.collect(generation)
                if time.thread_time() - started > _LONG_S:
                    gc.freeze()  # mostly modules; reference counts still free objects without cycles
                return
