"""A review over a staged server: the walk through doubtful words, long documents, refusals, and what waits on disk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ocrdesk.contract.document import Block, Box, Line, Page, Source, Word
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.review.controllers.orphaned_corrections import LostDialog
from ocrdesk.desktop.review.document.corrections import Saving, journal_folder
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.review.widgets.page_view import PageView
from ocrdesk.desktop.review.widgets.tool_bars import WordsBar
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.review_driver import ReviewDriver

JOB = "0f8fad5bd9cb469fa16570867728950e"
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
SURE, UNSURE = 0.97, 0.5


def a_page(number: int, lines: Sequence[str], doubtful: Sequence[str] = ()) -> Page:
    """1000 x 1400 pixels, each word 90 wide at its place."""
    made = []
    for row, text in enumerate(lines):
        top = 100 + row * 60
        words = tuple(
            Word(
                text=word,
                box=Box(100 + column * 100, top, 190 + column * 100, top + 40),
                confidence=UNSURE if word in doubtful else SURE,
                source=Source.TESSERACT,
            )
            for column, word in enumerate(text.split())
        )
        made.append(Line(box=Box(100, top, 100 + len(words) * 100, top + 40), words=words))
    return Page(number=number, width=1000, height=1400, dpi=150, blocks=(Block(box=made[0].box, lines=tuple(made)),))


def review(desktop: Desktop, stage: FakeServer, pages: Sequence[Page], job_id: str = JOB) -> ReviewDriver:
    """Return the review of a finished job of these pages."""
    count = len(pages)
    job = make_job(job_id, "a.pdf", JobState.FINISHED, page_count=count, file_pages=count, pages_done=count)
    stage.put(job, list(pages))
    stage.tell(job_id)
    desktop.window.resize(1300, 800)
    desktop.wait(lambda: desktop.model.row_of_job(job_id))
    desktop.driver.job_list.select(desktop.model.row_of_job(job_id).key)
    pane = desktop.driver.open_review()
    desktop.wait(lambda: pane.pages.shown is not None and pane.document.job_id == job_id)
    return pane


def line(stage: FakeServer, page: int, number: int = 0) -> str:
    """A line as the server has it."""
    return stage.pages[JOB][page].blocks[0].lines[number].text


def test_doubtful_words_are_marked_on_both_sides_and_counted(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one two three"], ["two"]), a_page(2, ["four five"], ["four", "five"])])
    staged.wait(lambda: pane.words_to_check == "3 to check")
    assert pane.text_view.doubtful() == [WordPosition(1, 0, 0, 1)]
    assert [(box.x(), box.y(), box.width()) for box in pane.image_view.doubtful_boxes] == [(200, 100, 90)]


def test_the_walk_goes_over_pages_and_back_and_enter_accepts(staged: Desktop, stage: FakeServer) -> None:
    pages = [a_page(1, ["one two three"], ["two"]), a_page(2, ["plain"]), a_page(3, ["four five"], ["five"])]
    pane = review(staged, stage, pages)
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
    staged.wait(lambda: pane.corrections.state(JOB) is Saving.SAVED)
    word = stage.pages[JOB][1].blocks[0].lines[0].words[1]
    assert (word.text, word.confidence, word.source) == ("two", 1.0, Source.CORRECTED)
    assert pane.save_status == "Saved"
    QTest.keyClick(staged.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pane.words_to_check == "1 to check"


def test_typing_puts_a_word_right_and_esc_leaves_it(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo three"], ["tvo"])])
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
    staged.wait(lambda: line(stage, 1) == "one two three")


def test_a_word_becomes_two_or_none_and_two_become_one(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["onetwo three fo ur"])])
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
    staged.wait(lambda: line(stage, 1) == "one two four")
    for _ in range(3):
        pane.trigger("undo")
    staged.wait(lambda: line(stage, 1) == "onetwo three fo ur")


def test_of_a_long_document_only_what_is_looked_at_is_fetched(staged: Desktop, stage: FakeServer) -> None:
    staged.window.library.settings.set_enabled(False)  # which would take in all of it
    pages = [a_page(number, [f"page {number} word"], ["word"] if number == 1900 else []) for number in range(1, 2001)]
    pane = review(staged, stage, pages)
    pane.action("thumbnails").setChecked(True)
    staged.wait(lambda: pane.words_to_check == "1 to check")
    QTest.keyClick(staged.window, Qt.Key.Key_F8)
    staged.wait(lambda: pane.current == WordPosition(1900, 0, 0, 2))
    QTest.keyClick(staged.window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: pane.shown_text == "page 1901 word")
    staged.wait(
        lambda: pane.image_view.picture is not None and pane.review_pane.thumbnails.picture(1901, 200) is not None
    )
    assert {number for number in pane.document.numbers if pane.document.is_here(number)} == {1, 1900, 1901}
    assert len(set(stage.drawn)) < 40
    pane.correct("x")
    staged.wait(lambda: pane.corrections.state(JOB) is Saving.SAVED)
    assert stage.corrected == [1]  # one page is sent, not 2,000


def test_page_up_and_down_and_a_number_turn_the_page(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(number, [f"page {number}"]) for number in range(1, 6)])
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


def test_ctrl_and_wheel_zoom_at_the_mouse_and_fetch_a_sharper_picture(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one"])])
    view = pane.image_view
    staged.wait(lambda: view.picture is not None)
    point = QPointF(view.viewport().rect().center()) + QPointF(20, 30)
    for _ in range(8):
        before = view.to_page(point)
        event = QWheelEvent(
            point,
            view.viewport().mapToGlobal(point),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)
    assert view.percent() > 200
    assert (view.to_page(point) - before).manhattanLength() < 4
    staged.wait(lambda: view.picture.width() == 3200)
    pane.trigger("fit_page")
    assert view.to_view(view.picture.rect().__class__(0, 0, 1000, 1400)).height() <= view.viewport().height()


def test_corrections_wait_on_disk_while_the_server_is_away(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo"])])
    kept = journal_folder(staged.session.server) / f"{JOB}.json"
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    assert pane.save_status == "Kept here until the server is back"
    staged.wait(kept.exists)
    assert line(stage, 1) == "one tvo"
    stage.mend()
    staged.wait(lambda: line(stage, 1) == "one two")
    staged.wait(lambda: not kept.exists())


def test_what_was_typed_while_the_server_is_away_is_sent_after_a_quit(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop
) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo"])])
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    pane.go_to(WordPosition(1, 0, 0, 1))
    QTest.keyClick(pane.text_view, "t")
    QTest.keyClicks(pane.editor, "wo")  # and no Enter: closing the window takes it
    staged.close()
    assert line(stage, 1) == "one tvo"
    stage.mend()
    again = open_desktop(RemoteServer(stage.url))
    again.wait(lambda: line(stage, 1) == "one two")
    again.wait(lambda: not list(journal_folder(again.session.server).glob("*.json")))


def test_what_was_typed_before_the_window_went_to_the_tray_is_sent_later(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo", "tree"])])
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.type_word("two")
    staged.window.close()
    stage.mend()
    staged.wait(lambda: line(stage, 1) == "one two")
    staged.window.show()
    pane.go_to(WordPosition(1, 0, 1, 0))
    pane.type_word("three")
    staged.window.close()  # while the server is there: it takes it at once
    assert line(stage, 1, 1) == "three"
    staged.wait(lambda: pane.corrections.state(JOB) is Saving.SAVED)


def test_undo_goes_back_over_pages_that_were_saved_and_are_not_in_memory_any_more(
    staged: Desktop, stage: FakeServer
) -> None:
    pages = [a_page(number, ["one tvo"], ["tvo"]) for number in range(1, 46)]
    pane = review(staged, stage, pages)
    staged.wait(lambda: pane.document.to_check == 45)
    for number in (1, 2):
        pane.pages.go_to(number)
        staged.wait(lambda: pane.pages.shown is not None)
        pane.go_to(WordPosition(number, 0, 0, 1))
        pane.correct("two")
    staged.wait(lambda: pane.corrections.state(JOB) is Saving.SAVED and line(stage, 2) == "one two")
    for number in range(3, 46):
        pane.pages.go_to(number)
        staged.wait(lambda: pane.pages.shown is not None)
    assert not pane.document.is_here(1)
    assert pane.document.to_check == 43
    for number in (2, 1):
        pane.trigger("undo")
        staged.wait(lambda number=number: pane.pages.number == number and pane.shown_text == "one tvo")
    assert pane.document.to_check == 45
    staged.wait(lambda: (line(stage, 1), line(stage, 2)) == ("one tvo", "one tvo"))
    pane.trigger("redo")
    staged.wait(lambda: line(stage, 1) == "one two")


def test_what_the_server_refuses_is_kept_and_said(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo"])])
    stage.refusal = (403, {"error": "Forbidden", "detail": "This key may not submit.", "code": "forbidden"})
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    staged.wait(lambda: pane.corrections.state(JOB) is Saving.REFUSED)
    assert "This key may not submit." in staged.driver.note
    assert (journal_folder(staged.session.server) / f"{JOB}.json").exists()
    stage.refusal = None
    pane.corrections.save_now()
    staged.wait(lambda: line(stage, 1) == "one two")


def test_a_call_that_fails_while_the_connection_stands_is_made_again(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo"])])
    stage.refusal = (503, {"error": "Away", "detail": "Redis is away.", "code": "redis_unavailable"})
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    staged.wait(lambda: stage.refused_corrections and not pane.corrections.is_sending(JOB))
    assert pane.corrections.state(JOB) is Saving.UNDER_WAY
    assert staged.session.state.connection is ConnectionState.READY
    stage.refusal = None
    staged.wait(lambda: line(stage, 1) == "one two")


def test_corrections_of_a_job_that_is_gone_are_kept_and_offered(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo"]), a_page(2, ["free", "four"])])
    kept = journal_folder(staged.session.server) / f"{JOB}.json"
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    del stage.jobs[JOB]
    stage.pages.pop(JOB)
    staged.wait(lambda: "no longer has a.pdf" in staged.driver.note)
    assert pane.corrections.state(JOB) is Saving.GONE
    assert pane.save_status == "Not saved: no longer on the server"
    assert staged.driver.is_shown("status_fix_button")
    staged.close()
    assert kept.exists()

    again = open_desktop(RemoteServer(stage.url))
    again.wait(lambda: again.driver.is_shown("status_fix_button"))
    again.driver.press("status_fix_button")
    dialog = again.driver.find("lost_corrections_dialog", LostDialog)
    assert again.driver.text("lost_corrections_text") == "a.pdf\n\nPage 1\none two"
    again.driver.press("lost_corrections_copy")
    assert QGuiApplication.clipboard().text() == "a.pdf\n\nPage 1\none two"
    dialog.save_wanted.emit(tmp_path / "kept.txt")
    again.wait((tmp_path / "kept.txt").exists)
    assert (tmp_path / "kept.txt").read_text() == "a.pdf\n\nPage 1\none two\n"
    assert again.driver.action("lost_corrections").isVisible()
    again.driver.press("lost_corrections_discard")
    again.wait(lambda: not kept.exists())
    assert not again.driver.action("lost_corrections").isVisible()


def test_hits_are_walked_over_pages_and_replaced_one_by_one(staged: Desktop, stage: FakeServer) -> None:
    pages = [a_page(1, ["the cat sat", "other thing"]), a_page(2, ["nothing"]), a_page(3, ["on the mat"])]
    pane = review(staged, stage, pages)
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
    staged.wait(lambda: line(stage, 1) == "a cat sat")
    assert line(stage, 3) == "on the mat"
    QTest.keyClick(pane.find_field, Qt.Key.Key_Escape)
    assert not pane.is_shown("find_bar")


def test_a_phrase_over_a_line_end_is_found_marked_and_replaced(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["over the", "old gar-", "den wall", "and the old garden"])])
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


def test_buttons_name_the_keys_that_the_user_chose(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one"])])
    assert pane.next_hit_button.toolTip() == "Next hit (F3)"
    staged.window.shortcuts.give("review.find_next", QKeySequence("Ctrl+Y"))
    assert pane.next_hit_button.toolTip() == "Next hit (Ctrl+Y)"
    staged.window.shortcuts.give("review.find_next", QKeySequence())
    assert pane.next_hit_button.toolTip() == "Next hit"


def test_large_counts_are_written_as_the_user_s_country_does(staged: Desktop, stage: FakeServer) -> None:
    pane, was = review(staged, stage, [a_page(1, ["one"])]), QLocale()
    try:
        QLocale.setDefault(QLocale("de_DE"))
        pane.find("words_bar", WordsBar).show_count(12_345)
        assert pane.words_to_check.startswith("12.345 ")
    finally:
        QLocale.setDefault(was)


def test_a_correction_draws_only_its_boxes_anew(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo tree", "four"], ["tvo", "tree"])])
    view = pane.image_view
    staged.wait(lambda: view.picture is not None and view.picture.width() >= view.wanted_width())
    pane.next_word()
    settle()
    painted = Painted(view)
    QTest.keyClick(pane.text_view, "t")
    QTest.keyClicks(pane.editor, "wo")
    QTest.keyClick(pane.editor, Qt.Key.Key_Return)
    staged.wait(lambda: pane.corrections.state(JOB) is Saving.SAVED)
    settle()
    boxes = [view.to_view(QRect(left, 100, 90, 40)).toAlignedRect() for left in (200, 300)]
    assert all(painted.region.contains(box) for box in boxes)
    everywhere = view.viewport().rect()
    assert painted.region.boundingRect().height() < everywhere.height() / 4
    assert not painted.region.contains(everywhere.center())


class Painted(QObject):
    """Where a view was painted."""

    def __init__(self, view: PageView) -> None:
        super().__init__(view)
        self.region = QRegion()
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def settle() -> None:
    """What is to be painted is painted."""
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("width", [224, 260, 330, 440, 600])
def test_bars_cut_nothing_off_however_narrow(staged: Desktop, stage: FakeServer, width: int) -> None:
    pane = review(staged, stage, [a_page(1, ["one"])])
    words_bar = pane.find("words_bar", WordsBar)
    words_bar.show_count(12_345)
    for bar in (pane.widget("page_bar"), words_bar):
        bar.setParent(None)
        staged.qtbot.addWidget(bar)
        bar.resize(width, bar.height())
        bar.show()
        staged.qtbot.waitExposed(bar)
        shown = [child for child in bar.findChildren(QWidget, options=DIRECT) if child.isVisible()]
        shown.sort(key=lambda child: child.x())
        assert shown[-1].geometry().right() < width
        assert all(one.geometry().right() < next_one.x() for one, next_one in pairwise(shown))
        whole = [label for label in shown if type(label) is QLabel]
        assert all(label.width() >= label.minimumSizeHint().width() for label in whole)


def test_the_list_gives_up_room_in_a_narrow_window_and_takes_it_back(staged: Desktop, stage: FakeServer) -> None:
    review(staged, stage, [a_page(1, ["one"])])
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


def test_the_text_alone_has_the_corrections_and_is_remembered(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one tvo"]), a_page(2, ["three"])])
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


def test_a_page_without_a_picture_says_why(staged: Desktop, stage: FakeServer) -> None:
    said = "The original is not kept any more."
    stage.picture_refusal = (409, {"error": "Gone", "detail": said, "code": "upload_gone"})
    pane = review(staged, stage, [a_page(1, ["one"])])
    staged.wait(lambda: pane.image_view.message == said)
    assert pane.shown_text == "one"


def test_a_palette_change_dresses_the_marks_anew(staged: Desktop, stage: FakeServer) -> None:
    pane = review(staged, stage, [a_page(1, ["one two"], ["two"])])
    palette = pane.review_pane.palette()
    palette.setColor(palette.ColorRole.Base, Qt.GlobalColor.black)
    palette.setColor(palette.ColorRole.Text, Qt.GlobalColor.white)
    pane.text_view.setPalette(palette)
    QApplication.sendEvent(pane.text_view, QEvent(QEvent.Type.PaletteChange))
    [mark, *_] = pane.text_view.extraSelections()
    assert mark.format.background().color().lightness() < 90


def test_corrections_wait_until_the_window_is_back_at_their_server(staged: Desktop, stage: FakeServer) -> None:
    here, other = staged.session.server, FakeServer()
    pane = review(staged, stage, [a_page(1, ["one tvo tree"])])
    pane.go_to(WordPosition(1, 0, 0, 1))
    for text in ("two", "three"):
        pane.correct(text)
        pane.go_to(WordPosition(1, 0, 0, 2))
    staged.session.switch(RemoteServer(other.url))
    staged.wait_for(ConnectionState.READY)
    kept = journal_folder(here) / f"{JOB}.json"
    staged.wait(lambda: kept.exists() and "three" in kept.read_text())
    assert line(stage, 1) == "one tvo tree"
    staged.session.switch(here)
    staged.wait(lambda: line(stage, 1) == "one two three")
    staged.wait(lambda: not kept.exists())
    other.close()
