"""The list follows the jobs of the server."""

from __future__ import annotations

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


def test_job_deleted_while_disconnected_leaves_the_list(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.QUEUED))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    del stage.jobs["1"]
    stage.mend()
    staged.wait(lambda: staged.row("a.pdf") is None)
    assert staged.driver.shown_page == "empty_state"
