"""The library's view: search, hits and the stored text."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job


def test_finished_job_is_found_by_a_word_as_it_is_typed(staged: Desktop, stage: FakeServer) -> None:
    add_finished_job(stage, "1", "first page", "second page names the Königsberg bridge")
    stage.tell("1")
    view = staged.driver.open_library()
    assert view.search_field.hasFocus()
    staged.wait(lambda: staged.driver.library.found == [("1.pdf", 1)])
    staged.qtbot.keyClicks(view.search_field, "konigs")
    staged.wait(lambda: staged.driver.library.found == [("1.pdf", 2)])
    staged.wait(lambda: view.stored_text.marked_words() == ["Königsberg"])
    assert view.stored_text.hasFocus() is False


def test_hit_opens_in_the_list_with_its_page_and_boxes(staged: Desktop, stage: FakeServer) -> None:
    add_finished_job(stage, "1", "one", "two has the treasure")
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
