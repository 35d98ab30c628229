"""A line to type a search into, with a button that empties it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLineEdit

_HEIGHT_PX = 32


class SearchField(QLineEdit):
    """Says in itself what it searches, which is its accessible name too."""

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
