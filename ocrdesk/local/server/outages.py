"""Describes outages of the local server's parts in its user's words."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.local.server import state

_CANNOT_SAVE = ("redis_cannot_save", "storage_full")


def outage_message(message_id: str | None, data_dir: Path) -> ErrorMessage | None:
    """Return what an outage of the server's parts means to the user of this machine; None for another message."""
    if message_id in _CANNOT_SAVE:
        return error_message("local_server_cannot_save", folder=str(data_dir))
    if message_id is not None and (message_id.startswith("redis_") or message_id == "no_worker_alive"):
        return error_message("local_server_part_missing", log=str(data_dir / state.LOG_FILE))
    return None
