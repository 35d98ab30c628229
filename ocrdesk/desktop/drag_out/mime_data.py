"""What other programs are given of results: files and text at once, and the little picture that hangs on the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, QUrl
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPalette, QPen, QPixmap

from ocrdesk.desktop.ui import colours

_GNOME_FILES = "x-special/gnome-copied-files"
"""Some file managers paste files only from this one."""
_LABEL_PX, _WIDEST_PX, _PADDING_PX = 32, 260, 12


def mime_of(paths: Sequence[Path], text: str) -> QMimeData:
    """Text for who takes text, files for who takes files."""
    data = QMimeData()
    if paths:
        urls = [QUrl.fromLocalFile(str(path)) for path in paths]
        data.setUrls(urls)
        lines = ["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)]
        data.setData(_GNOME_FILES, "\n".join(lines).encode())
    if text:
        data.setText(text)
    return data


def label(words: str) -> QPixmap:
    """A small sign with these words, in the palette's colours."""
    palette, metrics = QGuiApplication.palette(), QFontMetrics(QGuiApplication.font())
    said = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, _WIDEST_PX)
    width = metrics.horizontalAdvance(said) + 2 * _PADDING_PX
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    picture = QPixmap(round(width * ratio), round(_LABEL_PX * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.setPen(QPen(colours.accent(palette), 1.5))
    painter.drawRoundedRect(QRectF(0.75, 0.75, width - 1.5, _LABEL_PX - 1.5), 6, 6)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(QRectF(0, 0, width, _LABEL_PX), Qt.AlignmentFlag.AlignCenter, said)
    painter.end()
    return picture
