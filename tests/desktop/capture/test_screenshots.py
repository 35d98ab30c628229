"""A part of the screen is cropped exactly, also across screens of different scale."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.capture.screenshots import Screenshot, crop
from tests.helpers.desktop_images import picture, screenshot_of


def test_crop_on_one_screen_keeps_its_pixels() -> None:
    image = picture(200, 100)
    image.setPixelColor(21, 11, QColor("blue"))
    found = crop([screenshot_of(QRect(1000, 0, 100, 50), image)], QRect(1010, 5, 20, 10))
    assert (found.width(), found.height()) == (40, 20)
    assert found.pixelColor(1, 1) == QColor("blue")


def test_crop_over_two_screens_has_the_sharper_scale() -> None:
    coarse = screenshot_of(QRect(0, 0, 100, 50), picture(100, 50, "red"))
    fine = screenshot_of(QRect(100, 0, 100, 50), picture(200, 100, "blue"))
    found = crop([coarse, fine], QRect(90, 10, 20, 20))
    assert (found.width(), found.height()) == (40, 40)
    assert found.pixelColor(5, 20) == QColor("red")
    assert found.pixelColor(35, 20) == QColor("blue")
    assert found.pixelColor(20, 20) == QColor("blue")  # no seam between them


def test_crop_at_a_fractional_scale_ends_at_the_edge() -> None:
    shot = screenshot_of(QRect(0, 0, 101, 67), picture(152, 101))
    assert crop([shot], QRect(0, 0, 101, 67)).size() == shot.image.size()
    assert crop([shot], QRect(500, 500, 10, 10)).isNull()


def test_screens_arranged_in_pixels_are_cropped_without_a_gap(qtbot: QtBot) -> None:
    left = Screenshot(QRect(0, 0, 100, 50), picture(100, 50, "red"), QRect(0, 0, 50, 25))
    right = Screenshot(QRect(100, 0, 100, 50), picture(100, 50, "blue"), QRect(100, 0, 100, 50))
    assert left.to_area(QPointF(45, 5)) == QPoint(90, 10)
    assert left.to_area(QPointF(55, 15)) == QPoint(110, 30)  # a drag beyond the edge
    assert right.to_area(QPointF(10, 30)) == QPoint(110, 30)
    part = QRect(QPoint(90, 10), QPoint(109, 29))
    assert left.to_window(part) == QRect(45, 5, 10, 10)
    assert right.to_window(part) == QRect(-10, 10, 20, 20)
    found = crop([left, right], part)
    assert found.size() == part.size()
    assert found.pixelColor(9, 0) == QColor("red")
    assert found.pixelColor(10, 19) == QColor("blue")
