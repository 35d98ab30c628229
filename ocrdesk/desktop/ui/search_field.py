"""A search field with a button that clears it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLineEdit

_HEIGHT_PX = 32


class SearchField(QLineEdit):
    """Shows what it searches as placeholder and accessible name. Leaves pasted files and images to the window."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.setPlaceholderText(what)
        self.setAccessibleName(what)
        self.setClearButtonEnabled(True)
        self.setMinimumHeight(_HEIGHT_PX)
        clear = QCoreApplication.translate("SearchField", "Clear")
        for button in self.findChildren(QAbstractButton):
            button.setAccessibleName(clear)
        for action in self.findChildren(QAction):
            action.setText(clear)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            data = QGuiApplication.clipboard().mimeData()
            if event.matches(QKeySequence.StandardKey.Paste) and (data.hasUrls() or data.hasImage()):
                return False
        return super().event(event)
