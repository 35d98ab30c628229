"""Images as the desktop gets them: pasted, dropped and captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage

from ocrdesk.desktop.capture.screenshots import Screenshot

if TYPE_CHECKING:
    from tests.desktop.conftest import Desktop


def picture(width: int = 40, height: int = 20, colour: str = "red") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def mime(*, urls: tuple[str, ...] = (), text: str = "", image: QImage | None = None) -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text:
        data.setText(text)
    if image is not None:
        data.setImageData(image)
    return data


def paste(desktop: Desktop, data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)
    desktop.window.activateWindow()
    desktop.qtbot.keyClick(desktop.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def screenshot_of(area: QRect, image: QImage) -> Screenshot:
    return Screenshot(area, image, area)
