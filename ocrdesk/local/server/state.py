"""The state file and the access token."""

from __future__ import annotations

import json
import logging
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.local.private_files import read_private, remove_parts, remove_private, set_aside, write_private

_log = logging.getLogger("ocrdesk")
_Content = TypeVar("_Content")
LOCK_FILE = "backend.lock"
USERS_FILE = "users.lock"
LOG_FILE = "backend.log"
EXIT_ALREADY_RUNNING = 75
"""The exit code of a server whose data folder has one."""
_STATE_FILE = "backend.json"
_START_ERROR_FILE = "start-error.json"
TOKEN_FILE = "token"  # noqa: S105  # a file's name
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,200}")
"""A shorter one is the beginning of a token, or was never one."""


@dataclass(frozen=True, slots=True)
class ServerState:
    """A running server. `on_demand`: started for its users, ends after the last."""

    pid: int
    url: str
    on_demand: bool
    version: str


def write_state(data_dir: Path, state: ServerState) -> None:
    write_private(data_dir / _STATE_FILE, _state_text(state), outlasts_power_cut=False)


def _state_text(state: ServerState) -> str:
    return json.dumps(asdict(state))


def read_state(data_dir: Path) -> ServerState | None:
    """Return the server of the state file; None without one. A killed server leaves its file behind."""
    try:
        return _read(data_dir / _STATE_FILE, ServerState)
    except (OSError, ValueError):
        return None


def remove_state(data_dir: Path) -> None:
    remove_private(data_dir / _STATE_FILE)


def write_start_error(data_dir: Path, message: ErrorMessage) -> None:
    """Leave the reason why the server could not start, for the process that started it."""
    write_private(data_dir / _START_ERROR_FILE, json.dumps(asdict(message)))


def read_start_error(data_dir: Path) -> ErrorMessage | None:
    """Return the reason that a server left which could not start; None where it left none."""
    try:
        return _read(data_dir / _START_ERROR_FILE, ErrorMessage)
    except (OSError, ValueError):
        return None


def _read(path: Path, kind: type[_Content]) -> _Content:
    """Return a file's checked content. Raises OSError, ValueError."""
    content = read_private(path)
    # Only now: a server that starts has no file to read, and its user waits for it.
    from pydantic import TypeAdapter

    return TypeAdapter(kind).validate_json(content)


def remove_start_error(data_dir: Path) -> None:
    remove_private(data_dir / _START_ERROR_FILE)


def read_token(data_dir: Path) -> str | None:
    """Return the data folder's token; None if its file is missing, or contains none."""
    try:
        found = read_private(data_dir / TOKEN_FILE).strip()
    except OSError:
        return None
    return found if _TOKEN.fullmatch(found) else None


def token(data_dir: Path) -> str:
    """Return the data folder's token, created at the first call or if its file cannot be used. Raises OSError.

    Only for the process that holds the data folder's lock: two creators would each have a token of their own.
    A new token gives access to all earlier jobs, because their owner has no part of it.
    """
    if found := read_token(data_dir):
        return found
    path = data_dir / TOKEN_FILE
    with suppress(FileNotFoundError):
        _log.warning("%s contained no token: a new one was made, and the file is now %s", path, set_aside(path))
    new = secrets.token_urlsafe(32)
    write_private(path, new, outlasts_power_cut=False)  # another one would do as well
    return new


def restore(data_dir: Path, state: ServerState, token: str) -> None:
    """Write the files of a running server again if they were deleted or changed. Raises OSError."""
    if read_token(data_dir) != token:
        write_private(data_dir / TOKEN_FILE, token)
        _log.warning("the file %s was lost or changed; it was written again", data_dir / TOKEN_FILE)
    if _state_file_text(data_dir) != _state_text(state):
        write_state(data_dir, state)
        _log.warning("the file %s was lost or changed; it was written again", data_dir / _STATE_FILE)


def _state_file_text(data_dir: Path) -> str | None:
    try:
        return read_private(data_dir / _STATE_FILE)
    except OSError:
        return None


def remove_leftovers(data_dir: Path) -> None:
    """Remove what writers left that were killed. Only for the holder of the data folder's lock."""
    remove_parts(data_dir, (_STATE_FILE, _START_ERROR_FILE, TOKEN_FILE))
