"""File locks that the kernel lets go of when their holder ends, however it ends: none is ever stale."""

from __future__ import annotations

import os
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where there is no local backend
    fcntl = None  # type: ignore[assignment]


class FileLock:
    """A lock on a file, held by one (exclusive) or by many (shared)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False, timeout_s: float = 0.0) -> bool:
        """True once the lock is held; False when others still hold it after the time."""
        if fcntl is None:
            raise OSError("no file locks on this system")
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
        """The same at once, and True on a system or a disk without locks: there is one holder as a rule."""
        try:
            return self.acquire()
        except OSError:
            return True

    def release(self) -> None:
        """Lets go; harmless when nothing is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
