"""The window over a staged server: what it says when things go wrong, and that nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import Connection, LocalServer, RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from ocrdesk.local.server.attach import LocalBackendError
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job, make_page

WHY = "The local engine could not start: there is no space left on the device."


class SlowServer:
    """A local server that comes up when it is told to, or fails with a reason."""

    is_local = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.up = threading.Event()
        self.reason: str | None = None

    def connect(self, on_progress: Callable[[str], None], /) -> Connection:
        on_progress("Starting the local engine")
        self.up.wait(20)
        if self.reason:
            raise LocalBackendError(self.reason)
        return RemoteServer(self.url).connect(on_progress)


def test_empty_window_invites(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(LocalServer(), start=False)
    assert desktop.driver.shown_page == "empty_state"
    words = " ".join(desktop.driver.part("empty_state").texts())
    assert "Drop files or folders here" in words
    for kind in ("PDF", "PNG", "JPEG", "TIFF", "WebP", "BMP", "GIF"):
        assert kind in words
    for action in ("cancel", "remove", "copy_text"):
        assert not desktop.driver.action(action).isEnabled()


def test_window_says_that_it_is_starting_and_takes_files_meanwhile(
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


def test_failed_start_says_why_and_can_be_tried_again(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    server = SlowServer(stage.url)
    server.reason = WHY
    server.up.set()
    desktop = open_desktop(server)
    desktop.wait_for(ConnectionState.FAILED)
    assert desktop.driver.status == "The local engine could not start There is no space left on the device."
    server.reason = None
    desktop.driver.press("status_retry_button")
    desktop.wait_for(ConnectionState.READY)
    assert not desktop.driver.is_shown("status_retry_button")


def test_wrong_key_says_so(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    body = {"error": "UnauthorizedError", "detail": "The API key is wrong.", "code": "unauthorized"}
    stage.answer_all = (401, body)
    desktop = open_desktop(RemoteServer(stage.url, "wrong"))
    desktop.wait_for(ConnectionState.FAILED)
    assert desktop.driver.status.startswith("The server cannot be used The key is wrong, or was revoked.")
    assert desktop.driver.is_shown("status_settings_button")


def test_missing_and_expired_keys_say_so(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    stage.answer_all = (401, {"error": "No", "detail": "The API key is missing or wrong.", "code": "unauthorized"})
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.FAILED)
    assert "asks for a key" in desktop.driver.status
    stage.answer_all = (401, {"error": "No", "detail": "The API key has expired.", "code": "unauthorized"})
    desktop.session.switch(RemoteServer(stage.url, "old"))
    desktop.wait(lambda: "has expired" in desktop.driver.status)


def test_crash_in_the_connection_is_said_and_not_swallowed(open_desktop: OpenDesktop) -> None:
    class Broken:
        is_local = True

        def connect(self, _on_progress: Callable[[str], None], /) -> Connection:
            raise RuntimeError("something unforeseen")

    desktop = open_desktop(Broken())
    desktop.wait_for(ConnectionState.FAILED)
    assert "unforeseen" in desktop.driver.status.lower()


def test_lost_connection_is_said_and_mends_itself(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=4, pages_done=1))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    assert staged.driver.status.startswith("The connection was lost; trying again…")
    # what happens meanwhile is in no event that reaches us: the new list has it
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=4, pages_done=4), [make_page(1, "x")])
    stage.put(make_job("2", "b.pdf", JobState.QUEUED))
    stage.mend()
    staged.wait_for(ConnectionState.READY)
    staged.wait(lambda: staged.row("a.pdf").state is RowState.FINISHED and staged.row("b.pdf"))


def test_job_that_went_while_we_were_away_leaves_the_list(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.QUEUED))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    del stage.jobs["1"]
    stage.mend()
    staged.wait(lambda: staged.row("a.pdf") is None)
    assert staged.driver.shown_page == "empty_state"


def test_files_dropped_while_away_are_sent_afterwards(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    (tmp_path / "a.png").write_bytes(b"picture")
    staged.driver.drop(tmp_path / "a.png")
    staged.wait(lambda: staged.row("a.png"))
    assert staged.row("a.png").state is RowState.WAITING
    stage.mend()
    staged.wait(lambda: staged.row("a.png").state is RowState.QUEUED)


def test_refused_file_stays_with_its_reason_and_others_go_on(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    stage.refusal = (400, {"error": "Too large", "detail": "The file is larger than 10 MB.", "code": "file_too_large"})
    (tmp_path / "big.pdf").write_bytes(b"big")
    staged.driver.drop(tmp_path / "big.pdf")
    staged.wait(lambda: (row := staged.row("big.pdf")) and row.state is RowState.REFUSED)
    assert staged.row("big.pdf").error == "The file is larger than 10 MB."
    assert staged.driver.message == "The file is larger than 10 MB."
    stage.refusal = None
    (tmp_path / "small.pdf").write_bytes(b"small")
    staged.driver.drop(tmp_path / "small.pdf")
    staged.wait(lambda: (row := staged.row("small.pdf")) and row.state is RowState.QUEUED)
    assert staged.row("big.pdf").state is RowState.REFUSED


def test_file_is_sent_again_when_the_server_says_too_many(staged: Desktop, stage: FakeServer, tmp_path: Path) -> None:
    body = {"error": "Slow down", "detail": "Too many.", "code": "rate_limited", "retry_after": 0.05}
    stage.refusal = (429, body)
    (tmp_path / "a.pdf").write_bytes(b"a")
    staged.driver.drop(tmp_path / "a.pdf")
    staged.wait(lambda: stage.forms and staged.row("a.pdf").state is RowState.WAITING)  # refused once, it waits again
    stage.refusal = None
    staged.wait(lambda: staged.row("a.pdf").state is RowState.QUEUED)


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


def test_running_jobs_pages_appear_as_they_are_read(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=3, pages_done=1), [make_page(2, "second page")])
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    staged.driver.select("a.pdf")
    staged.wait(lambda: "second page" in staged.driver.shown_text)
    assert "first" not in staged.driver.shown_text
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=3, pages_done=2), [make_page(1, "first page")])
    stage.tell("1", page=1)
    staged.wait(lambda: "first page" in staged.driver.shown_text)
    assert staged.driver.shown_text.index("first page") < staged.driver.shown_text.index("second page")
    stage.put(
        make_job("1", "a.pdf", JobState.FINISHED, page_count=3, pages_done=2, pages_failed=1),
        [make_page(3, "", "It took too long.")],
    )
    stage.tell("1")
    staged.wait(lambda: "This page could not be read: It took too long." in staged.driver.shown_text)
    assert staged.row("a.pdf").state is RowState.FINISHED
    staged.driver.trigger("copy_text")
    assert QGuiApplication.clipboard().text() == "first page\n\nsecond page"


def test_text_of_another_row_never_arrives(staged: Desktop, stage: FakeServer) -> None:
    for number in range(1, 6):
        job = make_job(str(number), f"{number}.pdf", JobState.FINISHED, page_count=1, pages_done=1)
        stage.put(job, [make_page(1, f"text of {number}")])
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 5)
    for number in range(1, 6):
        staged.driver.select(f"{number}.pdf")
    staged.wait(lambda: staged.driver.shown_text == "text of 5")


def test_job_without_words_says_so(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "blank.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "")])
    stage.tell("1")
    staged.wait(lambda: staged.driver.message == "No text was found.")
    assert not staged.driver.action("copy_text").isEnabled()


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
    assert sorted(stage.deleted) == ["1", "2"]
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


def test_empty_folder_is_said(staged: Desktop, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    staged.driver.drop(tmp_path / "nothing")
    staged.wait(lambda: staged.driver.note == "The folder is empty.")


def test_drag_shows_where_to_drop_and_a_web_link_does_not(staged: Desktop, tmp_path: Path) -> None:
    assert not staged.driver.drag_over(QUrl("https://example.org/a.png"))
    assert staged.driver.drag_over(QUrl.fromLocalFile(str(tmp_path)))
    staged.driver.drag_away()
    assert not staged.driver.is_shown("drop_overlay")
