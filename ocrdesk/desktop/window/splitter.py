"""The splitter between list and text: in a narrow window the list shrinks before the text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_LARGEST_SHARE = 0.4
"""The list's share of the width, unless the user drags it wider."""


class ListSplitter(QSplitter):
    """Limits the list's share of a narrow window, and gives the width back when the window grows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._width_before_px: int | None = None
        """The list's width before the window became narrow."""
        self.splitterMoved.connect(self._on_moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        list_px, *others = self.sizes()
        wanted = self._width_before_px or list_px
        fitting = min(wanted, round(_LARGEST_SHARE * self.width()))
        self._width_before_px = wanted if fitting < wanted else None
        if fitting != list_px:
            self.setSizes([fitting, sum(others) + list_px - fitting])

    def _on_moved(self) -> None:
        self._width_before_px = None
