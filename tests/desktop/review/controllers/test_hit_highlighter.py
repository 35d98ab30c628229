"""Hits are marked in the text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ocrdesk.desktop.review.document.word_position import WordPosition
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines


def test_phrase_over_two_lines_is_found_marked_and_replaced(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["over the", "old gar-", "den wall", "and the old garden"])])
    QTest.keyClick(staged.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(pane.find_field, "the old garden")
    staged.wait(lambda: pane.hit_count == "2 hits")
    assert pane.marked_hits == [(5, 8), (9, 17), (18, 21), (31, 45)]
    QTest.keyClick(pane.find_field, Qt.Key.Key_Return)
    assert pane.current == WordPosition(1, 0, 0, 1)
    QTest.keyClicks(pane.replacement_field, "a")
    QTest.keyClick(pane.replacement_field, Qt.Key.Key_Return)
    staged.wait(lambda: pane.shown_text == "over a\nwall\nand the old garden")
    pane.trigger("undo")  # one step, though it was in three lines
    assert pane.shown_text == "over the\nold gar-\nden wall\nand the old garden"
