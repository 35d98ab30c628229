"""Pages are turned by keyboard, and say what was not read on them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from ocrdesk.contract.box import Box
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


def test_areas_that_were_not_read_are_outlined_and_counted(staged: Desktop, stage: FakeServer) -> None:
    unread = (Box(100, 600, 400, 700), Box(500, 900, 700, 950))
    first = page_with_lines(1, ["page 1"]).model_copy(update={"unread": unread})
    pane = open_review(staged, stage, [first, page_with_lines(2, ["page 2"])])
    view, count = pane.image_view, pane.widget("unread_areas")
    staged.wait(lambda: view.unread_regions == [QRect(100, 600, 300, 100), QRect(500, 900, 200, 50)])
    assert "2" in count.text()
    assert count.isVisible()
    for point, is_explained in ((QPoint(10, 10), False), (QPoint(200, 650), True)):
        at = view.to_view(QRect(point, point)).topLeft().toPoint()
        QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
        assert bool(QToolTip.text()) is is_explained
    pane.trigger("page_down")
    staged.wait(lambda: pane.shown_text == "page 2")
    assert view.unread_regions == []
    assert count.text() == ""


def test_a_page_without_words_says_whether_parts_look_like_text(staged: Desktop, stage: FakeServer) -> None:
    empty = page_with_lines(2, ["page"]).model_copy(update={"blocks": ()})
    unread = empty.model_copy(update={"number": 3, "unread": (Box(100, 600, 400, 700),)})
    pane = open_review(staged, stage, [page_with_lines(1, ["page 1"]), empty, unread])
    for message in ("No text on this page", "parts of it look like text"):
        pane.trigger("page_down")
        staged.wait(lambda message=message: message in pane.text_view.toPlainText())  # type: ignore[misc]
