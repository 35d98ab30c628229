"""The state file and the access token."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from ocrdesk.contract.error_messages import ErrorMessage

_MESSAGE = TypeAdapter(ErrorMessage)
LOCK_FILE = "backend.lock"
USERS_FILE = "users.lock"
LOG_FILE = "backend.log"
_STATE_FILE = "backend.json"
_START_ERROR_FILE = "start-error.json"
_TOKEN_FILE = "token"  # noqa: S105  # a file's name


@dataclass(frozen=True, slots=True)
class ServerState:
    """A running server. `on_demand`: started for its users, ends after the last."""

    pid: int
    url: str
    on_demand: bool
    version: str


def write_state(data_dir: Path, state: ServerState) -> None:
    write_private(data_dir / _STATE_FILE, json.dumps(asdict(state)))


def read_state(data_dir: Path) -> ServerState | None:
    """Return the server of the state file; None without one. A killed server leaves its file behind."""
    try:
        return ServerState(**json.loads((data_dir / _STATE_FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def remove_state(data_dir: Path) -> None:
    (data_dir / _STATE_FILE).unlink(missing_ok=True)


def write_start_error(data_dir: Path, message: ErrorMessage) -> None:
    """Leave the reason why the server could not start, for the process that started it."""
    write_private(data_dir / _START_ERROR_FILE, json.dumps(asdict(message)))


def read_start_error(data_dir: Path) -> ErrorMessage | None:
    """Return the reason that a server left which could not start; None where it left none."""
    try:
        return _MESSAGE.validate_json((data_dir / _START_ERROR_FILE).read_bytes())
    except (OSError, ValueError):
        return None


def remove_start_error(data_dir: Path) -> None:
    (data_dir / _START_ERROR_FILE).unlink(missing_ok=True)


def token(data_dir: Path) -> str:
    """Return the data folder's token, created at the first call. It never changes, so that jobs keep their owner."""
    path = data_dir / _TOKEN_FILE
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        write_private(path, secrets.token_urlsafe(32))
        return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, completely or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    temporary.replace(path)
