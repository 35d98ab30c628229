"""Writes to the clipboard, also on Wayland."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QWindow


class ClipboardWriter(QObject):
    """Wayland accepts clipboard content only from the program that has the focus; earlier content waits here."""

    was_set = Signal()
    """Content that waited is on the clipboard now."""

    def __init__(self, *, needs_focus: bool | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needs_focus = QGuiApplication.platformName() == "wayland" if needs_focus is None else needs_focus
        self._waiting: str | QMimeData | None = None
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus)

    def put(self, content: str | QMimeData) -> bool:
        """Return True if the content is on the clipboard, False if it waits for the focus."""
        if self._needs_focus and QGuiApplication.focusWindow() is None:
            self._waiting = content
            return False
        self._waiting = None
        _set(content)
        return True

    def _on_focus(self, window: QWindow | None) -> None:
        if window is not None and self._waiting is not None:
            content, self._waiting = self._waiting, None
            _set(content)
            self.was_set.emit()


def _set(content: str | QMimeData) -> None:
    if isinstance(content, str):
        QGuiApplication.clipboard().setText(content)
    else:
        QGuiApplication.clipboard().setMimeData(content)
