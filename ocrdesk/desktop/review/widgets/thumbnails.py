"""The strip of page thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ocrdesk.desktop.review.document.page_images import ImageRequest, PageImages
from ocrdesk.desktop.ui import colours

_WIDTH_PX, _HEIGHT_PX = 88, 116
_ITEM = QSize(_WIDTH_PX + 24, _HEIGHT_PX + 36)
_IMAGE_WIDTH = 200
"""The smallest image that the server makes: enough for two device pixels per pixel."""
_AFTER_SCROLL_MS = 80


class _PagesModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.numbers: Sequence[int] = ()

    def show(self, numbers: Sequence[int]) -> None:
        self.beginResetModel()
        self.numbers = numbers
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own
        return 0 if parent.isValid() else len(self.numbers)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self.numbers[index.row()])
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.tr("Page {number}").format(number=self.numbers[index.row()])
        return None


class _ThumbnailDelegate(QStyledItemDelegate):
    def __init__(self, images: PageImages, parent: QWidget) -> None:
        super().__init__(parent)
        self._images = images

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return _ITEM

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area: QRect = option.rect
        palette, widget = option.palette, self.parent()
        frame = QRect(area.center().x() - _WIDTH_PX // 2, area.top() + 8, _WIDTH_PX, _HEIGHT_PX)
        image = self._images.image(int(index.data()), _IMAGE_WIDTH)
        if image is not None:
            size = image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            frame = QRect(area.center().x() - size.width() // 2, frame.bottom() - size.height(), *size.toTuple())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(frame, Qt.GlobalColor.white)
        if image is not None:
            painter.drawImage(frame, image)
        is_current = isinstance(widget, QListView) and widget.currentIndex() == index
        painter.setPen(QPen(colours.accent(palette), 3) if is_current else QPen(colours.mix_of_text(palette, 0.3), 1))
        painter.drawRect(frame)
        painter.setPen(palette.color(palette.ColorRole.Text) if is_current else colours.muted(palette))
        below = QRect(area.left(), frame.bottom() + 4, area.width(), area.bottom() - frame.bottom() - 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(index.data()))
        painter.restore()


class ThumbnailStrip(QListView):
    """Lists all pages, but fetches only visible thumbnails."""

    page_chosen = Signal(int)

    def __init__(self, images: PageImages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(_ITEM.width() + 16)
        self._images = images
        self._model = _PagesModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_ThumbnailDelegate(images, self))
        self._fetch_timer = QTimer(self, singleShot=True, interval=_AFTER_SCROLL_MS)
        self._fetch_timer.timeout.connect(self._request_visible)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._fetch_timer.start())
        images.arrived.connect(lambda _: self.viewport().update())
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_pages(self, numbers: Sequence[int]) -> None:
        if tuple(numbers) != tuple(self._model.numbers):
            self._model.show(numbers)
        self._fetch_timer.start()

    def set_current(self, number: int) -> None:
        if number in self._model.numbers:
            index = self._model.index(self._model.numbers.index(number))
            if index != self.currentIndex():
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fetch_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fetch_timer.start()

    def _request_visible(self) -> None:
        if not self.isVisible() or not self._model.numbers:
            return
        first = max(0, self.verticalScrollBar().value() // _ITEM.height())
        count = self.viewport().height() // _ITEM.height() + 2
        self._images.want([ImageRequest(number, _IMAGE_WIDTH) for number in self._model.numbers[first : first + count]])

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.page_chosen.emit(self._model.numbers[index.row()])
