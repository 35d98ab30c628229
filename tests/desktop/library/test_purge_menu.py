"""Deleting stored text."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job, library_file
from tests.helpers.questions import agree, question


def test_purged_text_is_gone_and_is_not_added_again(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop
) -> None:
    add_finished_job(stage, "1", "unmistakable rhinoceros")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    assert b"rhinoceros" in library_file().read_bytes()
    view.trigger("delete_all")
    agree()
    staged.wait(lambda: not staged.driver.library.found)
    staged.driver.let_undo_pass()
    staged.wait(lambda: b"rhinoceros" not in library_file().read_bytes())
    staged.close()
    again = open_desktop(RemoteServer(stage.url))
    again.wait_for(ConnectionState.READY)
    add_finished_job(stage, "2", "something new")
    stage.tell("2")
    again.driver.open_library()
    again.wait(lambda: again.driver.library.found == [("2.pdf", 1)])


def test_document_is_deleted_after_confirmation(staged: Desktop, stage: FakeServer) -> None:
    for number in (1, 2):
        add_finished_job(stage, str(number), f"page of {number}")
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
