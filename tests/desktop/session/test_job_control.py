"""Jobs are paused, resumed, tried again and reordered, in the real window."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.job_control import Move
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.desktop.session.waiting_files import drop_files, open_disconnected
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.folders import contents_below
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import short_folder
from tests.helpers.sample_files import multipage_tiff


def test_paused_file_waits_until_it_is_resumed(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = open_disconnected(open_desktop, stage)
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
    desktop = open_disconnected(open_desktop, stage)
    keys = drop_files(desktop, tmp_path, "a.png", "b.png", "c.png", "d.png")
    jobs = desktop.driver.job_list
    jobs.select(keys[3])
    desktop.driver.trigger("move_top")
    assert desktop.driver.listed == ["d.png", "a.png", "b.png", "c.png"]
    assert jobs.selected_keys() == [keys[3]]  # the selection moves with its row
    desktop.driver.trigger("move_down")
    assert desktop.driver.listed == ["a.png", "d.png", "b.png", "c.png"]
    desktop.session.control.move([keys[0]], Move.BOTTOM)
    desktop.session.control.move([keys[1]], Move.UP)
    assert desktop.driver.listed == ["b.png", "d.png", "c.png", "a.png"]
    stage.mend()
    desktop.wait(lambda: len(stage.submitted) == 4)
    assert set(stage.submitted[:2]) == {"b.png", "d.png"}  # two are uploaded at a time


def test_dragged_row_moves_to_where_it_is_dropped(open_desktop: OpenDesktop, stage: FakeServer, tmp_path: Path) -> None:
    desktop = open_disconnected(open_desktop, stage)
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
    jobs.dropEvent(QDropEvent(QPointF(second), *how))  # from another program: it is not one of our rows
    assert desktop.driver.listed == ["c.png", "a.png", "b.png"]
    jobs.dragged.emit([keys[2]], None)
    assert desktop.driver.listed == ["a.png", "b.png", "c.png"]


def test_job_is_paused_by_cancelling_and_resumed_by_retrying(staged: Desktop, stage: FakeServer) -> None:
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


def test_job_whose_upload_the_server_did_not_keep_is_sent_again(
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


@IN_LONG_FORM
def test_paused_job_resumes_after_the_server_was_killed_and_finishes_completely(
    open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    from tests.desktop.behaviour.test_with_local_server import _backend_of, _wait_until_no_backend

    with short_folder() as folder:
        desktop = open_desktop(LocalServer(folder / "data"))
        desktop.wait_for(ConnectionState.READY, 60)
        (tmp_path / "long.tiff").write_bytes(multipage_tiff([f"Page number {n}" for n in range(40)]))
        desktop.driver.drop(tmp_path / "long.tiff")
        desktop.wait(lambda: (row := desktop.row("long.tiff")) and row.pages_done > 1, 60)
        desktop.session.control.pause([desktop.row("long.tiff").key])
        desktop.wait(lambda: desktop.row("long.tiff").state is RowState.PAUSED)
        job_id = desktop.row("long.tiff").job_id
        saved = f'"paused_jobs": ["{job_id}"]'
        desktop.wait(lambda: saved in str(contents_below(server_folder(desktop.session.server), "*.json")))
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
