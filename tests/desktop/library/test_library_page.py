"""The library in place of the list, and back."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page


def test_escape_returns_to_the_list_and_the_shortcut_to_the_library(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.QUEUED))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    view = staged.driver.open_library()
    staged.qtbot.keyClick(view.root, Qt.Key.Key_Escape)
    assert staged.driver.shown_page == "list_splitter"
    assert not staged.driver.action("library").isChecked()
    staged.driver.trigger("library")
    assert staged.driver.shown_page == "library"


def test_actions_of_the_list_do_not_act_on_rows_that_the_library_hides(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "Text")])
    stage.tell("1")
    driver = staged.driver
    staged.wait(lambda: driver.listed == ["a.pdf"] and driver.action("copy_text").isEnabled())
    names = ("remove", "export", "copy_files", "copy_text", "cancel_all", "find", "next_word")
    staged.wait(lambda: all(driver.action(name).isEnabled() for name in names))
    view = driver.open_library()
    assert not any(driver.action(name).isEnabled() for name in (*names, "undo"))
    staged.qtbot.keyClick(view.root, Qt.Key.Key_Escape)
    assert all(driver.action(name).isEnabled() for name in names)
    assert driver.listed == ["a.pdf"]
