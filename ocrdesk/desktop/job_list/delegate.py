"""Paints a row: a badge for its state, the file's name, the progress, a bar while it runs."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ocrdesk.desktop.jobs.model import JobRole
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning

_GRID_PX = 8
_BADGE_PX = 20
_BAR_PX = 4
_BAD = (RowState.FAILED, RowState.REFUSED)


class JobDelegate(QStyledItemDelegate):
    """Takes all content from the model's roles, and all colours from the view's palette."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        name, line = _fonts(option.font)
        text_px = QFontMetrics(name).height() + _GRID_PX // 2 + QFontMetrics(line).height()
        return QSize(200, text_px + 4 * _GRID_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_background(painter, option)
        area = option.rect.adjusted(2 * _GRID_PX, 0, -2 * _GRID_PX, 0)
        badge = QRectF(area.left(), area.center().y() + 0.5 - _BADGE_PX / 2, _BADGE_PX, _BADGE_PX)
        state = RowState(index.data(JobRole.STATE))  # Qt returns a str enum as its text
        _paint_badge(painter, badge, state, option.palette, partly=index.data(JobRole.PAGES_FAILED) > 0)
        _paint_text(painter, area.adjusted(_BADGE_PX + _GRID_PX * 3 // 2, 0, 0, 0), option, index)
        painter.restore()


def _fonts(base: QFont) -> tuple[QFont, QFont]:
    """Return the fonts of the file name and of the state line."""
    name, line = QFont(base), QFont(base)
    name.setWeight(QFont.Weight.DemiBold)
    line.setPointSizeF(base.pointSizeF() * 0.92)
    return name, line


def _paint_background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Paint the selection as a tint of the accent, so that text keeps its colours, and the focus as a ring."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    accent = colours.accent(option.palette)
    card = QRectF(option.rect).adjusted(4, 2, -4, -2)
    painter.setPen(Qt.PenStyle.NoPen)
    if selected or hovered:
        painter.setBrush(colours.tint(option.palette, accent, 0.16 if selected else 0.06))
        painter.drawRoundedRect(card, 6, 6)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1.5))
        painter.drawRoundedRect(card.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)


def _paint_text(painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Any) -> None:
    name_font, line_font = _fonts(option.font)
    name_metrics, line_metrics = QFontMetrics(name_font), QFontMetrics(line_font)
    fraction: float | None = index.data(JobRole.FRACTION)
    bar_px = _GRID_PX // 2 + _BAR_PX if fraction is not None else 0
    height = name_metrics.height() + _GRID_PX // 2 + line_metrics.height() + bar_px
    top = area.center().y() + 1 - height // 2

    when: str = index.data(JobRole.WHEN)
    when_px = line_metrics.horizontalAdvance(when)
    muted = colours.muted(option.palette)
    painter.setFont(line_font)
    painter.setPen(muted)
    first = QRect(area.left(), top, area.width(), name_metrics.height())
    painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, when)

    painter.setFont(name_font)
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    room_px = area.width() - when_px - 2 * _GRID_PX
    name = name_metrics.elidedText(index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideMiddle, room_px)
    painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    second = QRect(area.left(), first.bottom() + 1 + _GRID_PX // 2, area.width(), line_metrics.height())
    bad = RowState(index.data(JobRole.STATE)) in _BAD
    painter.setFont(line_font)
    painter.setPen(colours.meaning(option.palette, Meaning.BAD) if bad else muted)
    line = line_metrics.elidedText(index.data(JobRole.STATE_LINE), Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
    if fraction is not None:
        bar = QRectF(area.left(), second.bottom() + 1 + _GRID_PX // 2, area.width(), _BAR_PX)
        _paint_bar(painter, bar, fraction, option.palette)


def _paint_bar(painter: QPainter, bar: QRectF, fraction: float, palette: QPalette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.hairline(palette))
    painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
    if fraction > 0:
        painter.setBrush(colours.accent(palette))
        done = QRectF(bar.left(), bar.top(), max(_BAR_PX, bar.width() * fraction), bar.height())
        painter.drawRoundedRect(done, _BAR_PX / 2, _BAR_PX / 2)


def _paint_badge(painter: QPainter, badge: QRectF, state: RowState, palette: QPalette, *, partly: bool) -> None:
    """A shape for each state, so that it is not told by its colour alone."""
    ring = badge.adjusted(1.5, 1.5, -1.5, -1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match state:
        case RowState.FINISHED if partly:
            _paint_disc(painter, badge, colours.meaning(palette, Meaning.WAIT))
            _paint_mark(painter, badge, palette)
        case RowState.FINISHED:
            _paint_disc(painter, badge, colours.meaning(palette, Meaning.GOOD))
            _paint_stroke(painter, badge, palette, [(0.28, 0.52), (0.44, 0.68), (0.73, 0.35)])
        case RowState.FAILED | RowState.REFUSED:
            _paint_disc(painter, badge, colours.meaning(palette, Meaning.BAD))
            _paint_mark(painter, badge, palette)
        case RowState.CANCELLED:
            _paint_disc(painter, badge, colours.muted(palette))
            _paint_stroke(painter, badge, palette, [(0.3, 0.5), (0.7, 0.5)])
        case RowState.PAUSED:
            painter.setPen(QPen(colours.muted(palette), 1.75))
            painter.drawEllipse(ring)
            for x in (0.4, 0.6):
                painter.drawPolyline([_at(badge, x, 0.35), _at(badge, x, 0.65)])
        case RowState.STARTED | RowState.SENDING:
            painter.setPen(QPen(colours.hairline(palette), 2.5))
            painter.drawEllipse(ring)
            painter.setPen(QPen(colours.accent(palette), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(ring, 90 * 16, -110 * 16)
        case RowState.WAITING | RowState.QUEUED:
            painter.setPen(QPen(colours.muted(palette), 1.75))
            painter.drawEllipse(ring)
            painter.setPen(QPen(colours.muted(palette), 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline([_at(badge, 0.5, 0.28), _at(badge, 0.5, 0.52), _at(badge, 0.66, 0.6)])


def _paint_disc(painter: QPainter, badge: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(badge)


def _paint_mark(painter: QPainter, badge: QRectF, palette: QPalette) -> None:
    """An exclamation mark."""
    _paint_stroke(painter, badge, palette, [(0.5, 0.25), (0.5, 0.55)])
    _paint_stroke(painter, badge, palette, [(0.5, 0.74), (0.5, 0.745)])


def _paint_stroke(painter: QPainter, badge: QRectF, palette: QPalette, points: list[tuple[float, float]]) -> None:
    base = palette.color(QPalette.ColorRole.Base)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(base, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline([_at(badge, x, y) for x, y in points])


def _at(badge: QRectF, x: float, y: float) -> QPointF:
    return QPointF(badge.left() + badge.width() * x, badge.top() + badge.height() * y)
