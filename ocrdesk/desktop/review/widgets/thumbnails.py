"""The strip of page thumbnails: as long as the document, but only those that are seen are fetched."""

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

from ocrdesk.desktop.review.document.page_images import PagePictures, Wanted
from ocrdesk.desktop.ui import colours

_WIDTH_PX, _HEIGHT_PX = 88, 116
_ITEM = QSize(_WIDTH_PX + 24, _HEIGHT_PX + 36)
_PICTURE_WIDTH = 200
"""The smallest that the server makes: enough for two device pixels a pixel."""
_SETTLE_MS = 80


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


class _Thumbnail(QStyledItemDelegate):
    def __init__(self, pictures: PagePictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return _ITEM

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area: QRect = option.rect
        palette, widget = option.palette, self.parent()
        sheet = QRect(area.center().x() - _WIDTH_PX // 2, area.top() + 8, _WIDTH_PX, _HEIGHT_PX)
        image = self._pictures.picture(int(index.data()), _PICTURE_WIDTH)
        if image is not None:
            size = image.size().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
            sheet = QRect(area.center().x() - size.width() // 2, sheet.bottom() - size.height(), *size.toTuple())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(sheet, Qt.GlobalColor.white)
        if image is not None:
            painter.drawImage(sheet, image)
        is_current = isinstance(widget, QListView) and widget.currentIndex() == index
        painter.setPen(QPen(colours.accent(palette), 3) if is_current else QPen(colours.mix_of_text(palette, 0.3), 1))
        painter.drawRect(sheet)
        painter.setPen(palette.color(palette.ColorRole.Text) if is_current else colours.muted(palette))
        below = QRect(area.left(), sheet.bottom() + 4, area.width(), area.bottom() - sheet.bottom() - 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(index.data()))
        painter.restore()


class PageStrip(QListView):
    page_chosen = Signal(int)

    def __init__(self, pictures: PagePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(_ITEM.width() + 16)
        self._pictures = pictures
        self._model = _PagesModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Thumbnail(pictures, self))
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._want_seen)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._settled.start())
        pictures.arrived.connect(lambda _: self.viewport().update())
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_pages(self, numbers: Sequence[int]) -> None:
        if tuple(numbers) != tuple(self._model.numbers):
            self._model.show(numbers)
        self._settled.start()

    def set_current(self, number: int) -> None:
        if number in self._model.numbers:
            index = self._model.index(self._model.numbers.index(number))
            if index != self.currentIndex():
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settled.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settled.start()

    def _want_seen(self) -> None:
        if not self.isVisible() or not self._model.numbers:
            return
        first = max(0, self.verticalScrollBar().value() // _ITEM.height())
        count = self.viewport().height() // _ITEM.height() + 2
        self._pictures.want([Wanted(number, _PICTURE_WIDTH) for number in self._model.numbers[first : first + count]])

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.page_chosen.emit(self._model.numbers[index.row()])
