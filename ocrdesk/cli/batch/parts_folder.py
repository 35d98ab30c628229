"""A temporary folder for the parts of a merged PDF, which the next run removes if this one is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ocrdesk.local.file_lock import FileLock

_PREFIX = "ocrdesk-merge-"
_LOCK = ".lock"


@contextlib.contextmanager
def parts_folder() -> Iterator[Path]:
    """Yield a private folder that is removed at the end. Remove those of killed runs first. Raises OSError."""
    _remove_leftovers()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        lock = FileLock(Path(name) / _LOCK)
        lock.acquire_if_possible()
        try:
            yield Path(name)
        finally:
            lock.release()


def _remove_leftovers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if not _is_ours(folder):
                continue
            lock = FileLock(folder / _LOCK)
            # a run that has just made its folder has not made its lock yet
            if (folder / _LOCK).exists() and lock.acquire():
                shutil.rmtree(folder, ignore_errors=True)
                lock.release()


def _is_ours(folder: Path) -> bool:
    """Return whether this user made the folder: others can make some in a folder for temporary files too."""
    is_folder = folder.is_dir() and not folder.is_symlink()
    return is_folder and (not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid())
