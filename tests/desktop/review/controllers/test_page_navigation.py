"""Pages are turned by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines


def test_keys_and_page_number_turn_the_page(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(number, [f"page {number}"]) for number in range(1, 6)])
    pane.image_view.setFocus()
    pane.trigger("fit_page")
    QTest.keyClick(pane.image_view, Qt.Key.Key_PageDown)
    staged.wait(lambda: pane.shown_text == "page 2")
    QTest.keyClick(pane.image_view, Qt.Key.Key_PageUp)
    staged.wait(lambda: pane.shown_text == "page 1")
    QTest.keyClick(staged.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    number = QApplication.focusWidget()
    QTest.keyClicks(number, "4")
    QTest.keyClick(number, Qt.Key.Key_Return)
    staged.wait(lambda: pane.shown_text == "page 4")
