"""A chart of a key's usage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ocrdesk.desktop.ui import colours

_SIZE = QSize(320, 112)
_BASE_PX = 20
"""Below the bars: the first and the last day."""
_TOP_PX = 18
_GAP_PX = 2.0


@dataclass(frozen=True, slots=True)
class Day:
    """The usage of one day."""

    date: date
    requests: int
    pages: int


class UsageChart(QWidget):
    """A bar of requests for each day, with a tool tip, and a summary for screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Sequence[Day] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Requests per day"))

    @property
    def days(self) -> Sequence[Day]:
        """The days that are shown, oldest first."""
        return self._days

    def show_days(self, days: Sequence[Day]) -> None:
        """Show these days, oldest first."""
        self._days = days
        self.setAccessibleDescription(self._summary())
        self.update()

    def sizeHint(self) -> QSize:
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        return QSize(160, _SIZE.height())

    def _most(self) -> Day | None:
        return max(self._days, key=lambda day: day.requests, default=None)

    def _summary(self) -> str:
        most = self._most()
        if most is None or not most.requests:
            return self.tr("Not used in this period")
        total = sum(day.requests for day in self._days)
        return self.tr("{total} requests in {days} days, most on {date}: {most}").format(
            total=total, days=len(self._days), date=_format_day(most.date), most=most.requests
        )

    def _bar(self, index: int) -> QRectF:
        """Return the area of a day, with the height of the tallest bar."""
        width = self.width() / max(1, len(self._days))
        return QRectF(index * width, _TOP_PX, width, self.height() - _BASE_PX - _TOP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        baseline = self.height() - _BASE_PX
        painter.fillRect(QRectF(0, baseline, self.width(), 1), colours.hairline(palette))
        most = self._most()
        top = most.requests if most else 0
        for index, day in enumerate(self._days):
            if day.requests:
                room = self._bar(index)
                height = max(2.0, room.height() * day.requests / top)
                inset = min(_GAP_PX / 2, room.width() / 4)
                bar = QRectF(room.left() + inset, baseline - height, room.width() - 2 * inset, height)
                painter.fillRect(bar, colours.accent(palette))
        painter.setPen(colours.muted(palette))
        painter.drawText(QRectF(0, 0, self.width(), _TOP_PX), Qt.AlignmentFlag.AlignLeft, self._summary())
        if self._days:
            below = QRectF(0, baseline + 2, self.width(), _BASE_PX - 2)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, _format_day(self._days[0].date))
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, _format_day(self._days[-1].date))
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._days:
            index = min(len(self._days) - 1, max(0, event.pos().x() * len(self._days) // max(1, self.width())))
            day = self._days[index]
            words = self.tr("{date}: {requests} requests, {pages} pages").format(
                date=_format_day(day.date), requests=day.requests, pages=day.pages
            )
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


def _format_day(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
