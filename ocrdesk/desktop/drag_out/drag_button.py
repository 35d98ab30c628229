"""The button to drag a result by."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_SIDE_PX = 36


class DragButton(QToolButton):
    """Emits `dragged` when it is dragged, and `clicked` when it is clicked, which copies the file."""

    dragged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Drag or copy the file"))
        self.setToolTip(self.tr("Drag this to another program to get the result as a file. Click to copy the file."))
        self.setAutoRaise(True)
        self.setMinimumSize(_SIDE_PX, _SIDE_PX)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pressed: QPoint | None = None
        PaletteWatcher(self, lambda: self.setIcon(icon(Icon.GRIP, self.palette())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = event.position().toPoint() - self._pressed
        if moved.manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.setDown(False)  # otherwise releasing the mouse would count as a click
            self.dragged.emit()
