"""What is removed can be put back; what is not put back is deleted."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.library_jobs import add_finished_job, library_file
from tests.helpers.questions import agree


def _add(desktop: Desktop, stage: FakeServer, *names: str) -> None:
    for number, name in enumerate(names):
        stage.put(make_job(str(number), name, JobState.FINISHED, page_count=1, pages_done=1))
        stage.tell(str(number))
        desktop.wait(lambda name=name: desktop.row(name))


def test_removed_entries_come_back_to_their_places(staged: Desktop, stage: FakeServer) -> None:
    _add(staged, stage, "a.pdf", "b.pdf", "c.pdf")
    driver = staged.driver
    driver.select("b.pdf")
    driver.trigger("remove")
    assert driver.listed == ["c.pdf", "a.pdf"]
    assert "b.pdf was removed" in driver.note
    stage.tell("1")  # an event of a removed job does not bring it back
    driver.undo()
    assert driver.listed == ["c.pdf", "b.pdf", "a.pdf"]
    driver.let_undo_pass()
    driver.job_list.selectAll()
    driver.trigger("remove")
    assert driver.listed == []
    assert stage.deleted == []
    driver.let_undo_pass()
    staged.wait(lambda: sorted(stage.deleted) == ["0", "1", "2"])
    assert not driver.is_shown("status_fix_button")


def test_next_removal_completes_the_one_before(staged: Desktop, stage: FakeServer) -> None:
    _add(staged, stage, "a.pdf", "b.pdf")
    for name in ("a.pdf", "b.pdf"):
        staged.driver.select(name)
        staged.driver.trigger("remove")
    staged.wait(lambda: stage.deleted == ["0"])
    staged.driver.undo()
    assert staged.driver.listed == ["b.pdf"]


def test_entry_removed_before_the_end_is_deleted_by_the_next_window(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop
) -> None:
    _add(staged, stage, "a.pdf", "b.pdf")
    staged.driver.select("a.pdf")
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    staged.driver.trigger("remove")
    staged.close()
    stage.mend()
    again = open_desktop(RemoteServer(stage.url))
    again.wait_for(ConnectionState.READY)
    again.wait(lambda: stage.deleted == ["0"])
    assert again.driver.listed == ["b.pdf"]


def test_document_deleted_from_the_library_comes_back_or_is_gone(staged: Desktop, stage: FakeServer) -> None:
    for number in (1, 2):
        add_finished_job(stage, str(number), f"rhinoceros{number}")
        stage.tell(str(number))
    view = staged.driver.open_library()
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    view.hits.setFocus()
    staged.qtbot.keyClick(view.hits, Qt.Key.Key_Delete)
    agree()
    staged.wait(lambda: len(staged.driver.library.found) == 1)
    staged.driver.undo()
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    view.trigger("delete_all")
    agree()
    staged.wait(lambda: not staged.driver.library.found)
    assert b"rhinoceros" in library_file().read_bytes()
    staged.driver.undo()
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    view.trigger("delete_all")
    agree()
    staged.wait(lambda: not staged.driver.library.found)
    staged.driver.let_undo_pass()
    staged.wait(lambda: b"rhinoceros" not in library_file().read_bytes())
