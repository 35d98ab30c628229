"""Temporary files for other programs."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.paths import create_private


class TemporaryFolder:
    """One window's folder below a folder that all windows share. Use it from one thread at a time.

    It is deleted when the window closes, or by `delete_leftovers` after a crash. Methods raise OSError.
    """

    def __init__(self, shared: Path) -> None:
        self._own = shared / uuid4().hex
        self._lock: FileLock | None = None
        self._count = 0

    def new(self) -> Path:
        """Create an empty private folder. It stays until `close`: mail programs read attachments when they send."""
        if self._lock is None:
            create_private(self._own.parent)
            self._lock = _lock_of(self._own)
            self._lock.acquire_if_possible()  # before the folder exists: folders without a lock are deleted
        self._count += 1
        folder = self._own / str(self._count)
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def close(self) -> None:
        """Delete all files."""
        if self._lock is not None:
            _delete(self._own, self._lock)
            self._lock = None


def delete_leftovers(shared: Path) -> None:
    """Delete the folders of windows that no longer run."""
    for folder in shared.glob("*/"):
        lock = _lock_of(folder)
        if lock.acquire_if_possible():
            _delete(folder, lock)


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder.with_suffix(".lock"))


def _delete(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # files that another program holds open are deleted at the next start
    if not folder.exists():
        folder.with_suffix(".lock").unlink(missing_ok=True)
    lock.release()
