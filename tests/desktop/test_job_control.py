"""Jobs under control: paused, resumed, tried again, reordered and narrowed down, in the real window."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent

from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.job_list.filter import StateFilter
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import JobRow, RowState, row_of_file
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import LocalServer, RemoteServer
from ocrdesk.desktop.session.job_control import Move
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.folders import contents_below
from tests.helpers.processes import short_folder
from tests.helpers.sample_files import multipage_tiff


def away(open_desktop: OpenDesktop, stage: FakeServer) -> Desktop:
    """A window whose server does not answer, so that what is dropped waits."""
    stage.break_off()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.UNREACHABLE)
    return desktop


def drop_files(desktop: Desktop, folder: Path, *names: str) -> list[str]:
    """The keys of the new rows."""
    for name in names:
        (folder / name).write_bytes(b"picture of " + name.encode())
    desktop.driver.drop(*(folder / name for name in names))
    desktop.wait(lambda: all(desktop.row(name) for name in names))
    return [desktop.row(name).key for name in names]


def test_paused_file_waits_until_it_is_resumed(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = away(open_desktop, stage)
    first, _ = drop_files(desktop, tmp_path, "a.png", "b.png")
    desktop.driver.job_list.select(first)
    desktop.driver.trigger("pause")
    assert row_text.state_line(desktop.row("a.png")) == "Paused, not sent yet"
    stage.mend()
    desktop.wait(lambda: stage.submitted == ["b.png"])
    assert desktop.row("a.png").state is RowState.PAUSED
    desktop.driver.trigger("resume")
    desktop.wait(lambda: stage.submitted == ["b.png", "a.png"])


def test_files_are_sent_in_the_lists_order_after_moves(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    desktop = away(open_desktop, stage)
    keys = drop_files(desktop, tmp_path, "a.png", "b.png", "c.png", "d.png")
    jobs = desktop.driver.job_list
    jobs.select(keys[3])
    desktop.driver.trigger("move_top")
    assert desktop.driver.listed == ["d.png", "a.png", "b.png", "c.png"]
    assert jobs.selected_keys() == [keys[3]]  # the selection goes with its row
    desktop.driver.trigger("move_down")
    assert desktop.driver.listed == ["a.png", "d.png", "b.png", "c.png"]
    desktop.session.control.move([keys[0]], Move.BOTTOM)
    desktop.session.control.move([keys[1]], Move.UP)
    assert desktop.driver.listed == ["b.png", "d.png", "c.png", "a.png"]
    stage.mend()
    desktop.wait(lambda: len(stage.submitted) == 4)
    assert set(stage.submitted[:2]) == {"b.png", "d.png"}  # two go at a time


def test_dragged_row_goes_where_it_is_dropped(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = away(open_desktop, stage)
    keys = drop_files(desktop, tmp_path, "a.png", "b.png", "c.png")
    jobs = desktop.driver.job_list
    jobs.select(keys[2])
    jobs.dragged.emit([keys[2]], keys[0])
    assert desktop.driver.listed == ["c.png", "a.png", "b.png"]
    assert jobs.model().flags(jobs.currentIndex()) & Qt.ItemFlag.ItemIsDragEnabled
    second = jobs.visualRect(jobs.model().index(1, 0)).center()
    assert jobs.key_below(second - QPoint(0, 4)) == keys[0]
    assert jobs.key_below(second + QPoint(0, 4)) == keys[1]
    assert jobs.key_below(QPoint(20, jobs.viewport().height() - 2)) is None
    data = jobs.model().mimeData([jobs.currentIndex()])
    how = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    jobs.dropEvent(QDropEvent(QPointF(second), *how))  # from elsewhere: no row of ours
    assert desktop.driver.listed == ["c.png", "a.png", "b.png"]
    jobs.dragged.emit([keys[2]], None)
    assert desktop.driver.listed == ["a.png", "b.png", "c.png"]


def test_job_at_the_server_is_paused_by_cancelling_and_goes_on_by_retrying(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "long.pdf", JobState.STARTED, page_count=9, pages_done=4))
    stage.tell("1")
    staged.wait(lambda: staged.row("long.pdf"))
    staged.driver.trigger("pause")
    staged.wait(lambda: stage.jobs["1"].status is JobState.CANCELLED)
    staged.wait(lambda: staged.row("long.pdf").state is RowState.PAUSED)
    assert row_text.state_line(staged.row("long.pdf")) == "Paused, 4 of 9 pages read"
    staged.driver.trigger("resume")
    staged.wait(lambda: staged.row("long.pdf").state is RowState.STARTED)
    assert stage.retried == ["1"]


def test_paused_job_is_still_paused_after_a_start_without_the_server(
    open_desktop: OpenDesktop, stage: FakeServer
) -> None:
    stage.put(make_job("1", "long.pdf", JobState.STARTED, page_count=9, pages_done=4))
    first = open_desktop(RemoteServer(stage.url))
    first.wait(lambda: first.row("long.pdf"))
    first.driver.trigger("pause")
    first.wait(lambda: first.row("long.pdf").state is RowState.PAUSED)
    first.close()
    second = away(open_desktop, stage)
    second.wait(lambda: second.session.has_loaded_pending_files)
    second.close()
    stage.mend()
    third = open_desktop(RemoteServer(stage.url))
    third.wait(lambda: (row := third.row("long.pdf")) and row.state is RowState.PAUSED)
    third.session.control.cancel([third.row("long.pdf").key])
    third.wait(lambda: third.row("long.pdf").state is RowState.CANCELLED)


def test_job_whose_upload_the_server_did_not_keep_is_sent_anew(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    drop_files(staged, tmp_path, "a.png")
    staged.wait(lambda: staged.row("a.png").state is RowState.QUEUED)
    staged.driver.trigger("pause_all")
    staged.wait(lambda: staged.row("a.png").state is RowState.PAUSED)
    stage.keeps_no_uploads = True
    staged.driver.trigger("resume_all")
    staged.wait(lambda: stage.submitted == ["a.png", "a.png"])


def test_refused_file_is_sent_again_and_failed_pages_are_read_again(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    stage.refusal = (400, {"error": "Full", "detail": "The file is too large.", "code": "file_too_large"})
    drop_files(staged, tmp_path, "a.png")
    staged.wait(lambda: staged.row("a.png").state is RowState.REFUSED)
    stage.refusal = None
    stage.put(make_job("9", "b.pdf", JobState.FINISHED, page_count=2, pages_done=1, pages_failed=1))
    stage.tell("9")
    staged.wait(lambda: staged.row("b.pdf"))
    staged.driver.trigger("retry_all")
    staged.wait(lambda: staged.row("a.png").state is RowState.QUEUED and stage.retried == ["9"])
    assert staged.row("a.png").error is None


def test_unsent_files_their_order_and_pauses_are_there_in_the_next_window(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    first = away(open_desktop, stage)
    keys = drop_files(first, tmp_path, "a.png", "b.png", "c.png", "gone.png")
    first.session.control.move([keys[2]], Move.TOP)
    first.session.control.pause([keys[0]])
    first.close()
    (tmp_path / "gone.png").unlink()
    second = open_desktop(RemoteServer(stage.url))
    second.wait(lambda: second.row("a.png"))
    assert second.driver.listed == ["c.png", "a.png", "b.png", "gone.png"]
    assert second.row("a.png").state is RowState.PAUSED
    assert "no longer there" in second.row("gone.png").error
    stage.mend()
    second.wait(lambda: sorted(stage.submitted) == ["b.png", "c.png"])
    second.wait(lambda: second.row("b.png").state is RowState.QUEUED and second.row("c.png").state is RowState.QUEUED)
    second.close()
    third = open_desktop(RemoteServer(stage.url))
    third.wait(lambda: third.row("a.png") and third.row("b.png"))
    assert third.row("a.png").state is RowState.PAUSED
    assert len(stage.submitted) == 2  # what was sent is not sent again


def test_two_windows_do_not_take_each_others_files(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    first = away(open_desktop, stage)
    drop_files(first, tmp_path, "a.png")
    folder = server_folder(first.session.server)
    first.wait(lambda: list(folder.glob("unsent-*.json")))
    second = open_desktop(RemoteServer(stage.url))
    second.wait(lambda: second.session.has_loaded_pending_files)
    assert second.row("a.png") is None


def test_files_of_another_server_stay_with_it(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    first = away(open_desktop, stage)
    drop_files(first, tmp_path, "a.png")
    first.close()
    other = FakeServer()
    second = open_desktop(RemoteServer(other.url))
    second.wait(lambda: second.session.has_loaded_pending_files)
    assert second.row("a.png") is None
    second.close()
    other.close()


_CRASHING = """
import os, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QTimer
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.startup.application import make_application
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.window.saved_state import WindowState
app, tasks = make_application(), Tasks()
session = Session(RemoteServer(sys.argv[1]), tasks)
window = MainWindow(session, tasks, WindowState(Path(sys.argv[2])))
session.start()
window.open_paths([Path(name) for name in sys.argv[3:]])
look = QTimer(interval=10)
look.timeout.connect(lambda: list(server_folder(session.server).glob("unsent-*.json")) and os._exit(9))
look.start()
app.exec()
"""


def test_unsent_files_come_back_after_the_window_crashed(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    stage.break_off()
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"picture")
    files = [str(tmp_path / name) for name in ("a.png", "b.png")]
    command = [sys.executable, "-c", _CRASHING, stage.url, str(tmp_path / "crash.ini"), *files]
    crashed = subprocess.run(command, timeout=60, check=False)
    assert crashed.returncode == 9
    stage.mend()
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait(lambda: sorted(stage.submitted) == ["a.png", "b.png"])


def test_list_that_cannot_be_read_does_not_stop_the_window(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    first = away(open_desktop, stage)
    drop_files(first, tmp_path, "a.png")
    first.close()
    folder = server_folder(first.session.server)
    kept = next(folder.glob("unsent-*.json"))
    kept.write_text("{ not a list")
    stage.mend()
    second = open_desktop(RemoteServer(stage.url))
    second.wait_for(ConnectionState.READY)
    second.wait(lambda: second.session.has_loaded_pending_files)
    assert list(folder.glob("unsent-*.unreadable"))  # put aside, not thrown away


def test_all_jobs_of_the_server_are_listed_however_many(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    start = datetime(2026, 5, 1, tzinfo=UTC)
    for number in range(1203):
        created = start + timedelta(seconds=number)
        stage.put(make_job(f"{number:032x}", f"{number}.pdf", JobState.CANCELLED, created_at=created))
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.READY)
    assert desktop.model.rowCount() == 1203
    assert desktop.driver.listed[0] == "1202.pdf"
    assert desktop.driver.listed[-1] == "0.pdf"


def test_list_is_narrowed_by_name_and_state_and_events_still_reach_it(staged: Desktop, stage: FakeServer) -> None:
    for number, (name, state) in enumerate(
        (("Invoice May.pdf", JobState.STARTED), ("invoice june.pdf", JobState.FINISHED), ("x.png", JobState.STARTED))
    ):
        stage.put(make_job(str(number), name, state, page_count=4))
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 3)
    driver = staged.driver
    driver.trigger("filter_jobs")
    staged.qtbot.keyClicks(driver.name_filter, "INVOICE")
    staged.wait(lambda: len(staged.driver.listed) == 2)
    driver.filter_by_state(StateFilter.RUNNING)
    assert staged.driver.listed == ["Invoice May.pdf"]
    stage.put(make_job("0", "Invoice May.pdf", JobState.FINISHED, page_count=4, pages_done=4))
    stage.tell("0")
    staged.wait(lambda: staged.driver.listed == [])
    staged.qtbot.keyClick(driver.name_filter, Qt.Key.Key_Escape)
    driver.filter_by_state(StateFilter.ALL)
    staged.wait(lambda: len(staged.driver.listed) == 3)


def test_time_left_comes_from_the_pace_so_far(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=100))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    start = datetime.now(UTC)
    for done in (1, 2, 3):
        at = start + timedelta(seconds=6 * done)
        counts = {"status": JobState.STARTED, "page_count": 100, "pages_done": done}
        staged.model.apply(Event(id=f"9-{done}", type=EventType.PAGE, job_id="1", at=at, **counts))
    assert "about 10 min left" in row_text.state_line(staged.row("a.pdf"))


def test_time_left_may_run_out_while_it_is_worded(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[float | None] = [0.001, None]
    monkeypatch.setattr(JobRow, "seconds_left", property(lambda _row: answers.pop(0)))
    row = replace(row_of_file(Path("a.pdf")), state=RowState.STARTED, page_count=9)
    assert row_text.state_line(row) == "0 of 9 pages, less than a minute left"


def test_everything_is_in_the_context_menu_and_has_keys(staged: Desktop) -> None:
    offered = staged.driver.job_list.actions()
    for name in ("pause", "resume", "retry", "move_up", "move_down", "move_top"):
        action = staged.driver.action(name)
        assert action in offered
        assert not action.shortcut().isEmpty()


def test_real_job_pauses_goes_on_after_the_backend_was_killed_and_ends_whole(
    open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    from tests.desktop.test_local_backend import _backend_of, _wait_until_no_backend

    with short_folder() as folder:
        desktop = open_desktop(LocalServer(folder / "data"))
        desktop.wait_for(ConnectionState.READY, 60)
        (tmp_path / "long.tiff").write_bytes(multipage_tiff([f"Page number {n}" for n in range(40)]))
        desktop.driver.drop(tmp_path / "long.tiff")
        desktop.wait(lambda: (row := desktop.row("long.tiff")) and row.pages_done > 1, 60)
        desktop.session.control.pause([desktop.row("long.tiff").key])
        desktop.wait(lambda: desktop.row("long.tiff").state is RowState.PAUSED)
        job_id = desktop.row("long.tiff").job_id
        desktop.wait(lambda: job_id in str(contents_below(server_folder(desktop.session.server), "*.json")))
        for process in _backend_of(folder):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        desktop.wait_for(ConnectionState.UNREACHABLE)
        desktop.close()
        again = open_desktop(LocalServer(folder / "data"))
        again.wait_for(ConnectionState.READY, 60)
        again.wait(lambda: (row := again.row("long.tiff")) and row.state is RowState.PAUSED)
        again.session.control.resume([again.row("long.tiff").key])
        again.wait(lambda: again.row("long.tiff").state is RowState.FINISHED, 90)
        assert again.row("long.tiff").pages_done == 40
        again.close()
        _wait_until_no_backend(again, folder)
