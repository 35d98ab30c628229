"""Pictures of all screens, and a part cut out of them: places are Qt's logical ones, pixels each screen's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen: its place on the desktop in logical pixels, and its picture in device pixels."""

    place: QRect
    picture: QImage

    @property
    def scale(self) -> float:
        """Device pixels a logical pixel."""
        return self.picture.width() / max(self.place.width(), 1)


def take_shots() -> list[Shot]:
    """All screens as they are now. Blocks for some ten milliseconds a screen; empty where none can be had."""
    shots = []
    for screen in QGuiApplication.screens():
        picture = screen.grabWindow(0).toImage()
        picture.setDevicePixelRatio(1)
        if not picture.isNull():
            shots.append(Shot(screen.geometry(), picture))
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
