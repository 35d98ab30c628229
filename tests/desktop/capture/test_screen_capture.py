"""A capture that is cancelled or refused is reported."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt

from ocrdesk.desktop.capture import screen_capture
from tests.desktop.conftest import Desktop
from tests.helpers.desktop_images import picture, screenshot_of
from tests.helpers.window import screens


def test_cancelled_capture_is_reported(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_capture, "take_screenshots", lambda: [screenshot_of(QRect(0, 0, 40, 20), picture())])
    staged.driver.trigger("read_screen")
    staged.wait(screens)
    staged.qtbot.keyClick(screens()[0], Qt.Key.Key_Escape)
    assert staged.driver.note == "No part of the screen was chosen."
    assert staged.window.isVisible()


def test_screen_without_a_screenshot_is_reported(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_capture, "take_screenshots", lambda: [])
    staged.driver.trigger("read_screen")
    staged.wait(lambda: staged.driver.note.startswith("No screenshot could be taken."))
    assert staged.window.isVisible()
