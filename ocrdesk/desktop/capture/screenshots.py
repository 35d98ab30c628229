"""Pictures of all screens side by side as the user sees them, and a part cut out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

_SIDE_BY_SIDE_IN_PIXELS = ("xcb", "windows")
"""There Qt divides each screen's size by its scale and leaves its origin, so that logical places leave gaps."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen: where it lies beside the others, its picture in device pixels, and its geometry in Qt's own terms.

    `place` is in device pixels or in logical ones, whichever the system puts its screens side by side in.
    """

    place: QRect
    picture: QImage
    geometry: QRect

    @property
    def scale(self) -> float:
        """Device pixels a pixel of the place."""
        return self.picture.width() / max(self.place.width(), 1)

    def to_place(self, inside: QPointF) -> QPoint:
        """A point in the place's terms, from one in the logical pixels of a window that covers the screen."""
        return self.place.topLeft() + (inside * self._places_a_logical).toPoint()

    def to_window(self, part: QRect) -> QRect:
        """The other way round, for a rectangle."""
        factor = 1 / self._places_a_logical
        moved = QRectF(part.translated(-self.place.topLeft()))
        return QRectF(moved.topLeft() * factor, moved.size() * factor).toRect()

    @property
    def _places_a_logical(self) -> float:
        return self.place.width() / max(self.geometry.width(), 1)


def take_shots() -> list[Shot]:
    """All screens as they are now. Blocks for some ten milliseconds a screen; empty where none can be had."""
    shots = []
    by_pixels = QGuiApplication.platformName() in _SIDE_BY_SIDE_IN_PIXELS
    for screen in QGuiApplication.screens():
        picture = screen.grabWindow(0).toImage()
        picture.setDevicePixelRatio(1)
        if not picture.isNull():
            geometry = screen.geometry()
            place = QRect(geometry.topLeft(), picture.size()) if by_pixels else geometry
            shots.append(Shot(place, picture, geometry))
    return shots


def cut(shots: Sequence[Shot], part: QRect) -> QImage:
    """What lies in `part`, in the pixels of the finest screen it touches; null when it touches none.

    On one screen the pixels are that screen's own, unchanged. Between screens it is white.
    """
    touched = [shot for shot in shots if shot.place.intersects(part)]
    if not touched:
        return QImage()
    if len(touched) == 1:
        shot = touched[0]
        return shot.picture.copy(_scaled(part & shot.place, shot.place, shot.scale))
    whole = part & _around(touched)
    scale = max(shot.scale for shot in touched)
    result = QImage(QSize(round(whole.width() * scale), round(whole.height() * scale)), QImage.Format.Format_RGB32)
    result.fill(Qt.GlobalColor.white)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for shot in touched:
        piece = whole & shot.place
        painter.drawImage(
            QRectF(_scaled(piece, whole, scale)), shot.picture, QRectF(_scaled(piece, shot.place, shot.scale))
        )
    painter.end()
    return result


def _scaled(part: QRect, within: QRect, scale: float) -> QRect:
    """The part's place in a picture of `within`; edges are rounded, not sizes, so that neighbours meet."""
    left, top = round((part.x() - within.x()) * scale), round((part.y() - within.y()) * scale)
    right = round((part.x() + part.width() - within.x()) * scale)
    bottom = round((part.y() + part.height() - within.y()) * scale)
    return QRect(left, top, right - left, bottom - top)


def _around(shots: Sequence[Shot]) -> QRect:
    result = QRect()
    for shot in shots:
        result = result.united(shot.place)
    return result
