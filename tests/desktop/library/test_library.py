"""The library in the real window: what finishes is kept, found by its words, outlives the server, and goes for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.library.hits import HIT
from ocrdesk.desktop.library.settings import ENABLED
from ocrdesk.desktop.servers.data_folders import app_folder
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.questions import agree, question
from tests.helpers.sample_files import multipage_tiff


def finish(stage: FakeServer, job_id: str, *texts: str, name: str | None = None, revision: int = 0) -> None:
    count = len(texts)
    job = make_job(
        job_id,
        name or f"{job_id}.pdf",
        JobState.FINISHED,
        page_count=count,
        pages_done=count,
        revision=revision,
        ended_at=datetime.now(UTC),
    )
    stage.put(job, [make_page(number, text) for number, text in enumerate(texts, 1)])


def library_file() -> Path:
    return app_folder() / "library.sqlite3"


def test_finished_job_is_found_by_a_word_as_it_is_typed(staged: Desktop, stage: FakeServer) -> None:
    finish(stage, "1", "first page", "second page names the Königsberg bridge")
    stage.tell("1")
    view = staged.driver.open_library()
    assert view.search_field.hasFocus()
    staged.wait(lambda: staged.driver.library.found == [("1.pdf", 1)])
    staged.qtbot.keyClicks(view.search_field, "konigs")
    staged.wait(lambda: staged.driver.library.found == [("1.pdf", 2)])
    staged.wait(lambda: view.stored_text.marked_words() == ["Königsberg"])
    assert view.stored_text.hasFocus() is False


def test_hit_is_opened_in_the_list_with_its_page_and_boxes(staged: Desktop, stage: FakeServer) -> None:
    finish(stage, "1", "one", "two has the treasure")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.driver.library.search("treasure")
    staged.wait(lambda: view.stored_text.marked_words() == ["treasure"])
    opened: list[tuple[str, int, object]] = []
    staged.window.library_page.open_requested.connect(lambda *what: opened.append(what))
    staged.qtbot.keyClick(view.search_field, Qt.Key.Key_Return)
    assert opened == [("1", 2, [(0, 0, 10, 10)])]
    assert staged.driver.shown_page == "list_splitter"
    assert staged.driver.job_list.current_key() == staged.model.row_of_job("1").key


def test_text_that_was_opened_while_its_pages_came_in_is_completed(staged: Desktop, stage: FakeServer) -> None:
    finish(stage, "1", "first page", "second page")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.wait(lambda: "second page" in view.stored_text.toPlainText())
    hit = view.hits.currentIndex().data(HIT)
    # as the library answers between a document's beginning and its pages
    staged.window.library.opened.emit(hit.document, [])
    assert view.stored_text.toPlainText() == ""
    staged.window.library.changed.emit()
    staged.wait(lambda: "second page" in view.stored_text.toPlainText())


def test_text_outlives_the_job_at_the_server(staged: Desktop, stage: FakeServer) -> None:
    finish(stage, "1", "words that stay")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    stage.tell("1", kind=EventType.DELETED)
    del stage.jobs["1"]
    staged.wait(lambda: staged.model.rowCount() == 0)
    staged.driver.library.search("stay")
    staged.wait(lambda: view.stored_text.marked_words() == ["stay"])
    assert staged.driver.shown_page == "library"  # the empty list does not take its place
    assert not view.is_shown("library_show_job_button")
    view.hits.activated.emit(view.hits.currentIndex())
    assert view.stored_text.toPlainText() == "words that stay"


def test_jobs_that_finished_while_no_window_was_open_are_taken_in(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    for number in range(3):
        finish(stage, str(number), f"text number{number}")
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.driver.open_library()
    desktop.wait(lambda: len(desktop.driver.library.found) == 3)
    desktop.driver.library.search("number2")
    desktop.wait(lambda: desktop.driver.library.found == [("2.pdf", 1)])


def test_correction_is_found_and_what_it_replaced_is_not(staged: Desktop, stage: FakeServer) -> None:
    finish(stage, "1", "a wrung word")
    stage.tell("1")
    staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    finish(stage, "1", "a right word", revision=1)
    stage.tell("1", kind=EventType.REVISED)
    staged.driver.library.search("right")
    staged.wait(lambda: staged.driver.library.found)
    staged.driver.library.search("wrung")
    staged.wait(lambda: not staged.driver.library.found)
    finish(stage, "1", "a third word", revision=2)
    staged.window.library.refresh("1")
    staged.driver.library.search("third")
    staged.wait(lambda: staged.driver.library.found)


def test_nothing_is_written_while_it_is_off_nor_later_of_that_time(staged: Desktop, stage: FakeServer) -> None:
    staged.settings.setValue(ENABLED, False)  # as another part of the window may do
    finish(stage, "1", "secret words")
    stage.tell("1")
    staged.wait(lambda: staged.row("1.pdf"))
    view = staged.driver.open_library()
    staged.wait(lambda: "switched off" in view.text("library_message"))
    assert not library_file().exists()
    view.menu.aboutToShow.emit()
    assert not view.action("keep_library").isChecked()
    view.trigger("keep_library")
    finish(stage, "2", "later words")
    stage.tell("2")
    staged.wait(lambda: staged.driver.library.found == [("2.pdf", 1)])
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    stage.mend()
    staged.wait_for(ConnectionState.READY)
    finish(stage, "3", "last words")
    stage.tell("3")
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    assert b"secret words" not in library_file().read_bytes()


def test_purge_leaves_no_text_and_nothing_comes_back(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop
) -> None:
    finish(stage, "1", "unmistakable rhinoceros")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    assert b"rhinoceros" in library_file().read_bytes()
    view.trigger("delete_all")
    agree()
    staged.wait(lambda: not staged.driver.library.found and b"rhinoceros" not in library_file().read_bytes())
    staged.close()
    again = open_desktop(RemoteServer(stage.url))
    again.wait_for(ConnectionState.READY)
    finish(stage, "2", "something new")
    stage.tell("2")
    again.driver.open_library()
    again.wait(lambda: again.driver.library.found == [("2.pdf", 1)])


def test_one_document_is_deleted_after_a_question(staged: Desktop, stage: FakeServer) -> None:
    for number in (1, 2):
        finish(stage, str(number), f"page of {number}")
        stage.tell(str(number))
    view = staged.driver.open_library()
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    name = view.text("library_document_name")
    view.hits.setFocus()
    staged.qtbot.keyClick(view.hits, Qt.Key.Key_Delete)
    assert name in question().text()
    agree()
    staged.wait(lambda: len(staged.driver.library.found) == 1)
    assert staged.driver.library.found[0][0] != name


def test_what_cannot_be_kept_is_said(staged: Desktop, stage: FakeServer) -> None:
    library_file().parent.mkdir(parents=True, exist_ok=True)
    library_file().write_bytes(b"no database at all " * 99)
    finish(stage, "1", "words")
    stage.tell("1")
    staged.wait(lambda: "damaged" in staged.driver.note)
    assert staged.row("1.pdf").state is RowState.FINISHED


def test_escape_goes_back_to_the_list_and_the_shortcut_comes_again(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.QUEUED))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    view = staged.driver.open_library()
    staged.qtbot.keyClick(view.root, Qt.Key.Key_Escape)
    assert staged.driver.shown_page == "list_splitter"
    assert not staged.driver.action("library").isChecked()
    staged.driver.trigger("library")
    assert staged.driver.shown_page == "library"


def test_dates_and_names_narrow_what_is_found(staged: Desktop, stage: FakeServer) -> None:
    finish(stage, "1", "same words", name="Rechnung.pdf")
    old = make_job("2", "brief.pdf", JobState.FINISHED, page_count=1, ended_at=datetime.now(UTC) - timedelta(days=9))
    stage.put(old, [make_page(1, "same words")])
    for job_id in ("1", "2"):
        stage.tell(job_id)
    view = staged.driver.open_library()
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    view.choose("library_time_filter", 7)
    staged.wait(lambda: staged.driver.library.found == [("Rechnung.pdf", 1)])
    view.choose("library_time_filter", None)
    view.fill("library_name_filter", "BRIEF")
    staged.wait(lambda: staged.driver.library.found == [("brief.pdf", 1)])


def test_really_recognised_file_is_found_with_the_boxes_of_its_words(local: Desktop, tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    (tmp_path / "kept-pages.tiff").write_bytes(multipage_tiff(["Alpha meadow", "Bravo windmill"]))
    local.driver.drop(tmp_path / "kept-pages.tiff")
    local.wait(lambda: (row := local.row("kept-pages.tiff")) and row.state is RowState.FINISHED, 60)
    view = local.driver.open_library()
    local.driver.library.search("windm")
    local.wait(lambda: local.driver.library.found == [("kept-pages.tiff", 2)])
    local.wait(lambda: view.stored_text.marked_words() == ["windmill"])
    opened: list[tuple[str, int, list[tuple[int, ...]]]] = []
    local.window.library_page.open_requested.connect(lambda *what: opened.append(what))
    view.press("library_show_job_button")
    (_, page, boxes), *_ = opened
    assert page == 2
    assert len(boxes) == 1
    left, top, right, bottom = boxes[0]
    assert 0 < left < right
    assert 0 < top < bottom
    review = local.driver.open_review()
    local.wait(lambda: review.pages.number == 2 and review.review_pane.selected_text() == "windmill")
