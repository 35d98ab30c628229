"""The list beside the text: where the window is narrow, the list gives up room before the text does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_LARGEST_SHARE = 0.4
"""Of the width, for the list, unless the user drags it wider."""


class ListSplitter(QSplitter):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._given_up_px: int | None = None
        """How wide the list was before the window became narrow."""
        self.splitterMoved.connect(self._on_moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        list_px, *others = self.sizes()
        wanted = self._given_up_px or list_px
        fitting = min(wanted, round(_LARGEST_SHARE * self.width()))
        self._given_up_px = wanted if fitting < wanted else None
        if fitting != list_px:
            self.setSizes([fitting, sum(others) + list_px - fitting])

    def _on_moved(self) -> None:
        self._given_up_px = None
