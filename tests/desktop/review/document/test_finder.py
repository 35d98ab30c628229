"""Hits over several pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ocrdesk.desktop.review.document.word_position import WordPosition
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines, server_line


def test_hits_are_replaced_one_by_one_over_several_pages(staged: Desktop, stage: FakeServer) -> None:
    pages = [
        page_with_lines(1, ["the cat sat", "other thing"]),
        page_with_lines(2, ["nothing"]),
        page_with_lines(3, ["on the mat"]),
    ]
    pane = open_review(staged, stage, pages)
    QTest.keyClick(staged.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(pane.find_field, "the")
    staged.wait(lambda: pane.hit_count == "3 hits")
    pane.press("whole_words")
    staged.wait(lambda: pane.hit_count == "2 hits")
    QTest.keyClick(pane.find_field, Qt.Key.Key_Return)
    assert pane.hit_count == "1 of 2"
    QTest.keyClicks(pane.replacement_field, "a")
    QTest.keyClick(pane.replacement_field, Qt.Key.Key_Return)
    staged.wait(lambda: pane.pages.number == 3 and pane.current == WordPosition(3, 0, 0, 1))
    staged.wait(lambda: server_line(stage, 1) == "a cat sat")
    assert server_line(stage, 3) == "on the mat"
    QTest.keyClick(pane.find_field, Qt.Key.Key_Escape)
    assert not pane.is_shown("find_bar")
