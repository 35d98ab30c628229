"""The status bar says what is wrong with the server, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import Connection, RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.slow_server import SlowServer

WHY = "The local server could not start: there is no space left on the device."


def test_failed_start_says_why_and_can_be_tried_again(open_desktop: OpenDesktop, stage: FakeServer) -> None:
    server = SlowServer(stage.url)
    server.reason = WHY
    server.up.set()
    desktop = open_desktop(server)
    desktop.wait_for(ConnectionState.FAILED)
    assert desktop.driver.status == "The local server could not start There is no space left on the device."
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
    expired = {"error": "No", "detail": "It is over.", "code": "unauthorized", "message_id": "key_expired"}
    stage.answer_all = (401, expired)
    desktop.session.switch(RemoteServer(stage.url, "old"))
    desktop.wait(lambda: "has expired" in desktop.driver.status)


def test_crash_in_the_connection_is_reported(open_desktop: OpenDesktop) -> None:
    class Broken:
        is_local = True

        def connect(self, _on_progress: Callable[[str], None], /) -> Connection:
            raise RuntimeError("something unforeseen")

    desktop = open_desktop(Broken())
    desktop.wait_for(ConnectionState.FAILED)
    assert "unforeseen" in desktop.driver.status.lower()


def test_lost_connection_is_reported_and_reconnects(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=4, pages_done=1))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    assert staged.driver.status.startswith("The connection was lost; trying again…")
    # no event reports what happens meanwhile, but the new list includes it
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=4, pages_done=4), [make_page(1, "x")])
    stage.put(make_job("2", "b.pdf", JobState.QUEUED))
    stage.mend()
    staged.wait_for(ConnectionState.READY)
    staged.wait(lambda: staged.row("a.pdf").state is RowState.FINISHED and staged.row("b.pdf"))
