"""The page image with word boxes; zoom and selection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
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
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from ocrdesk.desktop.ui import colours

if TYPE_CHECKING:
    from ocrdesk.contract.box import Box

MARGIN_PX = 16
_MIN_ZOOM, _MAX_ZOOM = 0.05, 8.0
_STEP = 1.25
_AROUND_BOX = (-5, -5, 5, 5)
"""How far a box's outline extends beyond it, in pixels of the view."""
_DOUBT = QColor("#b35900")
"""Contrast 4.8:1 against white: pages are light in every palette."""
_CHOSEN = QColor("#0b57d0")
_UNREAD = QColor("#7b1fa2")
"""Contrast 7:1 against white. Its outline is dashed, so that nobody depends on the colour."""


class Fit(Enum):
    """How the zoom follows the view's size."""

    WIDTH = "width"
    PAGE = "page"
    NONE = "none"


class PageView(QAbstractScrollArea):
    """Shows one page. All boxes are in page-image pixels."""

    zoomed = Signal()
    area_chosen = Signal(QRect)
    """The clicked pixel or the drawn rectangle, in page-image pixels."""
    page_step_wanted = Signal(int)
    """The user wants the next (1) or previous (-1) page."""
    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Page image"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAccessibleName(self.tr("Page image"))
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._fit = Fit.WIDTH
        self._zoom = 1.0
        self._page = QSize()
        self._dpi = 0.0
        self._image: QImage | None = None
        self._message = ""
        self._doubtful: list[QRect] = []
        self._chosen: list[QRect] = []
        self._unread: list[QRect] = []
        self._pressed: QPoint | None = None
        self._drawn: QRect | None = None
        self._moved_from: QPoint | None = None

    # ── showing ──────────────────────────────────────────────────────────────────────────────────

    def show_page(self, size: QSize, dpi: float) -> None:
        """Show another page of this size, in page-image pixels; an empty size for none."""
        self._page, self._dpi = size, dpi
        self._image, self._message = None, ""
        self._doubtful, self._chosen, self._unread = [], [], []
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self.zoomed.emit()

    def set_image(self, image: QImage | None, message: str = "") -> None:
        """Show the page's image, which may have any width, or a message instead."""
        if image is self._image and message == self._message:
            return
        self._image, self._message = image, message
        if self._page.isEmpty() and image is not None:
            self._page = image.size()
            self._arrange()
        self.viewport().update()

    def set_boxes(self, doubtful: Sequence[QRect], chosen: Sequence[QRect]) -> None:
        """Show these boxes. Repaints only boxes that have changed, because the image is large."""
        changed, seen = QRegion(), self.viewport().rect()
        for before, after in ((self._doubtful, doubtful), (self._chosen, chosen)):
            for left, top, right, bottom in set(map(_corners, before)) ^ set(map(_corners, after)):
                box = self.to_view(QRect(QPoint(left, top), QPoint(right, bottom))).toAlignedRect()
                changed += box.adjusted(*_AROUND_BOX).intersected(seen)
        self._doubtful, self._chosen = list(doubtful), list(chosen)
        self.viewport().update(changed)

    def set_unread(self, regions: Sequence[QRect]) -> None:
        """Show the regions with ink like text in which no word was read."""
        if list(regions) != self._unread:
            self._unread = list(regions)
            self.viewport().update()

    def reveal(self, boxes: Iterable[QRect]) -> None:
        """Scroll to the boxes if they are not visible."""
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

    # ── shown now ────────────────────────────────────────────────────────────────────────────────

    @property
    def image(self) -> QImage | None:
        """The page's image, or None."""
        return self._image

    @property
    def message(self) -> str:
        """The message shown instead of the image."""
        return self._message

    @property
    def doubtful_boxes(self) -> list[QRect]:
        """The boxes around doubtful words, in page-image pixels."""
        return list(self._doubtful)

    @property
    def chosen_boxes(self) -> list[QRect]:
        """The boxes around the chosen words, in page-image pixels."""
        return list(self._chosen)

    @property
    def unread_regions(self) -> list[QRect]:
        """The regions in which no word was read, in page-image pixels."""
        return list(self._unread)

    # ── zoom ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def fit(self) -> Fit:
        return self._fit

    def set_fit(self, fit: Fit) -> None:
        self._fit = fit
        self._arrange()
        self.zoomed.emit()

    def percent(self) -> int:
        """Return the zoom in percent. 100 is the size on paper, or one pixel per pixel if the resolution is unknown."""
        return round(self._zoom * 100 / self._natural_zoom())

    def zoom_by(self, steps: float) -> None:
        """Zoom in (positive) or out (negative), around the centre of the view."""
        self._zoom_at(steps, QPointF(self.viewport().rect().center()))

    def zoom_to_actual_size(self) -> None:
        self._fit = Fit.NONE
        self._set_zoom(self._natural_zoom())

    def wanted_width(self) -> int:
        """Return how many pixels wide an image must be to look sharp."""
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
        self._zoom = min(max(zoom, _MIN_ZOOM), _MAX_ZOOM)
        self._arrange()
        self.zoomed.emit()

    def _arrange(self) -> None:
        """Update the zoom that fits, and the ranges of the scroll bars."""
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

    # ── coordinates ──────────────────────────────────────────────────────────────────────────────

    def _scaled(self) -> QSize:
        return QSize(round(self._page.width() * self._zoom), round(self._page.height() * self._zoom))

    def _origin(self) -> QPointF:
        """Return where the page's corner is in the viewport."""
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
        """Return the point on the page for a point in the viewport, in page-image pixels."""
        return (point - self._origin()) / self._zoom

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        palette = self.palette()
        painter.fillRect(self.viewport().rect(), colours.mix_of_text(palette, 0.08))
        if not self._page.isEmpty():
            page = QRectF(self._origin(), self._scaled())
            painter.fillRect(page, Qt.GlobalColor.white)
            if self._image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                self._paint_visible_part(painter, self._image, page)
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

    def _paint_visible_part(self, painter: QPainter, image: QImage, page: QRectF) -> None:
        """Paint only the visible part: a zoomed page is many times as large."""
        seen = page.intersected(QRectF(self.viewport().rect()))
        if seen.isEmpty():
            return
        across, down = image.width() / page.width(), image.height() / page.height()
        part = QRectF(
            (seen.left() - page.left()) * across,
            (seen.top() - page.top()) * down,
            seen.width() * across,
            seen.height() * down,
        )
        painter.drawImage(seen, image, part)

    def _paint_boxes(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QRectF(self.viewport().rect())
        painter.setBrush(QBrush(_with_alpha(_DOUBT, 28)))
        painter.setPen(QPen(_DOUBT, 1.5))
        for box in self._doubtful:
            outline = self.to_view(box).adjusted(-1, -1, 1, 1)
            if outline.intersects(seen):
                painter.drawRoundedRect(outline, 2, 2)
        painter.setBrush(QBrush(_with_alpha(_UNREAD, 16)))
        painter.setPen(QPen(_UNREAD, 1.5, Qt.PenStyle.DashLine))
        for box in self._unread:
            if (outline := self.to_view(box)).intersects(seen):
                painter.drawRect(outline)
        painter.setBrush(QBrush(_with_alpha(_CHOSEN, 40)))
        painter.setPen(QPen(_CHOSEN, 2.5))
        for box in self._chosen:
            painter.drawRoundedRect(self.to_view(box).adjusted(-2, -2, 2, 2), 3, 3)
        if self._drawn is not None:
            painter.setPen(QPen(_CHOSEN, 1, Qt.PenStyle.DashLine))
            painter.drawRect(self._drawn)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.to_page(QPointF(event.pos())).toPoint()
            is_unread = any(box.contains(at) for box in self._unread)
            QToolTip.showText(event.globalPos(), self.tr("No word was read here.") if is_unread else "", self)
            return True
        return super().viewportEvent(event)

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
                self.page_step_wanted.emit(1 if steps[key] > 0 else -1)


def rect_of(box: Box) -> QRect:
    """Return a box of a Document as Qt's rectangle."""
    return QRect(box.left, box.top, box.width, box.height)


def _with_alpha(colour: QColor, alpha: int) -> QColor:
    faint = QColor(colour)
    faint.setAlpha(alpha)
    return faint


def _corners(box: QRect) -> tuple[int, int, int, int]:
    return box.left(), box.top(), box.right(), box.bottom()
