"""The window with a fake server: what it shows, and what the keyboard does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import LocalServer, RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.slow_server import SlowServer


def test_window_accepts_files_while_the_server_starts(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    server = SlowServer(stage.url)
    desktop = open_desktop(server)
    assert desktop.driver.status == "Starting the local server…"
    (tmp_path / "early.png").write_bytes(b"picture")
    desktop.driver.drop(tmp_path / "early.png")
    desktop.wait(lambda: desktop.row("early.png"))
    assert desktop.row("early.png").state is RowState.WAITING
    assert stage.submitted == []
    server.up.set()
    desktop.wait(lambda: desktop.row("early.png").state is RowState.QUEUED)
    assert desktop.driver.status == "Ready"
    assert stage.submitted == ["early.png"]


def test_waiting_file_can_be_cancelled_and_removed(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    server = SlowServer(stage.url)
    desktop = open_desktop(server)
    (tmp_path / "a.png").write_bytes(b"picture")
    desktop.driver.drop(tmp_path / "a.png")
    desktop.wait(lambda: desktop.row("a.png"))
    desktop.driver.trigger("cancel")
    assert desktop.row("a.png").state is RowState.CANCELLED
    desktop.driver.trigger("remove")
    assert desktop.row("a.png") is None
    server.up.set()
    desktop.wait_for(ConnectionState.READY)
    assert stage.submitted == []


def test_jobs_that_were_there_before_have_the_first_one_selected(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    for number in (1, 2, 3):
        stage.put(make_job(str(number), f"{number}.pdf", JobState.FINISHED, page_count=1, pages_done=1))
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait(lambda: desktop.model.rowCount() == 3)
    assert desktop.driver.job_list.selected_keys() == [desktop.driver.job_list.current_key()]
    assert desktop.driver.action("remove").isEnabled()


def test_keyboard_alone_opens_selects_cancels_and_removes(staged: Desktop, stage: FakeServer) -> None:
    for number in (1, 2):
        stage.put(make_job(str(number), f"{number}.pdf", JobState.STARTED, page_count=9))
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 2)
    window, qtbot, jobs = staged.window, staged.qtbot, staged.driver.job_list
    window.activateWindow()
    jobs.setFocus()
    qtbot.keyClick(jobs, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(jobs.selected_keys()) == 2
    qtbot.keyClick(jobs, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    staged.wait(lambda: all(row.state is RowState.CANCELLED for row in staged.model.rows()))
    qtbot.keyClick(jobs, Qt.Key.Key_Delete)
    staged.wait(lambda: staged.model.rowCount() == 0)
    staged.driver.let_undo_pass()
    staged.wait(lambda: sorted(stage.deleted) == ["1", "2"])
    seen = set()
    for _ in range(8):
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        seen.add(window.focusWidget().accessibleName())
    assert {"Open files…", "Open folder…", "Open files", "Open folder"} <= seen


def test_window_opens_as_it_was_left(open_desktop: OpenDesktop) -> None:
    first = open_desktop(LocalServer(), start=False)
    first.window.resize(700, 610)
    first.driver.splitter.setSizes([300, 400])
    sizes = first.driver.splitter.sizes()
    first.window.close()
    second = open_desktop(LocalServer(), start=False)
    assert (second.window.width(), second.window.height()) == (700, 610)
    assert second.driver.splitter.sizes() == sizes


def test_list_has_the_same_order_when_it_is_opened_again(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    def drop(*names: str) -> None:
        for name in names:
            (tmp_path / name).write_bytes(b"picture")
        staged.driver.drop(*(tmp_path / name for name in names))
        staged.wait(lambda: set(names) <= set(stage.submitted))
        staged.wait(lambda: all(row.job_id for row in staged.model.rows()))

    drop("a.png", "b.png", "c.png")
    drop("d.png", "e.png")
    order = staged.driver.listed
    assert order[-3:] == ["a.png", "b.png", "c.png"]
    staged.close()
    again = open_desktop(RemoteServer(stage.url))
    again.wait_for(ConnectionState.READY)
    again.wait(lambda: len(again.driver.listed) == 5)
    again.wait(lambda: again.driver.listed == order)


def test_window_says_that_the_list_is_being_loaded(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1))
    first = open_desktop(RemoteServer(stage.url))
    first.wait(lambda: first.driver.listed == ["a.pdf"])
    first.close()
    stage.break_off()
    again = open_desktop(RemoteServer(stage.url))
    again.wait(lambda: again.driver.text("empty_state_title") == "Your list is being loaded…")
    stage.mend()
    again.wait(lambda: again.driver.listed == ["a.pdf"])
    again.driver.job_list.selectAll()
    again.driver.trigger("remove")
    assert again.driver.text("empty_state_title") == "Drop files or folders here"
