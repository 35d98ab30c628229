"""A review in a window with the fake server."""

from __future__ import annotations

from lxml import etree
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.saved_state import ReviewState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import open_review, page_with_lines
from tests.helpers.structured_pages import SPANS, heading, page_of


def test_doubtful_words_are_marked_on_both_sides_and_counted(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(
        staged,
        stage,
        [page_with_lines(1, ["one two three"], ["two"]), page_with_lines(2, ["four five"], ["four", "five"])],
    )
    staged.wait(lambda: pane.words_to_check == "3 to check")
    assert pane.text_view.doubtful() == [WordPosition(1, 0, 0, 1)]
    assert [(box.x(), box.y(), box.width()) for box in pane.image_view.doubtful_boxes] == [(200, 100, 90)]


def test_list_shrinks_in_a_narrow_window_and_grows_again(staged: Desktop, stage: FakeServer) -> None:
    open_review(staged, stage, [page_with_lines(1, ["one"])])
    splitter = staged.driver.splitter
    staged.window.resize(1080, 720)
    QApplication.processEvents()
    before = splitter.sizes()[0]
    staged.window.resize(720, 720)
    QApplication.processEvents()
    assert splitter.sizes()[0] <= 0.4 * 720 < before
    staged.window.resize(1080, 720)
    QApplication.processEvents()
    assert splitter.sizes()[0] == before


def test_text_alone_has_the_corrections_and_the_choice_is_remembered(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo"]), page_with_lines(2, ["three"])])
    staged.wait(lambda: "three" in staged.driver.shown_text)
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    QTest.keyClick(staged.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert not pane.is_visible
    staged.wait(lambda: "one two" in staged.driver.shown_text)
    staged.driver.trigger("copy_text")
    assert QGuiApplication.clipboard().text() == "one two\n\nthree"
    assert ReviewState().text_only
    QTest.keyClick(staged.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: pane.is_visible and pane.shown_text == "one two")
    assert pane.action("undo").isEnabled()


def test_a_copied_page_keeps_its_headings_and_tables(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_of(heading("Prices"), SPANS)])
    staged.wait(lambda: "Apples" in pane.shown_text)
    pane.trigger("copy_page")
    copied = QGuiApplication.clipboard().mimeData()
    assert copied.text().startswith("Prices\n")
    pasted = etree.fromstring(copied.html().encode(), etree.HTMLParser(encoding="utf-8"))
    assert [element.text for element in pasted.xpath("//h1")] == ["Prices"]
    assert [cell.get("colspan") for cell in pasted.xpath("//th") if "Years" in "".join(cell.itertext())] == ["2"]
    assert not pasted.xpath("//style")
