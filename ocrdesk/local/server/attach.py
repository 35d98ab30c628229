"""Connects to the running local server, or starts one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.local.errors import LocalServerError
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.own_programs import own_program
from ocrdesk.local.paths import default_data_dir, make_private, require_room, unusable
from ocrdesk.local.private_files import keep_for_file
from ocrdesk.local.server import state
from ocrdesk.local.server.discovery import find_server, is_at_its_url, server_by_lock
from ocrdesk.local.server.requirements import require_local_server, require_parts
from ocrdesk.local.server.state import EXIT_ALREADY_RUNNING, ServerState

if TYPE_CHECKING:
    from ocrdesk.client import Client, RetryPolicy

__all__ = ["Attachment", "Beginning", "LocalServerError", "attach", "begin"]

_READY_TIMEOUT_S = 300.0
"""Only a guard against a server that hangs: one that ends is noticed at once, and a busy machine may need minutes."""
_TOKEN_TIMEOUT_S = 5.0
"""A running server writes its files again every second."""
_STATE_TIMEOUT_S = 1.5
"""As above: a ready server without a state file cannot write one, or is of an earlier version."""
_MAX_LOG_BYTES = 2_000_000
"""A larger log is overwritten at the next start."""
_NOT_FOR_SERVER = "OCRDESK_PASSWORD"
"""The variable with the password of a command's files."""


class Attachment:
    """A connection to the local server, which keeps running until `close` or this process's end."""

    def __init__(self, server: ServerState, token: str, data_dir: Path, users: FileLock) -> None:
        self.url = server.url
        self.token = token
        self._server, self._data_dir = server, data_dir
        self._users = users

    def client(self, retry_policy: float | RetryPolicy = 20.0) -> Client:
        """Return a client with the server's token. It retries while a crashed part of the server restarts."""
        from ocrdesk.local.server.local_client import LocalClient

        return LocalClient(self._server, self.token, self._data_dir, retry_policy=retry_policy)

    def is_running(self) -> bool:
        """Return whether the server still has its address; one that ended unexpectedly has not."""
        return is_at_its_url(self._server)

    def close(self) -> None:
        """Release the server; it stops when nobody uses it any more."""
        self._users.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class Beginning:
    """This process's use of the local server, and the process that starts it if none ran."""

    def __init__(self, folder: Path, users: FileLock) -> None:
        self.folder, self.users = folder, users
        self.child: subprocess.Popen[bytes] | None = None
        """The process that starts the server."""


def begin(data_dir: Path | None = None) -> Beginning | None:
    """Start the local server if none runs, without waiting for it; a caller has other work until it calls `attach`.

    Return None if that is impossible now, for example because a server is stopping: `attach` waits, or says why.
    """
    try:
        require_local_server()
        folder = make_private(data_dir or default_data_dir())
        users = FileLock(folder / state.USERS_FILE)
        if not users.acquire(shared=True):
            return None
        begun = Beginning(folder, users)
        try:
            if not _running(folder):
                _spawn(begun)
        except BaseException:
            users.release()
            raise
    except (OSError, LocalServerError):
        return None
    return begun


