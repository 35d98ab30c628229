"""The page's picture: zoomed and moved, with boxes over its words, and words chosen on it by mouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ocrdesk.desktop.ui import colours

MARGIN_PX = 16
_LEAST_ZOOM, _MOST_ZOOM = 0.05, 8.0
_STEP = 1.25
_AROUND_BOX = (-5, -5, 5, 5)
"""How far the lines around a box go beyond it, in pixels of the view."""
_DOUBT = QColor("#b35900")
"""On paper, which is light whatever the palette is: 4.8:1 against white."""
_CHOSEN = QColor("#0b57d0")


class Fit(Enum):
    """How the zoom follows the view's size."""

    WIDTH = "width"
    PAGE = "page"
    NONE = "none"


class PageView(QAbstractScrollArea):
    """Shows one page. Boxes are given and told in page-image pixels; what they mean is its owner's affair."""

    zoomed = Signal()
    area_chosen = Signal(QRect)
    """What was clicked (a pixel) or drawn a rectangle around, in page-image pixels."""
    turned = Signal(int)
    """The next (1) or previous (-1) page is wanted."""
    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Page picture"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAccessibleName(self.tr("Page picture"))
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._fit = Fit.WIDTH
        self._zoom = 1.0
        self._page = QSize()
        self._dpi = 0.0
        self._picture: QImage | None = None
        self._message = ""
        self._doubtful: list[QRect] = []
        self._chosen: list[QRect] = []
        self._pressed: QPoint | None = None
        self._drawn: QRect | None = None
        self._moved_from: QPoint | None = None

    # ── what it is told ──────────────────────────────────────────────────────────────────────────────

    def show_page(self, size: QSize, dpi: float) -> None:
        """Another page of this size, in page-image pixels; an empty size for none."""
        self._page, self._dpi = size, dpi
        self._picture, self._message = None, ""
        self._doubtful, self._chosen = [], []
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self.zoomed.emit()

    def set_picture(self, picture: QImage | None, message: str = "") -> None:
        """The page's picture in whatever width; or what is said in its place."""
        if picture is self._picture and message == self._message:
            return
        self._picture, self._message = picture, message
        if self._page.isEmpty() and picture is not None:
            self._page = picture.size()
            self._arrange()
        self.viewport().update()

    def set_boxes(self, doubtful: Sequence[QRect], chosen: Sequence[QRect]) -> None:
        """Draws anew only where a box comes or goes: the picture is large, and it stays."""
        changed, seen = QRegion(), self.viewport().rect()
        for before, after in ((self._doubtful, doubtful), (self._chosen, chosen)):
            for place in set(map(_corners, before)) ^ set(map(_corners, after)):
                box = self.to_view(QRect(QPoint(*place[:2]), QPoint(*place[2:]))).toAlignedRect()
                changed += box.adjusted(*_AROUND_BOX).intersected(seen)
        self._doubtful, self._chosen = list(doubtful), list(chosen)
        self.viewport().update(changed)

    def reveal(self, boxes: Iterable[QRect]) -> None:
        """Scrolls until the boxes are seen, if they are not."""
        whole = QRect()
        for box in boxes:
            whole = whole.united(box)
        if whole.isEmpty():
            return
        room = QRectF(self.viewport().rect()).adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        seen = self.to_view(whole)
        if not room.contains(seen):
            across, down = self.horizontalScrollBar(), self.verticalScrollBar()
            if seen.left() < room.left() or seen.right() > room.right():
                across.setValue(round(across.value() + seen.center().x() - room.center().x()))
            if seen.top() < room.top() or seen.bottom() > room.bottom():
                down.setValue(round(down.value() + seen.center().y() - room.center().y()))

    # ── what it shows ────────────────────────────────────────────────────────────────────────────────

    @property
    def picture(self) -> QImage | None:
        """The page's picture; None while there is none."""
        return self._picture

    @property
    def message(self) -> str:
        """What is said in the picture's place."""
        return self._message

    @property
    def doubtful_boxes(self) -> list[QRect]:
        """The boxes around doubtful words, in page-image pixels."""
        return list(self._doubtful)

    @property
    def chosen_boxes(self) -> list[QRect]:
        """The boxes around the chosen words, in page-image pixels."""
        return list(self._chosen)

    # ── zoom ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def fit(self) -> Fit:
        return self._fit

    def set_fit(self, fit: Fit) -> None:
        self._fit = fit
        self._arrange()
        self.zoomed.emit()

    def percent(self) -> int:
        """100 is the size on paper; of a page whose resolution is not known, a pixel a pixel."""
        return round(self._zoom * 100 / self._natural_zoom())

    def zoom_by(self, steps: float) -> None:
        """In (positive) or out, around the view's middle."""
        self._zoom_at(steps, QPointF(self.viewport().rect().center()))

    def zoom_to_actual_size(self) -> None:
        self._fit = Fit.NONE
        self._set_zoom(self._natural_zoom())

    def wanted_width(self) -> int:
        """How many pixels wide a picture must be to be sharp."""
        return round(self._page.width() * self._zoom * self.devicePixelRatioF())

    def _natural_zoom(self) -> float:
        return self.logicalDpiX() / self._dpi if self._dpi else 1.0

    def _zoom_at(self, steps: float, point: QPointF) -> None:
        on_page = self.to_page(point)
        self._fit = Fit.NONE
        self._set_zoom(self._zoom * _STEP**steps)
        moved = self.to_view(QRectF(on_page, on_page)).topLeft() - point
        self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + moved.x()))
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + moved.y()))

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = min(max(zoom, _LEAST_ZOOM), _MOST_ZOOM)
        self._arrange()
        self.zoomed.emit()

    def _arrange(self) -> None:
        """The zoom that fits, and the scroll bars' ranges."""
        room = self.maximumViewportSize() - QSize(2 * MARGIN_PX, 2 * MARGIN_PX)
        if not self._page.isEmpty() and self._fit is not Fit.NONE and not room.isEmpty():
            width = room.width() / self._page.width()
            height = room.height() / self._page.height()
            if self._fit is Fit.WIDTH and self._page.height() * width > room.height():
                width = max(1, room.width() - self.verticalScrollBar().sizeHint().width()) / self._page.width()
            self._zoom = min(width, height) if self._fit is Fit.PAGE else width
        whole = self._scaled() + QSize(2 * MARGIN_PX, 2 * MARGIN_PX)
        seen = self.viewport().size()
        for bar, length, part in (
            (self.horizontalScrollBar(), whole.width(), seen.width()),
            (self.verticalScrollBar(), whole.height(), seen.height()),
        ):
            bar.setRange(0, max(0, length - part))
            bar.setPageStep(part)
            bar.setSingleStep(40)
        self.viewport().update()

    # ── places ───────────────────────────────────────────────────────────────────────────────────────

    def _scaled(self) -> QSize:
        return QSize(round(self._page.width() * self._zoom), round(self._page.height() * self._zoom))

    def _origin(self) -> QPointF:
        """Where the page's corner is in the viewport."""
        size, seen = self._scaled(), self.viewport().size()
        left = max(MARGIN_PX, (seen.width() - size.width()) // 2) - self.horizontalScrollBar().value()
        top = max(MARGIN_PX, (seen.height() - size.height()) // 2) - self.verticalScrollBar().value()
        return QPointF(left, top)

    def to_view(self, box: QRect | QRectF) -> QRectF:
        """Return where a box of the page is in the viewport."""
        origin = self._origin()
        left, top = origin.x() + box.x() * self._zoom, origin.y() + box.y() * self._zoom
        return QRectF(left, top, box.width() * self._zoom, box.height() * self._zoom)

    def to_page(self, point: QPointF) -> QPointF:
        """Return the place on the page of a point in the viewport, in page-image pixels."""
        return (point - self._origin()) / self._zoom

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        palette = self.palette()
        painter.fillRect(self.viewport().rect(), colours.mix_of_text(palette, 0.08))
        if not self._page.isEmpty():
            sheet = QRectF(self._origin(), self._scaled())
            painter.fillRect(sheet, Qt.GlobalColor.white)
            if self._picture is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                self._paint_seen(painter, self._picture, sheet)
            self._paint_boxes(painter)
        if self._message:
            painter.setPen(QColor("#444444") if not self._page.isEmpty() else colours.muted(palette))
            room = self.viewport().rect().adjusted(32, 32, -32, -32)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
        if self.hasFocus():
            painter.setPen(QPen(colours.accent(palette), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_seen(self, painter: QPainter, picture: QImage, sheet: QRectF) -> None:
        """Only what is in the view: a zoomed page is many times as large."""
        seen = sheet.intersected(QRectF(self.viewport().rect()))
        if seen.isEmpty():
            return
        across, down = picture.width() / sheet.width(), picture.height() / sheet.height()
        part = QRectF(
            (seen.left() - sheet.left()) * across,
            (seen.top() - sheet.top()) * down,
            seen.width() * across,
            seen.height() * down,
        )
        painter.drawImage(seen, picture, part)

    def _paint_boxes(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QRectF(self.viewport().rect())
        painter.setBrush(QBrush(_with_alpha(_DOUBT, 28)))
        painter.setPen(QPen(_DOUBT, 1.5))
        for box in self._doubtful:
            place = self.to_view(box).adjusted(-1, -1, 1, 1)
            if place.intersects(seen):
                painter.drawRoundedRect(place, 2, 2)
        painter.setBrush(QBrush(_with_alpha(_CHOSEN, 40)))
        painter.setPen(QPen(_CHOSEN, 2.5))
        for box in self._chosen:
            painter.drawRoundedRect(self.to_view(box).adjusted(-2, -2, 2, 2), 3, 3)
        if self._drawn is not None:
            painter.setPen(QPen(_CHOSEN, 1, Qt.PenStyle.DashLine))
            painter.drawRect(self._drawn)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.zoomed.emit()

    def scrollContentsBy(self, _across: int, _down: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_at(event.angleDelta().y() / 120, event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._drawn = event.position().toPoint(), None
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._moved_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._moved_from is not None:
            moved = at - self._moved_from
            self._moved_from = at
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
        elif self._pressed is not None and (at - self._pressed).manhattanLength() > 4:
            self._drawn = QRect(self._pressed, at).normalized()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._moved_from = None
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        area = (
            QRectF(self._drawn) if self._drawn is not None else QRectF(QPointF(self._pressed), QPointF(self._pressed))
        )
        self._pressed, self._drawn = None, None
        self.viewport().update()
        self.area_chosen.emit(QRectF(self.to_page(area.topLeft()), self.to_page(area.bottomRight())).toAlignedRect())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Space: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            across = self.horizontalScrollBar()
            across.setValue(across.value() + across.singleStep() * (1 if key == Qt.Key.Key_Right else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(bar.minimum() if key == Qt.Key.Key_Home else bar.maximum())
        elif key not in steps:
            super().keyPressEvent(event)
        else:
            before = bar.value()
            bar.setValue(before + steps[key])
            if bar.value() == before and key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Space):
                self.turned.emit(1 if steps[key] > 0 else -1)


def _with_alpha(colour: QColor, alpha: int) -> QColor:
    faint = QColor(colour)
    faint.setAlpha(alpha)
    return faint


def _corners(box: QRect) -> tuple[int, int, int, int]:
    return box.left(), box.top(), box.right(), box.bottom()
