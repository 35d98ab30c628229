"""The library's hits as a list: the model that holds them, and the delegate that paints name, place and line."""

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
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

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
                return f"{hit.document.name}\n{self.place(hit)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{hit.document.name}, {self.place(hit)}, {hit.snippet.text}"
            case role if role == HIT:
                return hit
        return None

    def place(self, hit: Hit) -> str:
        """The page, where there is more than one, and the day."""
        at = hit.document.at.astimezone()
        day = QLocale().toString(QDate(at.year, at.month, at.day), QLocale.FormatType.ShortFormat)
        if hit.document.page_count <= 1:
            return day
        return self.tr("Page {number} of {count}, {day}").format(
            number=hit.page, count=hit.document.page_count, day=day
        )


class HitDelegate(QStyledItemDelegate):
    """The name, the place at the right, and below them the line with what was looked for in bold."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, 2 * QFontMetrics(option.font).height() + _GAP_PX + 2 * _PAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, HitsModel):
            return
        hit: Hit = index.data(HIT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option)
        area = option.rect.adjusted(16, _PAD_PX, -16, -_PAD_PX)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        height = QFontMetrics(option.font).height()
        first = QRect(area.left(), area.top(), area.width(), height)
        place = model.place(hit)
        muted = colours.muted(option.palette)
        painter.setFont(option.font)
        painter.setPen(muted)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, place)
        room_px = area.width() - QFontMetrics(option.font).horizontalAdvance(place) - 16
        painter.setFont(bold)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        name = QFontMetrics(bold).elidedText(hit.document.name, Qt.TextElideMode.ElideMiddle, room_px)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        second = QRect(area.left(), first.bottom() + 1 + _GAP_PX, area.width(), height)
        _paint_line(painter, second, option, hit)
        painter.restore()


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
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
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.Bold)
        look.setForeground(option.palette.color(QPalette.ColorRole.Text))
        span.format = look
        formats.append(span)
    layout.setFormats(formats)
    layout.beginLayout()
    layout.createLine().setLineWidth(100_000)  # one line, cut off by the clip
    layout.endLayout()
    painter.setPen(colours.muted(option.palette))
    painter.setClipRect(area)
    layout.draw(painter, area.topLeft())
