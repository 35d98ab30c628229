"""The library while it is switched off."""

from __future__ import annotations

from ocrdesk.desktop.library.settings import ENABLED
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job, library_file


def test_text_of_the_time_while_it_is_off_is_never_stored(staged: Desktop, stage: FakeServer) -> None:
    staged.settings.setValue(ENABLED, False)  # as another part of the window may do
    add_finished_job(stage, "1", "secret words")
    stage.tell("1")
    staged.wait(lambda: staged.row("1.pdf"))
    view = staged.driver.open_library()
    staged.wait(lambda: "switched off" in view.text("library_message"))
    assert not library_file().exists()
    view.menu.aboutToShow.emit()
    assert not view.action("keep_library").isChecked()
    view.trigger("keep_library")
    add_finished_job(stage, "2", "later words")
    stage.tell("2")
    staged.wait(lambda: staged.driver.library.found == [("2.pdf", 1)])
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    stage.mend()
    staged.wait_for(ConnectionState.READY)
    add_finished_job(stage, "3", "last words")
    stage.tell("3")
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    assert b"secret words" not in library_file().read_bytes()
