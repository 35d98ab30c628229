"""Finds files in watched folders that are completely written and were not read before."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.local.file_tree import has_supported_content, has_supported_suffix, may_be_supported, walk

if sys.platform == "linux":
    import fcntl

_SETTLED_S = 2.0
"""A file that has not changed for this long has stopped growing."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's size and time; with another size or time it counts as another file."""

    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan found."""

    ready: dict[Path, Stamp] = field(default_factory=dict)
    """Files to read now."""
    unsettled: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    """Files that may still change, each with the time (s, monotonic) of its last change."""
    other: dict[Path, Stamp] = field(default_factory=dict)
    """Files without a known suffix whose content is of no supported type."""
    problems: dict[Path, str] = field(default_factory=dict)
    """Folders that could not be scanned and files that could not be read, with the reason."""


def scan(
    folders: Iterable[Path],
    seen: Mapping[Path, Stamp],
    unsettled: Mapping[Path, tuple[Stamp, float]],
    now_s: float,
    *,
    settled_s: float = _SETTLED_S,
) -> Scan:
    """Scan the folders and all below them, given the seen files and those that the last scan left unsettled."""
    found = Scan()
    for folder in folders:
        for path, is_readable in walk(folder):
            if not is_readable:
                found.problems[path] = _scan_problem(path)
            elif has_supported_suffix(path.name) or may_be_supported(path.name):
                _check_file(path, seen, unsettled, now_s, settled_s, found)
    return found


def stamp(path: Path) -> Stamp:
    """Return the file's stamp. Raises OSError."""
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def _check_file(
    path: Path,
    seen: Mapping[Path, Stamp],
    unsettled: Mapping[Path, tuple[Stamp, float]],
    now_s: float,
    settled_s: float,
    found: Scan,
) -> None:
    try:
        here = stamp(path)
    except OSError:  # deleted since it was listed
        return
    if seen.get(path) == here or here.size_bytes == 0:
        return
    before = unsettled.get(path)
    since_s = before[1] if before is not None and before[0] == here else now_s
    if now_s - since_s < settled_s:
        found.unsettled[path] = (here, since_s)
        return
    try:
        is_busy = _is_being_written(path)
    except OSError as error:
        found.problems[path] = short_reason(error)
        is_busy = True
    if is_busy:
        found.unsettled[path] = (here, since_s)
    elif not has_supported_suffix(path.name) and not has_supported_content(path):
        found.other[path] = here
    else:
        found.ready[path] = here


def _is_being_written(path: Path) -> bool:
    """Return whether another program writes the file, if the system tells. Raises OSError if it is unreadable."""
    with path.open("rb") as file:  # on Windows this fails while another program writes it
        if sys.platform == "linux":
            try:
                # granted only if no program has the file open for writing
                fcntl.fcntl(file.fileno(), fcntl.F_SETLEASE, fcntl.F_RDLCK)
                fcntl.fcntl(file.fileno(), fcntl.F_SETLEASE, fcntl.F_UNLCK)
            except BlockingIOError:
                return True
            except OSError:  # another user's file, or a network folder: unknown
                return False
    return False


def _scan_problem(folder: Path) -> str:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        return short_reason(error)
    return ""
