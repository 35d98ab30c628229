"""Collects Python's reference cycles on the main thread only.

By itself the collector runs on whichever thread allocates next, and in the middle of whatever it does. A cycle may
hold a QObject: destroyed on another thread than its own, with a timer running, it takes the process down; destroyed
while Qt holds one of its signal locks (for a slot that is just let go of, say), it waits for that lock for ever.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 1_000
_LONG_S = 0.01
"""A collection that takes longer would be felt one day: what survived it is not looked through again."""


class GarbageCollector(QObject):
    """From its making to `stop`. Collects by the same thresholds as Python's own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Collects all there is, while no lock is held, and leaves the rest to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    def _collect(self) -> None:
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
                begun = time.thread_time()
                gc.collect(generation)
                if time.thread_time() - begun > _LONG_S:
                    gc.freeze()  # modules mostly; without cycles they go as ever, and cycles of theirs at the end
                return
