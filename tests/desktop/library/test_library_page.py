"""The library in place of the list, and back."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


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
