"""Notifications: in the tray if there is one, and in the status bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

_MESSAGE_MS = 8_000


class Notifications(QObject):
    """Without a tray, the taskbar entry asks for attention instead."""

    clicked = Signal()
    """A notification was clicked: the user wants the window."""

    def __init__(self, window: QMainWindow, show_note: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._show_note = show_note
        self.show_message: Callable[[str, str, int], None] | None = None
        """Show a title and a text for some milliseconds; set while there is a tray."""

    def show(self, text: str, *, title: str = "ocrdesk") -> None:
        """Show a text in the status bar, and as a notification if the window is not in front."""
        self._show_note(text)
        if self._window.isActiveWindow():
            return
        if self.show_message is not None:
            self.show_message(title, text, _MESSAGE_MS)
        else:
            QApplication.alert(self._window)
