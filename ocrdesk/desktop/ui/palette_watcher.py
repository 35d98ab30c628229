"""Calls back when a widget's palette changes, as between light and dark, and once to begin with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

_CHANGES = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange)


class PaletteWatcher(QObject):
    """To be made when the widget is complete; belongs to it, and lives as long."""

    def __init__(self, widget: QWidget, dress: Callable[[], None]) -> None:
        super().__init__(widget)
        self._dress = dress
        widget.installEventFilter(self)
        dress()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self._dress()
        return False
