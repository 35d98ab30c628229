"""File locks released by the kernel: a holder that ends, in whatever way, leaves none behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ocrdesk.local.private_files import set_aside


class FileLock:
    """A lock on a file: exclusive, or shared by several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False, timeout_s: float = 0.0) -> bool:
        """Wait for the lock. Return False if others still hold it after `timeout_s`. Raises OSError."""
        if sys.platform == "win32":
            raise OSError("no file locks on this system")
        import fcntl

        if self._descriptor is None:
            self._descriptor = _open(self._path)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    self.release()
                    return False
                time.sleep(0.02)

    def acquire_if_possible(self) -> bool:
        """Acquire without waiting. Return True on systems without file locks, where there is usually one process."""
        try:
            return self.acquire()
        except OSError:
            return True

    def is_in_place(self) -> bool:
        """Return whether the lock that is held is the one that others ask for: its file was not deleted or replaced."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    """Open a lock file, or create it. What cannot be one is moved aside. One that is read-only is enough."""
    if path.is_dir() or (path.is_symlink() and not path.exists()):
        set_aside(path)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        if not path.exists():
            raise
        return os.open(path, os.O_RDONLY)
