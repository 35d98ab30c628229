"""Finds the server of a data folder: by its state file, or by the lock that it holds if that file is lost.

What asks for processes is imported where it is used: a server that starts does not wait for it.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.server import state
from ocrdesk.local.server.state import ServerState

_LOCKS = Path("/proc/locks")
_DAEMON = "ocrdesk.local.server.daemon"


def find_server(data_dir: Path) -> ServerState | None:
    """Return the server of the state file, which may have been killed; else the one that holds the folder's lock."""
    return state.read_state(data_dir) or server_by_lock(data_dir)


def server_by_lock(data_dir: Path) -> ServerState | None:
    """Return the server that holds the data folder's lock, with an empty version. It may still be starting.

    Only Linux tells which process holds a lock; elsewhere the result is None.
    """
    import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

    for pid in _holders(data_dir / state.LOCK_FILE):
        try:
            process = psutil.Process(pid)
            words = process.cmdline()
            listening = [at.laddr for at in process.net_connections("tcp") if at.status == psutil.CONN_LISTEN]
        except psutil.Error:
            continue
        if listening and any("ocrdesk" in word for word in words):
            url = f"http://{url_host(listening[0].ip)}:{listening[0].port}"
            return ServerState(pid, url, on_demand=_DAEMON in words, version="")
    return None


def is_at(running: ServerState, host: str, port: int) -> bool:
    """Return whether the server's process is this user's and listens at this address.

    The port of a server that was killed is free for every user of the machine, who would get our token.
    """
    if sys.platform == "win32":  # where no local server runs
        return False
    import psutil

    try:
        process = psutil.Process(running.pid)
        if process.uids().effective != os.geteuid():
            return False
        listening = [at.laddr for at in process.net_connections("tcp") if at.status == psutil.CONN_LISTEN]
    except psutil.Error:
        return False
    every = ("0.0.0.0", "::") if ":" not in host else ("::",)  # noqa: S104
    return any(at.port == port and at.ip in (host, *every) for at in listening)


def is_at_its_url(running: ServerState) -> bool:
    """Return whether the server that the state file names still has its address."""
    try:
        parts = urlsplit(running.url)
        host, port = parts.hostname, parts.port
    except ValueError:  # the file was damaged
        return False
    if host is None or port is None:
        return False
    return any(is_at(running, found, port) for found in _addresses(host))


def url_host(host: str) -> str:
    """Return the host for the URL of a server that listens on this address."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def is_ocrdesk(pid: int) -> bool:
    """Return whether the process is ocrdesk: a killed one leaves its state file, and its id to other programs."""
    import psutil

    try:
        return any("ocrdesk" in word for word in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def is_locked(data_dir: Path) -> bool:
    """Return whether a process holds the data folder's lock, as a running server does. Raises OSError."""
    if sys.platform == "win32" or not (data_dir / state.LOCK_FILE).exists():
        return False
    lock = FileLock(data_dir / state.LOCK_FILE)
    if not lock.acquire():
        return True
    lock.release()
    return False


def _addresses(host: str) -> set[str]:
    with suppress(OSError, UnicodeError):
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    return set()


def _holders(lock_file: Path) -> list[int]:
    """Return the processes that hold a lock on this file, by the kernel's list of locks."""
    try:
        wanted = lock_file.stat()
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return []
    # 1: FLOCK  ADVISORY  WRITE 4242 08:01:131090 0 EOF; the device may be another than that of `stat`
    entries = [words for line in lines if len(words := line.split()) > 5 and words[1:4:2] == ["FLOCK", "WRITE"]]
    inode = str(wanted.st_ino)
    pids = [int(words[4]) for words in entries if words[5].rpartition(":")[2] == inode and words[4].isdigit()]
    return [pid for pid in pids if _has_open(pid, wanted)]


def _has_open(pid: int, wanted: os.stat_result) -> bool:
    """Return whether a process has this very file open: file systems have the same inode numbers."""
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                if os.path.samestat(entry.stat(), wanted):
                    return True
    return False
