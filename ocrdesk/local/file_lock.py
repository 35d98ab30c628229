"""File locks released by the kernel: a holder that ends, in whatever way, leaves none behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


class FileLock:
    """A lock on a file: exclusive, or shared by several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False, timeout_s: float = 0.0) -> bool:
        """Wait for the lock. Return False if others still hold it after `timeout_s`."""
        if sys.platform == "win32":
            raise OSError("no file locks on this system")
        import fcntl

        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
