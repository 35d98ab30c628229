"""Looks for files in watched folders that have settled: not growing, not being written, and not taken before."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.intake.file_collector import walk

if sys.platform == "linux":
    import fcntl

_SETTLED_S = 2.0
"""A file that has been the same for so long has stopped growing."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was like; another size or time makes it another file."""

    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What one look found."""

    ready: dict[Path, Stamp] = field(default_factory=dict)
    """Files to take now."""
    unsettled: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    """Files that may still change, each with the time (s, monotonic) since when it is as it is."""
    problems: dict[Path, str] = field(default_factory=dict)
    """Folders that could not be looked through, or files that could not be read, and why."""


def scan(
    folders: Iterable[Path],
    taken: Mapping[Path, Stamp],
    unsettled: Mapping[Path, tuple[Stamp, float]],
    now_s: float,
    *,
    settled_s: float = _SETTLED_S,
) -> Scan:
    """Looks through the folders and all below them, given what was taken and what the last look left unsettled."""
    found = Scan()
    for folder in folders:
        for path, is_wanted in walk(folder):
            if is_wanted is None:
                found.problems[path] = _why_closed(path)
            elif is_wanted:
                _look_at(path, taken, unsettled, now_s, settled_s, found)
    return found


def stamp(path: Path) -> Stamp:
    """Raises OSError."""
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def _look_at(
    path: Path,
    taken: Mapping[Path, Stamp],
    unsettled: Mapping[Path, tuple[Stamp, float]],
    now_s: float,
    settled_s: float,
    found: Scan,
) -> None:
    try:
        here = stamp(path)
    except OSError:  # gone between the listing and now
        return
    if taken.get(path) == here or here.size_bytes == 0:
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
    else:
        found.ready[path] = here


def _is_being_written(path: Path) -> bool:
    """Whether another program has it open for writing, as far as the system tells. Raises OSError when unreadable."""
    with path.open("rb") as file:  # on Windows this fails by itself while a program writes it
        if sys.platform != "linux":
            return False
        try:
            # granted only when nobody has the file open for writing
            fcntl.fcntl(file.fileno(), fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:  # another user's file, or a network folder: there is no telling
            return False
        fcntl.fcntl(file.fileno(), fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _why_closed(folder: Path) -> str:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        return short_reason(error)
    return ""
