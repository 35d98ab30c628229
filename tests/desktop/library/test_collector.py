"""Finished jobs are added to the library."""

from __future__ import annotations

from ocrdesk.contract.events import EventType
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import RemoteServer
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job, library_file


def test_text_is_kept_after_the_server_has_deleted_the_job(staged: Desktop, stage: FakeServer) -> None:
    add_finished_job(stage, "1", "words that stay")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    stage.tell("1", kind=EventType.DELETED)
    del stage.jobs["1"]
    staged.wait(lambda: staged.model.rowCount() == 0)
    staged.driver.library.search("stay")
    staged.wait(lambda: view.stored_text.marked_words() == ["stay"])
    assert staged.driver.shown_page == "library"  # the empty list does not replace it
    assert not view.is_shown("library_show_job_button")
    view.hits.activated.emit(view.hits.currentIndex())
    assert view.stored_text.toPlainText() == "words that stay"


def test_jobs_that_finished_while_no_window_was_open_are_added(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    for number in range(3):
        add_finished_job(stage, str(number), f"text number{number}")
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.driver.open_library()
    desktop.wait(lambda: len(desktop.driver.library.found) == 3)
    desktop.driver.library.search("number2")
    desktop.wait(lambda: desktop.driver.library.found == [("2.pdf", 1)])


def test_user_is_told_when_the_library_cannot_be_written(staged: Desktop, stage: FakeServer) -> None:
    library_file().parent.mkdir(parents=True, exist_ok=True)
    library_file().write_bytes(b"no database at all " * 99)
    add_finished_job(stage, "1", "words")
    stage.tell("1")
    staged.wait(lambda: "damaged" in staged.driver.note)
    assert staged.row("1.pdf").state is RowState.FINISHED
