"""The user's settings for the local server: workers, sharing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ocrdesk.contract.choices import LOCAL_PAGE_TIMEOUT_S
from ocrdesk.local import environment
from ocrdesk.local.paths import make_private
from ocrdesk.local.private_files import read_private_json, set_aside, write_private

_FILE = "engine.json"
SHARED_HOST = "0.0.0.0"  # noqa: S104  # sharing means all networks
OWN_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
MAX_WORKERS = 64


@dataclass(frozen=True, slots=True)
class LocalServerSettings:
    """Read when an on-demand server starts. `workers`: 0 means one per core. A shared server requires keys."""

    workers: int = 0
    is_shared: bool = False
    port: int = DEFAULT_PORT

    @property
    def host(self) -> str:
        return SHARED_HOST if self.is_shared else OWN_HOST

    @property
    def listen_port(self) -> int:
        """Return 0, a free port, for a server that only this machine uses."""
        return self.port if self.is_shared else 0


def read_settings(data_dir: Path) -> LocalServerSettings:
    """Return the data folder's settings, with defaults for missing and invalid values."""
    try:
        found = _content(data_dir / _FILE)
    except (OSError, ValueError):
        return LocalServerSettings()
    return LocalServerSettings(
        workers=_integer(found.get("workers"), 0, MAX_WORKERS, 0),
        is_shared=found.get("is_shared") is True,
        port=_integer(found.get("port"), 1, 65535, DEFAULT_PORT),
    )


def set_aside_damaged(data_dir: Path) -> Path | None:
    """Move a settings file that cannot be read out of the way, and return its new path. Raises OSError."""
    try:
        _content(data_dir / _FILE)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return set_aside(data_dir / _FILE)
    return None


def write_settings(data_dir: Path, settings: LocalServerSettings) -> None:
    """Save the settings for the next start. Raises LocalServerError, OSError."""
    write_private(make_private(data_dir) / _FILE, json.dumps(asdict(settings)))


def page_limit_s() -> float:
    """Return how many seconds of processor time a page of this machine's own desktop and commands may need."""
    return max(environment.seconds("OCR_TIMEOUT_PER_PAGE", LOCAL_PAGE_TIMEOUT_S), LOCAL_PAGE_TIMEOUT_S)


def _content(file: Path) -> dict[str, object]:
    """Return what the file contains. Raises OSError, ValueError."""
    found = read_private_json(file)
    if not isinstance(found, dict):
        raise ValueError("the settings are no object")
    return found


def _integer(value: object, least: int, most: int, default: int) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and least <= value <= most else default  # type: ignore[operator, return-value]
