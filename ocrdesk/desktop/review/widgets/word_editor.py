"""The small field over a word that is being put right, with the word's picture above it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_PICTURE = QSize(360, 64)
_LEAST_WIDTH_PX = 140


class WordEditor(QFrame):
    """Lives in the text's viewport. Enter or Tab takes what was typed, Esc leaves the word as it was."""

    committed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAccessibleName(self.tr("Put the word right"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._before = ""
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(self.tr("The word on the page"))
        self._field = QLineEdit()
        self._field.setAccessibleName(self.tr("Corrected word"))
        name_objects(word_image=self._picture, corrected_word=self._field)
        self._field.installEventFilter(self)
        parent.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self._picture)
        layout.addWidget(self._field)
        PaletteWatcher(self, self._dress)
        self.hide()

    @property
    def field(self) -> QLineEdit:
        return self._field

    def open(self, area: QRect, text: str, typed: str | None, picture: QImage | None) -> None:
        """Over `area` of the parent: with the word selected, or with what was typed in its place."""
        self._before = text
        font = self._parent.font()
        self._field.setFont(font)
        self._field.setText(text if typed is None else typed)
        if typed is None:
            self._field.selectAll()
        self._show_picture(picture)
        width = max(_LEAST_WIDTH_PX, self._field.fontMetrics().horizontalAdvance(text) + 48, self._picture_width() + 16)
        room = self._parent.size()
        size = QSize(min(width, room.width() - 8), self.sizeHint().height())
        top = area.bottom() - size.height() + 8  # the picture above the word, the field over it
        if top < 0:
            top = area.top() - 8
        self.setGeometry(QRect(self._inside(QPoint(area.left() - 8, top), size), size))
        self.show()
        self.raise_()
        self._field.setFocus()

    def take(self) -> None:
        """Commits what is in the field, if it is open."""
        if self.isVisible():
            self.hide()
            self.committed.emit(self._field.text())

    def leave(self) -> None:
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _inside(self, place: QPoint, size: QSize) -> QPoint:
        """The place, moved so that all of the editor is in the parent."""
        room = self._parent.size() - size
        return QPoint(max(0, min(max(4, place.x()), room.width() - 4)), max(0, min(place.y(), room.height())))

    def _show_picture(self, picture: QImage | None) -> None:
        self._picture.setVisible(picture is not None and not picture.isNull())
        if picture is None or picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = QSize(min(_PICTURE.width(), self._parent.width() - 32), _PICTURE.height()) * ratio
        scaled = picture.scaled(
            room.boundedTo(picture.size() * 3),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        pixmap = QPixmap.fromImage(scaled)
        pixmap.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixmap)

    def _picture_width(self) -> int:
        return self._picture.sizeHint().width() if not self._picture.isHidden() else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(QPen(colours.accent(self.palette()), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _dress(self) -> None:
        palette = QPalette(self._field.palette())
        palette.setColor(QPalette.ColorRole.Highlight, colours.accent(self.palette()))
        self._field.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent and event.type() == QEvent.Type.Resize and self.isVisible():
            self.move(self._inside(self.pos(), self.size()))
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                self.take()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        if watched is self._field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            if self._field.text() != self._before and self.window().isActiveWindow():
                self.take()  # what was typed is not lost by a click elsewhere; it can be undone
            elif self.window().isActiveWindow():
                self.leave()
        return super().eventFilter(watched, event)
