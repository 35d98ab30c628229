"""Uploads to a server that is not shown continue, and files for it wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer


@pytest.fixture
def other() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.close()


def picture(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(b"picture")
    return folder / name


def test_files_wait_for_the_server_that_they_were_given_to(
    staged: Desktop, stage: FakeServer, other: FakeServer, tmp_path: Path
) -> None:
    stage.break_off()
    staged.wait_for(ConnectionState.UNREACHABLE)
    staged.driver.drop(picture(tmp_path, "kept.png"))
    staged.wait(lambda: staged.row("kept.png"))
    staged.session.switch(RemoteServer(other.url))
    staged.wait_for(ConnectionState.READY)
    assert staged.row("kept.png") is None
    assert staged.session.files_left(stage.url) == 1
    stage.mend()
    staged.session.switch(RemoteServer(stage.url))
    staged.wait(lambda: (row := staged.row("kept.png")) and row.state is RowState.QUEUED)
    assert stage.submitted == ["kept.png"]
    assert other.submitted == []


def test_upload_in_progress_still_arrives_at_the_old_server(
    staged: Desktop, stage: FakeServer, other: FakeServer, tmp_path: Path
) -> None:
    stage.gate = threading.Event()
    staged.driver.drop(*(picture(tmp_path, f"{n}.png") for n in range(5)))
    staged.wait(lambda: staged.model.rowCount() == 5 and staged.row("0.png").state is RowState.SENDING)
    staged.session.switch(RemoteServer(other.url))
    staged.wait_for(ConnectionState.READY)
    stage.gate.set()
    staged.wait(lambda: len(stage.submitted) == 5)
    staged.wait(lambda: not staged.session.is_connected_to(stage.url))  # closed when nothing is left
    assert other.submitted == []
    staged.session.switch(RemoteServer(stage.url))
    assert [row.job_id is not None for row in staged.model.rows()] == [True] * 5
