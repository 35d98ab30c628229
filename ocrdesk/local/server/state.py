"""What a running local backend tells about itself in its data folder, and the token that lets clients in."""

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
class BackendState:
    """A running backend. `on_demand`: it was started for its users and ends after the last."""

    pid: int
    url: str
    on_demand: bool
    version: str


def write_state(data_dir: Path, state: BackendState) -> None:
    write_private(data_dir / _STATE_FILE, json.dumps(asdict(state)))


def read_state(data_dir: Path) -> BackendState | None:
    """The backend that says it runs here; None when none does. It may have died without a word."""
    try:
        return BackendState(**json.loads((data_dir / _STATE_FILE).read_text()))
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
    """The data folder's token, made at the first call; stays, so that jobs keep their owner."""
    path = data_dir / _TOKEN_FILE
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        write_private(path, secrets.token_urlsafe(32))
        return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """A file that only this user can read, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    temporary.replace(path)
