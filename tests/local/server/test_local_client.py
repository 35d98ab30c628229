"""The client of the local server: who gets its token."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk.client import ServerUnavailableError
from ocrdesk.local.server.local_client import LocalClient
from ocrdesk.local.server.state import ServerState
from tests.helpers.stranger import running_stranger


def test_nothing_is_sent_to_what_has_the_port_of_a_server_that_ended(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with running_stranger() as stranger:
        server = ServerState(ended.pid, stranger.url, on_demand=True, version="1")
        with (
            LocalClient(server, "t" * 43, tmp_path, retry_policy=0) as client,
            pytest.raises(ServerUnavailableError, match="ended unexpectedly"),
        ):
            client.health()
        assert stranger.requests == []
