"""Deletes pictures of ours that nothing in any list needs any more; for a thread that may wait, it knows no Qt."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_log = logging.getLogger(__name__)
_OURS = re.compile(r".+ \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d+\))?\.png")
"""How `PictureStore` names them. Whatever else lies in the folder is somebody else's."""
_LEAST_AGE_S = 2 * 24 * 3600.0
"""A younger one may be on its way into a list, or into one of another window; servers keep jobs for a day."""


def delete_unused_images(
    folder: Path, servers: Path, in_lists: Iterable[str], now_s: float | None = None
) -> list[Path]:
    """What was deleted: old pictures whose names are neither `in_lists` nor in any window's list of unsent files.

    `servers` is the folder with those lists. Where one of them cannot be read, nothing is deleted.
    """
    limit = (time.time() if now_s is None else now_s) - _LEAST_AGE_S
    old = [path for path in _ours(folder) if (changed := _changed_at(path)) is not None and changed < limit]
    if not old:
        return []
    try:
        needed = {*in_lists, *_unsent_names(servers)}
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("pictures are not tidied: a list of unsent files cannot be read")
        return []
    gone = [path for path in old if path.name not in needed]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _ours(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.png") if _OURS.fullmatch(path.name) and path.is_file()]


def _changed_at(path: Path) -> float | None:
    """Return when a file was changed (Unix time); None if another window has just deleted it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _unsent_names(servers: Path) -> Iterator[str]:
    if next(servers.glob("*/unsent-*.unreadable"), None) is not None:
        raise ValueError("one was put aside")
    for file in servers.glob("*/unsent-*.json"):
        for unsent in json.loads(file.read_bytes())["files"]:
            yield Path(unsent["path"]).name
