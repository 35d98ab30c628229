"""Pending files and paused jobs are restored in the next window, also after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session import pending_files, session
from ocrdesk.desktop.session.job_control import Move
from ocrdesk.desktop.session.pending_files import PendingFile, PendingFiles, PendingWork
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import OpenDesktop
from tests.desktop.session.waiting_files import drop_files, open_disconnected
from tests.helpers.damaged_files import each_damage
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.folders import contents_below


def test_paused_job_is_still_paused_after_a_start_without_the_server(
    open_desktop: OpenDesktop, stage: FakeServer
) -> None:
    stage.put(make_job("1", "long.pdf", JobState.STARTED, page_count=9, pages_done=4))
    first = open_desktop(RemoteServer(stage.url))
    first.wait(lambda: first.row("long.pdf"))
    first.driver.trigger("pause")
    first.wait(lambda: first.row("long.pdf").state is RowState.PAUSED)
    first.close()
    second = open_disconnected(open_desktop, stage)
    second.wait(lambda: second.session.has_loaded_pending_files)
    second.close()
    stage.mend()
    third = open_desktop(RemoteServer(stage.url))
    third.wait(lambda: (row := third.row("long.pdf")) and row.state is RowState.PAUSED)
    third.session.control.cancel([third.row("long.pdf").key])
    third.wait(lambda: third.row("long.pdf").state is RowState.CANCELLED)


def test_closed_window_waits_until_a_slow_disk_has_the_list(
    open_desktop: OpenDesktop, stage: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    disconnected = threading.Event()
    real_join, real_fsync = session.join_threads, os.fsync

    def join(threads: Sequence[threading.Thread], within_s: float) -> None:
        real_join(threads, within_s)
        disconnected.set()

    def fsync(file: int) -> None:
        disconnected.wait(60)
        real_fsync(file)

    stage.put(make_job("1", "long.pdf", JobState.STARTED, page_count=9, pages_done=4))
    first = open_desktop(RemoteServer(stage.url))
    first.wait(lambda: first.row("long.pdf"))
    monkeypatch.setattr(session, "join_threads", join)
    monkeypatch.setattr(pending_files.os, "fsync", fsync)
    first.driver.trigger("pause")
    first.wait(lambda: first.row("long.pdf").state is RowState.PAUSED)
    first.close()
    assert '"paused_jobs": ["1"]' in str(contents_below(server_folder(first.session.server), "*.json"))


def test_pending_files_their_order_and_pauses_are_restored_in_the_next_window(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    first = open_disconnected(open_desktop, stage)
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
    first = open_disconnected(open_desktop, stage)
    drop_files(first, tmp_path, "a.png")
    folder = server_folder(first.session.server)
    first.wait(lambda: list(folder.glob("unsent-*.json")))
    second = open_desktop(RemoteServer(stage.url))
    second.wait(lambda: second.session.has_loaded_pending_files)
    assert second.row("a.png") is None


def test_files_of_another_server_stay_with_it(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    first = open_disconnected(open_desktop, stage)
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


@each_damage
def test_a_damaged_list_is_moved_aside_and_the_others_are_adopted(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    for name in ("one", "two", "three"):
        closed = PendingFiles(tmp_path)
        closed.write(PendingWork((PendingFile(f"/{name}", name),)))
        closed.close()
    lists = sorted(tmp_path.glob("unsent-*.json"))
    damage(lists[1])
    damage(lists[2].with_suffix(".lock"))
    store = PendingFiles(tmp_path)
    found = store.adopt()
    assert len(found.files) == 2
    store.write(found)
    assert len(PendingFiles(tmp_path).adopt().files) == 0, "this window holds its list"
    store.close()
    assert len(PendingFiles(tmp_path).adopt().files) == 2
    assert all(os.path.lexists(path) for path in store.damaged)


@pytest.mark.parametrize("time", ["1e300", "-1e300", "NaN", "Infinity", "9" * 400])
def test_a_list_with_a_time_in_no_year_is_moved_aside(tmp_path: Path, time: str) -> None:
    (tmp_path / "unsent-1.json").write_text(f'{{"files": [], "paused_jobs": [], "place_times": {{"job": {time}}}}}')
    store = PendingFiles(tmp_path)
    assert store.adopt() == PendingWork()
    assert len(store.damaged) == 1


def test_a_file_with_a_name_that_no_file_can_have_is_gone(tmp_path: Path) -> None:
    closed = PendingFiles(tmp_path)
    closed.write(PendingWork((PendingFile("/" + "a" * 5_000, "1"), PendingFile("/a\0b", "2"))))
    closed.close()
    assert [file.is_gone for file in PendingFiles(tmp_path).adopt().files] == [True, True]


def test_list_that_cannot_be_read_is_reported_and_does_not_stop_the_window(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path
) -> None:
    first = open_disconnected(open_desktop, stage)
    drop_files(first, tmp_path, "a.png")
    first.close()
    folder = server_folder(first.session.server)
    kept = next(folder.glob("unsent-*.json"))
    kept.write_text("{ not a list")
    stage.mend()
    second = open_desktop(RemoteServer(stage.url))
    second.wait_for(ConnectionState.READY)
    second.wait(lambda: second.session.has_loaded_pending_files)
    [aside] = folder.glob("unsent-*.unreadable")  # set aside, not deleted
    second.wait(lambda: second.driver.note.startswith("A list of files that were not sent yet was damaged."))
    assert str(aside) in second.driver.note


def unusable_folder(stage: FakeServer) -> Path:
    """Return the folder of a server's list, which cannot be made: a file has its parent's name."""
    folder = server_folder(RemoteServer(stage.url))
    folder.parent.parent.mkdir(parents=True)
    folder.parent.write_text("a file where a folder must be")
    return folder


def test_a_folder_that_cannot_be_used_is_reported_and_the_list_is_stored_once_it_can(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocrdesk.desktop.session.pending_files_saver._AGAIN_MS", 200)
    stage.break_off()
    folder = unusable_folder(stage)
    desktop = open_disconnected(open_desktop, stage)
    drop_files(desktop, tmp_path, "a.png")
    desktop.wait(lambda: "cannot be" in desktop.driver.note or "could not be" in desktop.driver.note)
    folder.parent.unlink()
    desktop.wait(lambda: any(b"a.png" in content for content in contents_below(folder, "unsent-*.json").values()))


def test_a_window_that_cannot_store_its_list_closes_with_a_line_in_the_log(
    open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage.break_off()
    folder = unusable_folder(stage)
    desktop = open_disconnected(open_desktop, stage)
    drop_files(desktop, tmp_path, "a.png")
    desktop.close()
    [line] = [record.getMessage() for record in caplog.records if "could not be saved" in record.getMessage()]
    assert str(folder) in line
