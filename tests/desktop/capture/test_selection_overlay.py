"""The region is drawn by mouse and by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.capture.selection_overlay import RegionOverlay
from tests.helpers.desktop_images import picture, screenshot_of


def test_rectangle_is_drawn_with_the_mouse_over_two_screens(qtbot: QtBot) -> None:
    shots = [
        screenshot_of(QRect(0, 0, 100, 50), picture(100, 50)),
        screenshot_of(QRect(100, 0, 100, 50), picture(200, 100)),
    ]
    overlay = RegionOverlay(shots)
    with qtbot.waitSignal(overlay.chosen) as chosen:
        overlay.begin(QPoint(80, 10))
        overlay.move(QPoint(140, 30))
        assert overlay.rectangle() == QRect(QPoint(80, 10), QPoint(140, 30))
        overlay.finish()
    assert chosen.args == [QRect(QPoint(80, 10), QPoint(140, 30))]


def test_rectangle_is_drawn_by_keyboard_and_escape_cancels(qtbot: QtBot) -> None:
    shots = [screenshot_of(QRect(0, 0, 400, 300), picture(400, 300))]
    overlay = RegionOverlay(shots)
    overlay.point = QPoint(100, 100)
    overlay.show()
    screen_window = overlay.windows[0]
    with qtbot.waitSignal(overlay.chosen) as chosen:
        qtbot.keyClick(screen_window, Qt.Key.Key_Return)
        for _ in range(3):
            qtbot.keyClick(screen_window, Qt.Key.Key_Right)
        qtbot.keyClick(screen_window, Qt.Key.Key_Down)
        qtbot.keyClick(screen_window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClick(screen_window, Qt.Key.Key_Return)
    assert chosen.args[0] == QRect(QPoint(100, 100), QPoint(160, 121))
    other = RegionOverlay(shots)
    other.show()
    with qtbot.waitSignal(other.cancelled):
        qtbot.keyClick(other.windows[0], Qt.Key.Key_Escape)
    assert other.windows == []
