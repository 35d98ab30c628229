"""Files of the bucket that the pool's tasks read: each is fetched once for all tasks that need it at about that time.

A book's pages are read by many tasks, and each needs the book.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ocrdesk.backend.storage.cloud.object_store import ObjectStore

_KEEP_S = 60.0
_LARGEST_SUM = 2 << 30
"""Bytes that the kept files may have; one larger file is kept alone."""


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    path: Path | None = None
    version: str = ""
    size: int = 0
    used_at: float = 0.0


class FileCache:
    """The kept files, in a folder of its own. For many threads."""

    def __init__(self, store: ObjectStore, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], _Kept] = {}

    def link(self, job_id: str, name: str, target: Path) -> None:
        """Make `target` a link to the blob's file: one request asks the bucket whether it has changed.

        Raises BlobMissingError, StorageUnavailableError, OSError.
        """
        with self._lock:
            kept = self._kept.setdefault((job_id, name), _Kept())
        with kept.lock:
            try:
                self._fetch(kept, job_id, name)
            except BaseException:
                self._forget(kept)
                raise
            kept.used_at = time.monotonic()
            path = kept.path
            if path is None:
                raise FileNotFoundError(job_id)
            _link_or_copy(path, target)
        self.sweep()

    def _fetch(self, kept: _Kept, job_id: str, name: str) -> None:
        """Fetch the file unless the one that is kept is the same. Its lock is held."""
        has_file = kept.path is not None and kept.path.exists()
        version, chunks = self._store.changed_chunks(job_id, name, kept.version if has_file else "")
        if has_file and version == kept.version:
            return
        self._forget(kept)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{os.urandom(8).hex()}"
        kept.path = path
        with path.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                kept.size += len(chunk)
        path.chmod(0o400)  # tasks share it
        kept.version = version

    def _forget(self, kept: _Kept) -> None:
        if kept.path is not None:
            with contextlib.suppress(OSError):
                kept.path.unlink()
        kept.path, kept.version, kept.size = None, "", 0

    def sweep(self) -> None:
        """Remove files that no task has asked for lately, and the oldest ones if there are too many."""
        with self._lock:
            oldest = sorted(self._kept, key=lambda key: self._kept[key].used_at)
            total, now = sum(kept.size for kept in self._kept.values()), time.monotonic()
            for key in oldest:
                kept = self._kept[key]
                if now - kept.used_at <= _KEEP_S and (total <= _LARGEST_SUM or key == oldest[-1]):
                    continue
                if kept.lock.acquire(blocking=False):  # else it is being fetched
                    total -= kept.size
                    self._forget(kept)
                    del self._kept[key]
                    kept.lock.release()


def _link_or_copy(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.ENOTSUP):  # another file system, or one without links
            raise
        shutil.copyfile(path, target)
