"""Screenshots of all screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

_SIDE_BY_SIDE_IN_PIXELS = ("xcb", "windows")
"""There Qt divides each screen's size by its scale but not its origin, so logical positions leave gaps."""


@dataclass(frozen=True, slots=True)
class Screenshot:
    """One screen: its position beside the others, its image in device pixels, and its geometry in Qt's terms.

    `area` is in device or logical pixels, whichever the system arranges its screens in.
    """

    area: QRect
    image: QImage
    geometry: QRect

    @property
    def scale(self) -> float:
        """Device pixels per pixel of `area`."""
        return self.image.width() / max(self.area.width(), 1)

    def to_area(self, inside: QPointF) -> QPoint:
        """Convert a point of a window that covers the screen, in logical pixels, to the pixels of `area`."""
        return self.area.topLeft() + (inside * self._area_per_logical).toPoint()

    def to_window(self, part: QRect) -> QRect:
        """Convert a rectangle back to the window's logical pixels."""
        factor = 1 / self._area_per_logical
        moved = QRectF(part.translated(-self.area.topLeft()))
        return QRectF(moved.topLeft() * factor, moved.size() * factor).toRect()

    @property
    def _area_per_logical(self) -> float:
        return self.area.width() / max(self.geometry.width(), 1)


def take_screenshots() -> list[Screenshot]:
    """Capture all screens. Blocks for about ten milliseconds per screen; empty if the system refuses."""
    screenshots = []
    by_pixels = QGuiApplication.platformName() in _SIDE_BY_SIDE_IN_PIXELS
    for screen in QGuiApplication.screens():
        image = screen.grabWindow(0).toImage()
        image.setDevicePixelRatio(1)
        if not image.isNull():
            geometry = screen.geometry()
            area = QRect(geometry.topLeft(), image.size()) if by_pixels else geometry
            screenshots.append(Screenshot(area, image, geometry))
    return screenshots


def crop(screenshots: Sequence[Screenshot], part: QRect) -> QImage:
    """Return `part` in the pixels of the sharpest screen it touches; null if it touches none.

    On one screen the pixels are unchanged. Gaps between screens are white.
    """
    touched = [shot for shot in screenshots if shot.area.intersects(part)]
    if not touched:
        return QImage()
    if len(touched) == 1:
        shot = touched[0]
        return shot.image.copy(_scaled(part & shot.area, shot.area, shot.scale))
    whole = part & _bounding_box(touched)
    scale = max(shot.scale for shot in touched)
    result = QImage(QSize(round(whole.width() * scale), round(whole.height() * scale)), QImage.Format.Format_RGB32)
    result.fill(Qt.GlobalColor.white)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for shot in touched:
        piece = whole & shot.area
        painter.drawImage(
            QRectF(_scaled(piece, whole, scale)), shot.image, QRectF(_scaled(piece, shot.area, shot.scale))
        )
    painter.end()
    return result


def _scaled(part: QRect, within: QRect, scale: float) -> QRect:
    """Return the part's position in an image of `within`. Edges are rounded, not sizes, so that neighbours meet."""
    left, top = round((part.x() - within.x()) * scale), round((part.y() - within.y()) * scale)
    right = round((part.x() + part.width() - within.x()) * scale)
    bottom = round((part.y() + part.height() - within.y()) * scale)
    return QRect(left, top, right - left, bottom - top)


def _bounding_box(screenshots: Sequence[Screenshot]) -> QRect:
    result = QRect()
    for shot in screenshots:
        result = result.united(shot.area)
    return result
