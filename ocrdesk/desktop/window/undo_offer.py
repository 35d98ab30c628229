"""Offers Undo in the status bar for a destructive step, which is done only when the offer ends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.window.status_bar import StatusBar

_OFFER_MS = 20_000


class UndoOffer(QObject):
    """One step at a time: the next one, another server or the end of the window completes it."""

    def __init__(self, status_bar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._status_bar = status_bar
        self._undo: Callable[[], object] | None = None
        self._complete: Callable[[], object] | None = None
        self.timer = QTimer(self, singleShot=True, interval=_OFFER_MS)
        self.timer.timeout.connect(self.finish)
        name_objects(undo_timer=self.timer)

    def make(self, note: str, undo: Callable[[], object], complete: Callable[[], object]) -> None:
        """Say what was removed from the view, and offer to undo it. `complete` makes it final."""
        self.finish()
        self._undo, self._complete = undo, complete
        self._status_bar.show_note(note, self.timer.interval())
        self._status_bar.offer(self.tr("Undo"), self._on_undo)
        self.timer.start()

    def finish(self) -> None:
        """Complete the step, if one can still be undone."""
        complete, self._complete = self._complete, None
        if complete is not None:
            self.timer.stop()
            self._status_bar.withdraw(self._on_undo)
            complete()

    def _on_undo(self) -> None:
        undo, self._undo, self._complete = self._undo, None, None
        self.timer.stop()
        if undo is not None:
            undo()
            self._status_bar.show_note(self.tr("Undone."))
