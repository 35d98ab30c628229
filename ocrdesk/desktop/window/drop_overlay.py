"""Takes files, folders and pictures dropped anywhere on the window, and shows while they hang over it that it will."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.ui import colours


class DropOverlay(QWidget):
    """Lies over `window`, seen only during a drag, and watches the window's drag events."""

    files_dropped = Signal(object)
    """The paths dropped, as a list."""
    picture_dropped = Signal(object)
    """A QImage that came without a file, as from a web page."""

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
                    self._take(event.mimeData())
                    return True
            case QEvent.Type.Resize if self.isVisible():
                self._cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = colours.accent(self.palette())
        ground = colours.tint(self.palette(), accent, 0.12)
        ground.setAlphaF(0.97)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to read these files"))
        painter.end()

    def _take(self, data: QMimeData) -> None:
        from ocrdesk.desktop.intake.clipboard_content import read_clip  # when there is something to take

        clip = read_clip(data)
        if clip.picture is not None:
            self.picture_dropped.emit(clip.picture)
        elif clip.paths:
            self.files_dropped.emit(list(clip.paths))

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()


def _is_wanted(event: QDropEvent) -> bool:
    """Not what was dragged out of this window. Asked while it hangs over it, so a picture is not fetched for it."""
    from ocrdesk.desktop.intake.clipboard_content import local_paths

    data = event.mimeData()
    return event.source() is None and (bool(local_paths(data)) or data.hasImage())
