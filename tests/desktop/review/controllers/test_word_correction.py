"""Words are confirmed and corrected by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ocrdesk.contract.document import Source
from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.word_position import WordPosition
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import JOB, open_review, page_with_lines, server_line


def test_keys_step_through_words_to_check_and_enter_accepts(staged: Desktop, stage: FakeServer) -> None:
    pages = [
        page_with_lines(1, ["one two three"], ["two"]),
        page_with_lines(2, ["plain"]),
        page_with_lines(3, ["four five"], ["five"]),
    ]
    pane = open_review(staged, stage, pages)
    staged.wait(lambda: pane.words_to_check == "2 to check")
    QTest.keyClick(staged.window, Qt.Key.Key_F8)
    assert pane.current == WordPosition(1, 0, 0, 1)
    QTest.keyClick(staged.window, Qt.Key.Key_F8)
    staged.wait(lambda: pane.current == WordPosition(3, 0, 0, 1))
    QTest.keyClick(staged.window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    staged.wait(lambda: pane.current == WordPosition(1, 0, 0, 1))
    QTest.keyClick(pane.text_view, Qt.Key.Key_Return)
    staged.wait(lambda: pane.current == WordPosition(3, 0, 0, 1))
    assert pane.words_to_check == "1 to check"
    QTest.keyClick(pane.text_view, Qt.Key.Key_Return)
    assert pane.words_to_check == "Nothing to check"
    staged.wait(lambda: pane.corrections.state(JOB) is SaveState.SAVED)
    word = stage.pages[JOB][1].blocks[0].lines[0].words[1]
    assert (word.text, word.confidence, word.source) == ("two", 1.0, Source.CORRECTED)
    assert pane.save_status == "Saved"
    QTest.keyClick(staged.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pane.words_to_check == "1 to check"


def test_typing_corrects_a_word_and_esc_cancels(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo three"], ["tvo"])])
    pane.next_word()
    QTest.keyClicks(pane.text_view, "x")
    assert pane.is_editing
    QTest.keyClick(pane.editor, Qt.Key.Key_Escape)
    assert not pane.is_editing
    assert pane.shown_text == "one tvo three"
    assert not pane.action("undo").isEnabled()
    QTest.keyClick(pane.text_view, Qt.Key.Key_F2)
    assert pane.editor.text() == pane.editor.selectedText() == "tvo"
    QTest.keyClicks(pane.editor, "two")
    QTest.keyClick(pane.editor, Qt.Key.Key_Return)
    staged.wait(lambda: server_line(stage, 1) == "one two three")


def test_words_are_split_deleted_and_joined(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["onetwo three fo ur"])])
    pane.go_to(WordPosition(1, 0, 0, 0))
    pane.correct("one two")
    assert pane.shown_text == "one two three fo ur"
    first, second = pane.document.words(WordPosition(1, 0, 0, 0))[:2]
    assert (first.box.left, second.box.right) == (100, 190)
    assert first.box.right < second.box.left
    pane.go_to(WordPosition(1, 0, 0, 2))
    QTest.keyClick(pane.text_view, Qt.Key.Key_Delete)
    assert pane.shown_text == "one two fo ur"
    pane.select_words(WordPosition(1, 0, 0, 2), WordPosition(1, 0, 0, 3))
    pane.correct("four")
    assert pane.shown_text == "one two four"
    staged.wait(lambda: server_line(stage, 1) == "one two four")
    for _ in range(3):
        pane.trigger("undo")
    staged.wait(lambda: server_line(stage, 1) == "onetwo three fo ur")


def test_words_without_spaces_between_them_are_corrected_in_place(staged: Desktop, stage: FakeServer) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["新 图 书馆 位子 公园 。 PDF 文件"], ["位子"])])
    assert pane.shown_text == "新图书馆位子公园。PDF 文件"
    pane.next_word()
    assert pane.current == WordPosition(1, 0, 0, 3)
    pane.correct("位于")
    staged.wait(lambda: server_line(stage, 1) == "新图书馆位于公园。PDF 文件")
    pane.select_words(WordPosition(1, 0, 0, 1), WordPosition(1, 0, 0, 2))
    assert pane.text_view.selected_text() == "图书馆"
    pane.correct("图书馆")
    assert [word.text for word in pane.document.words(WordPosition(1, 0, 0, 0))][1:3] == ["图", "书馆"]
    pane.go_to(WordPosition(1, 0, 0, 6))
    pane.correct("Word")
    staged.wait(lambda: server_line(stage, 1) == "新图书馆位于公园。Word 文件")


def test_right_to_left_words_are_selected_and_corrected(staged: Desktop, stage: FakeServer) -> None:
    page = page_with_lines(1, ["התוכנה Firefox מותקנת במחשפ"], ["במחשפ"])
    pane = open_review(staged, stage, [page])
    assert pane.shown_text == "התוכנה Firefox מותקנת במחשפ"
    block = pane.text_view.document().firstBlock()
    assert block.textDirection() == Qt.LayoutDirection.RightToLeft
    first, last = (pane.text_view.rect_of([WordPosition(1, 0, 0, number)]) for number in (0, 3))
    assert first.left() > last.right()  # the line begins at the right
    pane.click_text(last.center())
    assert pane.current == WordPosition(1, 0, 0, 3)
    pane.correct("במחשב")
    staged.wait(lambda: server_line(stage, 1) == "התוכנה Firefox מותקנת במחשב")
