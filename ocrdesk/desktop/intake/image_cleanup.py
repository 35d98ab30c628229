"""Deletes saved images that are no longer needed; no Qt, blocks."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from ocrdesk.local.private_files import read_private_json

_log = logging.getLogger(__name__)
_OURS = re.compile(r".+ \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d+\))?\.png")
"""How `PastedImages` names them. Other files in the folder are not ours."""
_MIN_AGE_S = 2 * 24 * 3600.0
"""A younger image may soon be in a list, perhaps another window's; servers keep jobs for a day."""


def delete_unused_images(
    folder: Path, servers: Path, in_lists: Iterable[str], now_s: float | None = None
) -> list[Path]:
    """Delete and return old images whose names are neither `in_lists` nor in a window's list of pending files.

    `servers` is the folder with those lists. If one of them cannot be read, nothing is deleted.
    """
    limit = (time.time() if now_s is None else now_s) - _MIN_AGE_S
    old = [path for path in _ours(folder) if (changed := _changed_at(path)) is not None and changed < limit]
    if not old:
        return []
    try:
        needed = {*in_lists, *_pending_names(servers)}
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("no images are deleted: a list of pending files cannot be read")
        return []
    unused = [path for path in old if path.name not in needed]
    for path in unused:
        path.unlink(missing_ok=True)
    return unused


def _ours(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.png") if _OURS.fullmatch(path.name) and path.is_file()]


def _changed_at(path: Path) -> float | None:
    """Return when a file was changed (Unix time); None if another window has just deleted it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _pending_names(servers: Path) -> Iterator[str]:
    if next(servers.glob("*/unsent-*.unreadable*"), None) is not None:
        raise ValueError("a list was set aside as unreadable")
    for file in servers.glob("*/unsent-*.json"):
        for pending in read_private_json(file)["files"]:
            yield Path(pending["path"]).name