def attach(
    data_dir: Path | None = None,
    *,
    begun: Beginning | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Attachment:
    """Return once the local server responds, which takes a second or two if it must be started first.

    `begun` is what `begin` returned for this data folder. `on_progress` is called with a short description of the
    current step. Raises LocalServerError.
    """
    require_local_server()
    folder = begun.folder if begun else make_private(data_dir or default_data_dir())
    try:
        return _attach(begun or Beginning(folder, FileLock(folder / state.USERS_FILE)), on_progress or (lambda _: None))
    except OSError as error:
        raise unusable(folder, error) from error


def _attach(begun: Beginning, report: Callable[[str], None]) -> Attachment:
    folder, users = begun.folder, begun.users
    deadline = time.monotonic() + _READY_TIMEOUT_S
    # A stopping server holds this lock until it has ended; then we start a new one.
    if not users.acquire(shared=True, timeout_s=_READY_TIMEOUT_S):
        log = str(folder / state.LOG_FILE)
        raise LocalServerError(error_message("local_server_still_stopping", folder=str(folder), log=log))
    try:
        server = _running(folder) or _start(begun, report, deadline)
        token = _token(folder)
    except BaseException:
        users.release()
        raise
    return Attachment(server, token, folder, users)


def _running(folder: Path) -> ServerState | None:
    running = state.read_state(folder)
    if running is None or not is_at_its_url(running):
        return None
    return running if _answer(running.url, "live") is not None else None


def _running_without_state(folder: Path) -> ServerState | None:
    """Return a server that is ready, although its state file is lost. A starting one is not ready."""
    running = server_by_lock(folder)
    if running is None or not (answer := _answer(running.url, "ready")):
        return None
    try:
        return running if json.loads(answer)["workers"] else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _token(folder: Path) -> str:
    """Return the token of the running server, which writes a damaged file again. Raises LocalServerError."""
    deadline = time.monotonic() + _TOKEN_TIMEOUT_S
    while (token := state.read_token(folder)) is None:
        if time.monotonic() > deadline:
            running = find_server(folder)
            file, pid = str(folder / state.TOKEN_FILE), running.pid if running else "?"
            raise LocalServerError(error_message("local_server_token_missing", file=file, pid=pid))
        time.sleep(0.05)
    return token


def _start(begun: Beginning, report: Callable[[str], None], deadline: float) -> ServerState:
    folder = begun.folder
    log = folder / state.LOG_FILE
    ready_since: float | None = None
    report("Starting the local server")
    from ocrdesk.local.server import local_client

    local_client.load()
    while time.monotonic() < deadline:
        if running := _running(folder):
            return running
        code = begun.child.poll() if begun.child else None
        if code == EXIT_ALREADY_RUNNING and (running := _running_without_state(folder)):
            ready_since = ready_since or time.monotonic()
            if time.monotonic() - ready_since > _STATE_TIMEOUT_S:
                return running
        if begun.child is None or code == EXIT_ALREADY_RUNNING:
            # Another process is starting or stopping one: try again until it responds or has ended.
            _spawn(begun)
        elif code is not None:
            raise LocalServerError(error_message("local_server_not_started", log=str(log), cause=_reason(folder, log)))
        time.sleep(0.01 if code is None else 0.3)
    raise LocalServerError(error_message("local_server_silent", limit=f"{_READY_TIMEOUT_S:g}", log=str(log)))


def _spawn(begun: Beginning) -> None:
    """Start the process that starts the server. Raises LocalServerError, OSError."""
    require_parts()
    folder = begun.folder
    require_room(folder)
    state.remove_start_error(folder)
    log = folder / state.LOG_FILE
    keep_for_file(log)  # opening a pipe would wait for its reader
    mode = "ab" if log.exists() and log.stat().st_size < _MAX_LOG_BYTES else "wb"
    with open(log, mode, opener=partial(os.open, mode=0o600)) as out:
        begun.child = subprocess.Popen(
            own_program("ocrdesk.local.server.daemon", "--data-dir", str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if name != _NOT_FOR_SERVER},
        )


def _answer(url: str, check: str) -> bytes | None:
    """Return what the server's health check responds; None unless it is 200."""
    import http.client  # only now: it takes longer to load than a start takes to begin

    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", f"/api/v1/health/{check}")
        answer = connection.getresponse()
        return answer.read() if answer.status == 200 else None
    return None


def _reason(folder: Path, log: Path) -> ErrorMessage:
    """Return why the server did not start: what it left in its data folder, else the last line of its log."""
    if (left := state.read_start_error(folder)) is not None:
        return left
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return ErrorMessage(lines[-1]) if lines else error_message("local_server_left_no_reason")
