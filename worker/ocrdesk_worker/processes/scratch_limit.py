"""The limit of a task's scratch folder: a disk, or memory where the folder is in memory, is shared by all tasks.

The kernel limits each file that a task process writes, and not how many there are. So its worker looks into the
folder, and at files that are deleted but still open. What it looks at is made by the process, so it never looks at
more than a few thousand entries.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

_MOST_ENTRIES, _DEEPEST = 20_000, 50
_LOOK_EVERY_S = 0.5
_SHARE_OF_TIME = 10
"""A look may take a tenth of the time until the next one."""
_BLOCK_BYTES = 512


class ScratchLimit:
    """The limit of the folder of one task process. `is_over` may be called as often as you like."""

    def __init__(self, folder: Path, pid: int, largest: Callable[[], int | None]) -> None:
        """`largest` returns how many bytes the task may have; it is asked at each look. None: not limited."""
        self._folder, self._pid, self._largest = folder, pid, largest
        self._due = time.monotonic() + _LOOK_EVERY_S

    def is_over(self) -> bool:
        """Return whether the task has more bytes, entries or levels of folders than it may have."""
        began = time.monotonic()
        if began < self._due:
            return False
        try:
            used = _bytes_in(self._folder) + _bytes_deleted(self._pid)
        except _TooManyError:
            return True
        self._due = time.monotonic() + max(_LOOK_EVERY_S, _SHARE_OF_TIME * (time.monotonic() - began))
        largest = self._largest()
        return largest is not None and used > largest


class _TooManyError(Exception):
    pass


def _bytes_in(folder: Path) -> int:
    """Return the bytes of the files in a folder and in its folders. Raises _TooManyError."""
    entries = used = 0
    waiting = [(str(folder), 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            with os.scandir(path) as found:
                for entry in found:
                    entries += 1
                    about = entry.stat(follow_symlinks=False)
                    used += about.st_blocks * _BLOCK_BYTES
                    if stat.S_ISDIR(about.st_mode):
                        waiting.append((entry.path, depth + 1))
                    if entries > _MOST_ENTRIES or depth > _DEEPEST:
                        raise _TooManyError
        except (FileNotFoundError, NotADirectoryError):
            continue  # it was removed meanwhile
        except OSError:  # a name that is too long, or a folder that nobody may read
            raise _TooManyError from None
    return used


def _bytes_deleted(pid: int) -> int:
    """Return the bytes of deleted files that the descendants of a process have open. Linux only; elsewhere 0."""
    used: dict[tuple[int, int], int] = {}
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(OSError):
                for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
                    with contextlib.suppress(OSError):
                        about = descriptor.stat()
                        if stat.S_ISREG(about.st_mode) and about.st_nlink == 0:
                            used[about.st_dev, about.st_ino] = about.st_blocks * _BLOCK_BYTES
    return sum(used.values())
