"""SVG icons in the palette's colour."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent / "svg"
_ACTION_SIZES_PX = (20, 40, 60)


class Icon(StrEnum):
    """The icons, by file name."""

    APP = "app"
    OPEN_FILES = "open-files"
    OPEN_FOLDER = "open-folder"
    COPY = "copy"
    GRIP = "grip"
    CHECK = "check"
    CANCEL = "cancel"
    REMOVE = "remove"
    RETRY = "retry"
    SCAN = "scan"
    PASTE = "paste"
    REGION = "region"
    WATCH = "watch"
    PREVIOUS = "previous"
    NEXT = "next"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    FIT_WIDTH = "fit-width"
    FIT_PAGE = "fit-page"
    PAGES = "pages"
    FIND = "find"
    UNDO = "undo"
    REDO = "redo"
    LIBRARY = "library"


def icon(name: Icon, palette: QPalette) -> QIcon:
    """Return the icon in the palette's button text colour, and greyed for disabled actions."""
    result = QIcon()
    normal = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    for size_px in _ACTION_SIZES_PX:
        pixmap = drawing(name, size_px, normal)
        result.addPixmap(pixmap, QIcon.Mode.Normal)
        result.addPixmap(_in_colour(pixmap, disabled), QIcon.Mode.Disabled)
    return result


def drawing(name: Icon, size_px: int, colour: QColor) -> QPixmap:
    """Draw the icon in one colour, `size_px` device pixels wide and high."""
    svg = (_FOLDER / f"{name}.svg").read_bytes().replace(b"currentColor", colour.name().encode())
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    return pixmap


def _in_colour(pixmap: QPixmap, colour: QColor) -> QPixmap:
    """Return a copy in another colour, which is faster than drawing the icon again."""
    copy = QPixmap(pixmap)
    painter = QPainter(copy)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(copy.rect(), colour)
    painter.end()
    return copy
