"""The token of the local server goes to no other program, whatever has the address of a server that was killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.local.languages.installed import wait_until_seen
from ocrdesk.local.server import state
from ocrdesk.local.server.discovery import is_at, is_at_its_url
from ocrdesk.local.server.state import ServerState
from tests.helpers.stranger import Stranger, running_stranger


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with running_stranger() as server:
        yield server


@pytest.fixture
def ended() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_languages_ask_no_stranger(stranger: Stranger, ended: int, tmp_path: Path) -> None:
    state.write_state(tmp_path, ServerState(ended, stranger.url, on_demand=True, version="1"))
    assert not wait_until_seen(tmp_path, {"eng"})
    assert stranger.requests == []
    assert state.read_token(tmp_path) is None, "only the server makes a token"


def test_a_server_is_found_at_the_address_on_which_it_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("0.0.0.0", 0)) as every:
        port, every_port = listener.getsockname()[1], every.getsockname()[1]
        me = ServerState(os.getpid(), f"http://127.0.0.1:{port}", on_demand=True, version="1")
        assert is_at_its_url(me)
        assert is_at(me, "127.0.0.1", every_port)
        assert not is_at(me, "::1", port), "another program may have this one"
        assert not is_at(me, "::1", every_port)
        assert not is_at(ServerState(1, me.url, on_demand=True, version="1"), "127.0.0.1", port)


@pytest.mark.parametrize(
    "url", ["", "http://", "http://127.0.0.1", "http://127.0.0.1:0", "http://[", "http://a b:99999"]
)
def test_a_damaged_url_is_nobodys(url: str) -> None:
    assert not is_at_its_url(ServerState(os.getpid(), url, on_demand=True, version="1"))
