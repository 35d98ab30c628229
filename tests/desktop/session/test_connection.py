"""A connection lists all jobs of its server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.servers.servers import RemoteServer
from ocrdesk.desktop.session.session import ConnectionState
from tests.desktop.conftest import OpenDesktop
from tests.helpers.fake_server import FakeServer, make_job


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
