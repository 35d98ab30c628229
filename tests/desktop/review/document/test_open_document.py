"""Long documents and their undo history."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.word_position import WordPosition
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import JOB, open_review, page_with_lines, server_line


def test_only_the_shown_pages_of_a_long_document_are_fetched(staged: Desktop, stage: FakeServer) -> None:
    staged.window.library.settings.set_enabled(False)  # which would read all of it
    pages = [
        page_with_lines(number, [f"page {number} word"], ["word"] if number == 1900 else [])
        for number in range(1, 2001)
    ]
    pane = open_review(staged, stage, pages)
    pane.action("thumbnails").setChecked(True)
    staged.wait(lambda: pane.words_to_check == "1 to check")
    QTest.keyClick(staged.window, Qt.Key.Key_F8)
    staged.wait(lambda: pane.current == WordPosition(1900, 0, 0, 2))
    QTest.keyClick(staged.window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: pane.shown_text == "page 1901 word")
    staged.wait(lambda: pane.image_view.image is not None and pane.review_pane.thumbnails.image(1901, 200) is not None)
    assert {number for number in pane.document.numbers if pane.document.has_page(number)} == {1, 1900, 1901}
    assert len(set(stage.drawn)) < 40
    pane.correct("x")
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.SAVED)
    assert stage.corrected == [1]  # one page is sent, not 2,000


def test_undo_works_on_pages_that_are_saved_and_no_longer_in_memory(staged: Desktop, stage: FakeServer) -> None:
    pages = [page_with_lines(number, ["one tvo"], ["tvo"]) for number in range(1, 46)]
    pane = open_review(staged, stage, pages)
    staged.wait(lambda: pane.document.to_check == 45)
    for number in (1, 2):
        pane.pages.go_to(number)
        staged.wait(lambda: pane.pages.shown is not None)
        pane.go_to(WordPosition(number, 0, 0, 1))
        pane.correct("two")
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.SAVED and server_line(stage, 2) == "one two")
    for number in range(3, 46):
        pane.pages.go_to(number)
        staged.wait(lambda: pane.pages.shown is not None)
    assert not pane.document.has_page(1)
    assert pane.document.to_check == 43
    for number in (2, 1):
        pane.trigger("undo")
        staged.wait(lambda number=number: pane.pages.number == number and pane.shown_text == "one tvo")
    assert pane.document.to_check == 45
    staged.wait(lambda: (server_line(stage, 1), server_line(stage, 2)) == ("one tvo", "one tvo"))
    pane.trigger("redo")
    staged.wait(lambda: server_line(stage, 1) == "one two")
