"""What runs of this machine's own engine, and stopping it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.contract.error_messages import error_message
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.server import state
from ocrdesk.local.server.state import BackendState

_STOP_TIMEOUT_S = 40.0
"""Longer than a supervisor gives its parts."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The engine as it is now. `on_demand`: it was started for its users, not by `ocrdesk serve`."""

    is_running: bool
    url: str = ""
    on_demand: bool = True


def engine_status(data_dir: Path) -> EngineStatus:
    """What runs on this data folder."""
    running = _running(data_dir)
    return EngineStatus(True, running.url, running.on_demand) if running else EngineStatus(False)


def stop_engine(data_dir: Path) -> bool:
    """Stops the engine and waits until it is gone; False when none ran. Its jobs go on when it runs again.

    Raises LocalServerError for one that `ocrdesk serve` runs, and for one that does not end.
    """
    running = _running(data_dir)
    if running is None:
        return False
    if not running.on_demand:
        raise LocalServerError(error_message("local_server_run_by_serve", pid=running.pid))
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    while _running(data_dir) == running or _is_held(data_dir):
        if time.monotonic() > deadline:
            log = str(data_dir / state.LOG_FILE)
            raise LocalServerError(error_message("local_server_does_not_end", pid=running.pid, log=log))
        time.sleep(0.05)
    return True


def addresses(port: int) -> list[str]:
    """This machine's addresses as others in its networks reach them."""
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


def _running(data_dir: Path) -> BackendState | None:
    running = state.read_state(data_dir)
    return running if running and _is_ours(running.pid) and _is_held(data_dir) else None


def _is_ours(pid: int) -> bool:
    """Whether the process is an ocrdesk: one that was killed leaves its state, and its number to others."""
    try:
        return any("ocrdesk" in word for word in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def _is_held(data_dir: Path) -> bool:
    """Whether some process has the data folder's lock, as a living backend does."""
    if sys.platform == "win32" or not (data_dir / state.LOCK_FILE).exists():
        return False
    lock = FileLock(data_dir / state.LOCK_FILE)
    if not lock.acquire():
        return True
    lock.release()
    return False
