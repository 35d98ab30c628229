"""The list of hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ocrdesk.desktop.ui import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrdesk.desktop.library.records import Hit

Index = QModelIndex | QPersistentModelIndex
HIT = Qt.ItemDataRole.UserRole + 1
_GAP_PX = 4
_PAD_PX = 10


class HitsModel(QAbstractListModel):
    """The hits of one search, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()

    def show(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self._hits = tuple(hits)
        self.endResetModel()

    def hits(self) -> Sequence[Hit]:
        return self._hits

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not self.checkIndex(index, QAbstractListModel.CheckIndexOption.IndexIsValid):
            return None
        hit = self._hits[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return hit.document.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{hit.document.name}\n{self.page_and_date(hit)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{hit.document.name}, {self.page_and_date(hit)}, {hit.snippet.text}"
            case role if role == HIT:
                return hit
        return None

    def page_and_date(self, hit: Hit) -> str:
        """Return the date, and the page number if the document has several pages."""
        at = hit.document.at.astimezone()
        day = QLocale().toString(QDate(at.year, at.month, at.day), QLocale.FormatType.ShortFormat)
        if hit.document.page_count <= 1:
            return day
        return self.tr("Page {number} of {count}, {day}").format(
            number=hit.page, count=hit.document.page_count, day=day
        )


class HitDelegate(QStyledItemDelegate):
    """Paints the name, page and date at the right, and below them a line of text with the search words in bold."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, 2 * QFontMetrics(option.font).height() + _GAP_PX + 2 * _PAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, HitsModel):
            return
        hit: Hit = index.data(HIT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_background(painter, option)
        area = option.rect.adjusted(16, _PAD_PX, -16, -_PAD_PX)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        height = QFontMetrics(option.font).height()
        first = QRect(area.left(), area.top(), area.width(), height)
        page_and_date = model.page_and_date(hit)
        muted = colours.muted(option.palette)
        painter.setFont(option.font)
        painter.setPen(muted)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, page_and_date)
        room_px = area.width() - QFontMetrics(option.font).horizontalAdvance(page_and_date) - 16
        painter.setFont(bold)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        name = QFontMetrics(bold).elidedText(hit.document.name, Qt.TextElideMode.ElideMiddle, room_px)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        second = QRect(area.left(), first.bottom() + 1 + _GAP_PX, area.width(), height)
        _paint_line(painter, second, option, hit)
        painter.restore()


class HitList(QListView):
    """Shows the hits of a model."""

    def __init__(self, model: HitsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(HitDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Hits"))


def _paint_background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if selected or hovered:
        accent = colours.accent(option.palette)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.tint(option.palette, accent, 0.16 if selected else 0.06))
        painter.drawRoundedRect(option.rect.adjusted(4, 2, -4, -2), 6, 6)


def _paint_line(painter: QPainter, area: QRect, option: QStyleOptionViewItem, hit: Hit) -> None:
    layout = QTextLayout(hit.snippet.text, option.font)
    formats = []
    for start, end in hit.snippet.marks:
        span = QTextLayout.FormatRange()
        span.start, span.length = start, end - start
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        bold.setForeground(option.palette.color(QPalette.ColorRole.Text))
        span.format = bold
        formats.append(span)
    layout.setFormats(formats)
    layout.beginLayout()
    layout.createLine().setLineWidth(100_000)  # a single line; the clip rectangle cuts it off
    layout.endLayout()
    painter.setPen(colours.muted(option.palette))
    painter.setClipRect(area)
    layout.draw(painter, area.topLeft())
