"""The local server with its user's settings: workers, keys, stopping."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from ocrdesk.client import AuthError, Client
from ocrdesk.contract.api_keys import NewKey
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.server import state
from ocrdesk.local.server.attach import attach
from ocrdesk.local.server.control import ServerStatus, addresses, server_status, stop_server
from ocrdesk.local.server.settings import LocalServerSettings, write_settings
from tests.helpers.processes import free_port, running_backend, short_folder


def test_the_server_starts_as_set_up_and_requires_keys_from_others() -> None:
    port = free_port()
    with short_folder() as folder:
        write_settings(folder / "data", LocalServerSettings(workers=1, is_shared=True, port=port))
        with attach(folder / "data") as engine:
            assert engine.url == f"http://127.0.0.1:{port}"
            assert server_status(folder / "data") == ServerStatus(True, engine.url, on_demand=True)
            with engine.client() as own:
                assert own.health().workers == 1
                guest_key = own.create_key(NewKey(name="Guest")).api_key
            reachable = [url for url in addresses(port) if not url.startswith("http://127.")]
            for url in [engine.url, *reachable[:1]]:
                with Client(url, retry_policy=0) as nobody, pytest.raises(AuthError):
                    nobody.jobs()
                with Client(url, guest_key, retry_policy=0) as guest:
                    assert guest.jobs() == ()
            assert stop_server(folder / "data")
            assert server_status(folder / "data") == ServerStatus(False)
            assert not stop_server(folder / "data")


def test_a_server_that_serve_runs_is_not_stopped_from_elsewhere() -> None:
    with short_folder() as folder, running_backend(folder / "data", workers=1) as served:
        assert not server_status(folder / "data").on_demand
        with pytest.raises(LocalServerError, match="ocrdesk serve"):
            stop_server(folder / "data")
        assert served.process.poll() is None


def test_the_state_file_of_a_killed_server_stops_no_other_process(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    state.write_state(tmp_path, state.ServerState(bystander.pid, "http://127.0.0.1:1", True, "0"))
    assert not server_status(tmp_path).is_running
    assert not stop_server(tmp_path)
    assert bystander.poll() is None
    os.kill(bystander.pid, signal.SIGKILL)
    bystander.wait()
