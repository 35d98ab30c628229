"""What a user has decided about this machine's own engine: how many workers, and whether the network may use it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ocrdesk.local.paths import make_private
from ocrdesk.local.server.state import write_private

_FILE = "engine.json"
SHARED_HOST = "0.0.0.0"  # noqa: S104  # every network: that is what sharing means
OWN_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
MAX_WORKERS = 64


@dataclass(frozen=True, slots=True)
class LocalServerSettings:
    """Read when an on-demand backend starts. `workers`: 0 is one a core. A shared one asks everybody for a key."""

    workers: int = 0
    is_shared: bool = False
    port: int = DEFAULT_PORT

    @property
    def host(self) -> str:
        return SHARED_HOST if self.is_shared else OWN_HOST

    @property
    def listen_port(self) -> int:
        """0, any free one, for an engine that only this machine uses."""
        return self.port if self.is_shared else 0


def read_engine_settings(data_dir: Path) -> LocalServerSettings:
    """Those of the data folder; the defaults for what is missing or makes no sense there."""
    try:
        found = json.loads((data_dir / _FILE).read_text())
    except (OSError, ValueError):
        return LocalServerSettings()
    if not isinstance(found, dict):
        return LocalServerSettings()
    return LocalServerSettings(
        workers=_whole(found.get("workers"), 0, MAX_WORKERS, 0),
        is_shared=found.get("is_shared") is True,
        port=_whole(found.get("port"), 1, 65535, DEFAULT_PORT),
    )


def write_engine_settings(data_dir: Path, settings: LocalServerSettings) -> None:
    """Keeps them for the next start. Raises LocalServerError, OSError."""
    write_private(make_private(data_dir) / _FILE, json.dumps(asdict(settings)))


def _whole(value: object, least: int, most: int, otherwise: int) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and least <= value <= most else otherwise  # type: ignore[operator, return-value]
