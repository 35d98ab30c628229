"""Puts text on the clipboard, at once where the system lets us, and else as soon as a window of ours has the focus."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QWindow


class ClipboardKeeper(QObject):
    """Wayland takes a clipboard's text only from the program that has the focus; what comes earlier waits here."""

    was_set = Signal()
    """The text that waited is on the clipboard now."""

    def __init__(self, *, needs_focus: bool | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needs_focus = QGuiApplication.platformName() == "wayland" if needs_focus is None else needs_focus
        self._waiting: str | None = None
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus)

    def put(self, text: str) -> bool:
        """True when the text is on the clipboard, False when it waits for the focus."""
        if self._needs_focus and QGuiApplication.focusWindow() is None:
            self._waiting = text
            return False
        self._waiting = None
        QGuiApplication.clipboard().setText(text)
        return True

    def _on_focus(self, window: QWindow | None) -> None:
        if window is not None and self._waiting is not None:
            text, self._waiting = self._waiting, None
            QGuiApplication.clipboard().setText(text)
            self.was_set.emit()
