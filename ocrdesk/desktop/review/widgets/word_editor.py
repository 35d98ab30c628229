"""The editor over a word."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_IMAGE = QSize(360, 64)
_MIN_WIDTH_PX = 140


class WordEditor(QFrame):
    """A field with the word's image above it, in the viewport of the text. Enter or Tab commits, Esc cancels."""

    committed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAccessibleName(self.tr("Correct the word"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._before = ""
        self._image = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._image.setAccessibleName(self.tr("The word on the page"))
        self._field = QLineEdit()
        self._field.setAccessibleName(self.tr("Corrected word"))
        name_objects(word_image=self._image, corrected_word=self._field)
        self._field.installEventFilter(self)
        parent.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self._image)
        layout.addWidget(self._field)
        PaletteWatcher(self, self._update_colours)
        self.hide()

    @property
    def field(self) -> QLineEdit:
        return self._field

    def open(self, area: QRect, text: str, typed: str | None, image: QImage | None) -> None:
        """Show the editor over `area` of the parent, with the word selected, or with `typed` instead of the word."""
        self._before = text
        font = self._parent.font()
        self._field.setFont(font)
        self._field.setText(text if typed is None else typed)
        if typed is None:
            self._field.selectAll()
        self._show_image(image)
        width = max(_MIN_WIDTH_PX, self._field.fontMetrics().horizontalAdvance(text) + 48, self._image_width() + 16)
        room = self._parent.size()
        size = QSize(min(width, room.width() - 8), self.sizeHint().height())
        top = area.bottom() - size.height() + 8  # the image is above the word, the field over it
        if top < 0:
            top = area.top() - 8
        self.setGeometry(QRect(self._inside(QPoint(area.left() - 8, top), size), size))
        self.show()
        self.raise_()
        self._field.setFocus()

    def commit(self) -> None:
        """Commit the text of the field, if the editor is open."""
        if self.isVisible():
            self.hide()
            self.committed.emit(self._field.text())

    def cancel(self) -> None:
        """Close the editor, and leave the word as it is."""
        if self.isVisible():
            self.hide()
            self.cancelled.emit()

    def _inside(self, position: QPoint, size: QSize) -> QPoint:
        """Return the position, moved so that the whole editor is inside the parent."""
        room = self._parent.size() - size
        return QPoint(max(0, min(max(4, position.x()), room.width() - 4)), max(0, min(position.y(), room.height())))

    def _show_image(self, image: QImage | None) -> None:
        self._image.setVisible(image is not None and not image.isNull())
        if image is None or image.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = QSize(min(_IMAGE.width(), self._parent.width() - 32), _IMAGE.height()) * ratio
        scaled = image.scaled(
            room.boundedTo(image.size() * 3),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        self._image.setPixmap(pixmap)

    def _image_width(self) -> int:
        return self._image.sizeHint().width() if not self._image.isHidden() else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(QPen(colours.accent(self.palette()), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _update_colours(self) -> None:
        palette = QPalette(self._field.palette())
        palette.setColor(QPalette.ColorRole.Highlight, colours.accent(self.palette()))
        self._field.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent and event.type() == QEvent.Type.Resize and self.isVisible():
            self.move(self._inside(self.pos(), self.size()))
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                self.commit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.cancel()
                return True
        if watched is self._field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            if self._field.text() != self._before and self.window().isActiveWindow():
                self.commit()  # a click elsewhere keeps what was typed; it can be undone
            elif self.window().isActiveWindow():
                self.cancel()
        return super().eventFilter(watched, event)
