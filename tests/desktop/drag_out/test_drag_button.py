"""The button that drags and copies the shown file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.desktop.conftest import Desktop
from tests.desktop.drag_out.conftest import Drops, add_finished_jobs, move
from tests.helpers.fake_server import FakeServer


@pytest.mark.usefixtures("held")
def test_drag_button_drags_and_copies_the_shown_file(staged: Desktop, stage: FakeServer, drops: Drops) -> None:
    add_finished_jobs(staged, stage, "words")
    button = staged.driver.drag_button
    staged.wait(button.isVisible)
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    move(button, button.rect().center() + QPoint(40, 0))
    staged.wait(lambda: drops)
    assert drops[0][1] == "words"
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    # None while the clipboard changes hands
    staged.wait(lambda: (data := QGuiApplication.clipboard().mimeData()) is not None and data.hasUrls())
