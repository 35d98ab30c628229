"""Lets the user draw the region, by mouse or keyboard, on screenshots that cover all screens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.capture.screenshots import Screenshot

_SHADE = QColor(0, 0, 0, 110)
_MIN_PX = 4
"""A smaller rectangle is a click, not a choice."""
_STEP_PX, _FINE_STEP_PX = 20, 1
_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


class RegionOverlay(QObject):
    """One window per screen, and one rectangle, in the pixels of the screenshots' areas: it may span screens."""

    chosen = Signal(QRect)
    cancelled = Signal()

    def __init__(self, shots: Sequence[Screenshot], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.point = _point_under_mouse(shots, QCursor.pos())
        self.start: QPoint | None = None
        self._shots = shots
        self.windows = [_ScreenWindow(self, shot) for shot in shots]

    def show(self) -> None:
        for window in self.windows:
            window.cover()
        self._window_at_point().activateWindow()
        self._window_at_point().setFocus()

    def close(self) -> None:
        for window in self.windows:
            window.hide()
            window.deleteLater()
        self.windows = []

    def rectangle(self) -> QRect:
        """Return what is drawn so far; empty before the first corner is set."""
        return QRect() if self.start is None else QRect(self.start, self.point).normalized()

    # ── reported by the windows ──────────────────────────────────────────────────────────────────────

    def begin(self, at: QPoint) -> None:
        self.start = self.point = at
        self._paint()

    def move(self, to: QPoint) -> None:
        self.point = to
        self._paint()

    def finish(self) -> None:
        found = self.rectangle()
        if min(found.width(), found.height()) < _MIN_PX:
            self.start = None
            self._paint()
            return
        self.close()
        self.chosen.emit(found)

    def cancel(self) -> None:
        self.close()
        self.cancelled.emit()

    def press_key(self, key: int, *, fine: bool) -> bool:
        """Move the cross by arrows, set the corners by Enter or Space, cancel by Escape; False for other keys."""
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.start is None:
                self.begin(self.point)
            else:
                self.finish()
        elif key in _ARROWS:
            step = _ARROWS[Qt.Key(key)] * (_FINE_STEP_PX if fine else _STEP_PX)
            self.move(_within(self._shots, self.point + step))
        else:
            return False
        return True

    def _window_at_point(self) -> _ScreenWindow:
        here = [window for window in self.windows if window.shot.area.contains(self.point)]
        return (here or self.windows)[0]

    def _paint(self) -> None:
        for window in self.windows:
            window.update()


class _ScreenWindow(QWidget):
    """One screen's window."""

    def __init__(self, overlay: RegionOverlay, shot: Screenshot) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.shot = shot
        self._overlay = overlay
        self.setObjectName("screen_region")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setWindowTitle(self.tr("Choose a part of the screen"))
        self.setAccessibleName(self.windowTitle())
        self.setAccessibleDescription(
            self.tr("Drag a rectangle over the text. Or move with the arrow keys and set two corners with Enter.")
        )

    def cover(self) -> None:
        screen = QGuiApplication.screenAt(self.shot.geometry.center())
        if screen is not None:
            self.setScreen(screen)
        self.setGeometry(self.shot.geometry)
        self.showFullScreen()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(self.rect(), self.shot.image)
        chosen = self.shot.to_window(self._overlay.rectangle())
        bright = chosen & self.rect()
        painter.fillRect(self.rect(), _SHADE)
        if not bright.isEmpty():
            scale = self.shot.image.width() / max(self.width(), 1)
            source = QRect(bright.topLeft() * scale, bright.size() * scale)
            painter.drawImage(bright, self.shot.image, source)
            painter.setPen(QPen(Qt.GlobalColor.white, 3))
            painter.drawRect(chosen)
            painter.setPen(QPen(Qt.GlobalColor.black, 1))
            painter.drawRect(chosen)
        else:
            self._paint_cross(painter)
            self._paint_hint(painter)
        painter.end()

    def _paint_cross(self, painter: QPainter) -> None:
        point = self.shot.to_window(QRect(self._overlay.point, QSize(1, 1))).topLeft()
        for colour, width in ((Qt.GlobalColor.black, 3), (Qt.GlobalColor.white, 1)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(point.x() - 12, point.y(), point.x() + 12, point.y())
            painter.drawLine(point.x(), point.y() - 12, point.x(), point.y() + 12)

    def _paint_hint(self, painter: QPainter) -> None:
        hint = self.tr("Drag over the text to read.  Keyboard: arrows, Enter.  Cancel: Esc")
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        painter.setFont(font)
        box = painter.fontMetrics().boundingRect(hint).adjusted(-20, -12, 20, 12)
        box.moveCenter(QPoint(self.width() // 2, 72))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 210))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, hint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._overlay.begin(self._point_of(event))
        else:
            self._overlay.cancel()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._overlay.start is not None:
            self._overlay.move(self._point_of(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._overlay.start is not None:
            self._overlay.move(self._point_of(event))
            self._overlay.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not self._overlay.press_key(event.key(), fine=fine):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _point_of(self, event: QMouseEvent) -> QPoint:
        """Return the mouse position, from the one in this window: between screens Qt's global positions may jump."""
        return self.shot.to_area(event.position())


def _point_under_mouse(shots: Sequence[Screenshot], logical: QPoint) -> QPoint:
    for shot in shots:
        if shot.geometry.contains(logical):
            return shot.to_area(QPointF(logical - shot.geometry.topLeft()))
    return _within(shots, logical)


def _within(shots: Sequence[Screenshot], point: QPoint) -> QPoint:
    """Return the point if it is on a screen, else the nearest one that is."""
    if not shots or any(shot.area.contains(point) for shot in shots):
        return point
    inside = [
        QPoint(
            min(max(point.x(), shot.area.left()), shot.area.right()),
            min(max(point.y(), shot.area.top()), shot.area.bottom()),
        )
        for shot in shots
    ]
    return min(inside, key=lambda other: (other - point).manhattanLength())
