"""Temporary files for other programs: a folder a window, gone at its end, or at the next start after a crash."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

from ocrdesk.local.file_lock import FileLock


class TemporaryFolder:
    """One window's folder below one that it shares with other windows. For one thread at a time; raises OSError."""

    def __init__(self, shared: Path) -> None:
        self._own = shared / uuid4().hex
        self._lock: FileLock | None = None
        self._count = 0

    def new(self) -> Path:
        """An empty folder, the user's alone. It stays until `close`: a mail's attachment is read when that is sent."""
        if self._lock is None:
            self._own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _lock_of(self._own)
            self._lock.acquire_if_possible()  # before there is a folder: one without a lock is tidied away
        self._count += 1
        folder = self._own / str(self._count)
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def close(self) -> None:
        """Deletes everything; harmless when there is nothing."""
        if self._lock is not None:
            _delete(self._own, self._lock)
            self._lock = None


def tidy(shared: Path) -> None:
    """Deletes what windows left behind that are no more."""
    for folder in shared.glob("*/"):
        lock = _lock_of(folder)
        if lock.acquire_if_possible():
            _delete(folder, lock)


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder.with_suffix(".lock"))


def _delete(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # what another program holds open is tidied the next time
    if not folder.exists():
        folder.with_suffix(".lock").unlink(missing_ok=True)
    lock.release()
