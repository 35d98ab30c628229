"""Tells the user something where it is seen: by the tray's message when there is one, and in the window's last line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

_MESSAGE_MS = 8_000


class Notifications(QObject):
    """Without a tray, the taskbar's entry asks for attention instead of a message."""

    clicked = Signal()
    """A message was clicked: the user wants the window."""

    def __init__(self, window: QMainWindow, show_note: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._show_note = show_note
        self.show_message: Callable[[str, str, int], None] | None = None
        """Shows a title and a text for some milliseconds; set by the tray while it is there."""

    def say(self, text: str, *, title: str = "ocrdesk") -> None:
        """To be seen also by who has no window of ours before them."""
        self._show_note(text)
        if self._window.isActiveWindow():
            return
        if self.show_message is not None:
            self.show_message(title, text, _MESSAGE_MS)
        else:
            QApplication.alert(self._window)
