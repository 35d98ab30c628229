"""The MIME data and drag image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPalette, QPen, QPixmap

from ocrdesk.desktop.intake.file_urls import url_of_path
from ocrdesk.desktop.ui import colours

_GNOME_FILES = "x-special/gnome-copied-files"
"""Some file managers paste files from this type only."""
_HEIGHT_PX, _MAX_WIDTH_PX, _PADDING_PX = 32, 260, 12


def make_mime_data(paths: Sequence[Path], text: str) -> QMimeData:
    """Return both, so that programs that accept files get files, and others get text."""
    data = QMimeData()
    if paths:
        urls = [url_of_path(path) for path in paths]
        data.setUrls(urls)
        lines = ["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)]
        data.setData(_GNOME_FILES, "\n".join(lines).encode())
    if text:
        data.setText(text)
    return data


def make_drag_image(label: str) -> QPixmap:
    """Return a small sign with a label in the palette's colours, shown beside the mouse pointer."""
    palette, metrics = QGuiApplication.palette(), QFontMetrics(QGuiApplication.font())
    text = metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, _MAX_WIDTH_PX)
    width = metrics.horizontalAdvance(text) + 2 * _PADDING_PX
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    image = QPixmap(round(width * ratio), round(_HEIGHT_PX * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.setPen(QPen(colours.accent(palette), 1.5))
    painter.drawRoundedRect(QRectF(0.75, 0.75, width - 1.5, _HEIGHT_PX - 1.5), 6, 6)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(QRectF(0, 0, width, _HEIGHT_PX), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return image
