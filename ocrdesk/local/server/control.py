"""Status of the local server, and stopping it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.contract.error_messages import error_message
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.server import state
from ocrdesk.local.server.discovery import find_server, is_locked, is_ocrdesk
from ocrdesk.local.server.state import ServerState

_STOP_TIMEOUT_S = 40.0
"""Longer than the supervisor waits for its parts."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The current state. `on_demand`: started for its users, not by `ocrdesk serve`."""

    is_running: bool
    url: str = ""
    on_demand: bool = True


def server_status(data_dir: Path) -> ServerStatus:
    """Return whether a server runs on this data folder, and its URL."""
    running = _running(data_dir)
    return ServerStatus(True, running.url, running.on_demand) if running else ServerStatus(False)


def stop_server(data_dir: Path) -> bool:
    """Stop the server and wait for its end; return False if none ran. Its jobs resume at the next start.

    Raises LocalServerError if `ocrdesk serve` runs it, or if it does not end.
    """
    running = _running(data_dir)
    if running is None:
        return False
    if not running.on_demand:
        raise LocalServerError(error_message("local_server_run_by_serve", pid=running.pid))
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    while _running(data_dir) == running or is_locked(data_dir):
        if time.monotonic() > deadline:
            log = str(data_dir / state.LOG_FILE)
            raise LocalServerError(error_message("local_server_does_not_end", pid=running.pid, log=log))
        time.sleep(0.05)
    return True


def addresses(port: int) -> list[str]:
    """Return the URLs by which other machines in the network reach this one."""
    found = []
    for name, entries in psutil.net_if_addrs().items():
        ups = psutil.net_if_stats().get(name)
        if ups is None or not ups.isup:
            continue
        found += [
            f"http://{entry.address}:{port}"
            for entry in entries
            if entry.family == socket.AF_INET and not entry.address.startswith(("127.", "169.254."))
        ]
    return found


def _running(data_dir: Path) -> ServerState | None:
    running = find_server(data_dir)
    return running if running and is_ocrdesk(running.pid) and is_locked(data_dir) else None
