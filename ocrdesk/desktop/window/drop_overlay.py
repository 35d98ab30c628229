"""Accepts drops anywhere on the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.ui import colours


class DropOverlay(QWidget):
    """Covers `window` while something is dragged over it, and handles the window's drag events."""

    files_dropped = Signal(object)
    """The paths dropped, as a list."""
    image_dropped = Signal(object)
    """A QImage that was dropped without a file, for example from a web page."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop to read these files"))
        self.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                if not _is_wanted(event):
                    return False
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self._cover()
                return True
            case QEvent.Type.DragLeave:
                self.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self.hide()
                if _is_wanted(event):
                    event.setDropAction(Qt.DropAction.CopyAction)
                    event.accept()
                    self._emit(event.mimeData())
                    return True
            case QEvent.Type.Resize if self.isVisible():
                self._cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = colours.accent(self.palette())
        background = colours.tint(self.palette(), accent, 0.12)
        background.setAlphaF(0.97)
        painter.fillRect(self.rect(), background)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to read these files"))
        painter.end()

    def _emit(self, data: QMimeData) -> None:
        from ocrdesk.desktop.intake.clipboard_content import read_content  # imported when something is dropped

        content = read_content(data)
        if content.image is not None:
            self.image_dropped.emit(content.image)
        elif content.paths:
            self.files_dropped.emit(list(content.paths))

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()


def _is_wanted(event: QDropEvent) -> bool:
    """Return whether this can be dropped: no drag from this window. Called during the drag, so it loads no image."""
    from ocrdesk.desktop.intake.clipboard_content import local_paths

    data = event.mimeData()
    return event.source() is None and (bool(local_paths(data)) or data.hasImage())
