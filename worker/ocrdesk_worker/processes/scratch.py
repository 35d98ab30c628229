"""Temporary files with an owner: a folder for each pool, in it one for each worker, in it one for the running task.

A pool's folder is private and locked for as long as a process of the pool runs. The kernel ends the lock with the
last of them, so any other pool that uses the same place can tell that a folder has no owner: also one that runs in
another container, has the same process ids, or is started after the machine was.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from ocrdesk.backend.settings import SettingsError

_log = logging.getLogger(__name__)

SWEEP_EVERY_S = 15.0
_PREFIX = "ocrdesk-pool-"
_LOCK = ".lock"
_OWN = "pool"
_REMOVE_TRIES = 25
_REMOVE_PAUSE_S = 0.02
"""Half a second in all: a killed program may write a last file while its folder is removed."""


class PoolScratch:
    """The folder of one pool."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        """Its descriptor: the processes that are forked from this one share the lock."""
        self.own = self.worker_folder(_OWN)
        """For the temporary files of the pool's main process."""

    @classmethod
    def create(cls, base: str) -> PoolScratch:
        """Make the folder below `base`, or below the system's folder for temporary files where that is empty.

        Removes the folders there that have no owner. Raises SettingsError.
        """
        try:
            parent = Path(base or tempfile.gettempdir()).absolute()
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_ownerless(parent)
            while True:
                path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
                if (lock := _lock(path)) is not None:
                    break  # otherwise another pool took the new folder for one without an owner
        except OSError as error:
            raise SettingsError(
                f"SCRATCH_DIR: temporary files cannot be written ({error.strerror}). "
                "Name a folder on a local disk that this user can write to."
            ) from None
        return cls(path, lock)

    def keep(self) -> None:
        """Make the folder again if somebody removed it. Raises OSError if it cannot be made or written."""
        if not self._is_ours():
            _make_private(self.path)
            lock = _lock(self.path)
            if lock is None:
                raise FileNotFoundError(errno.ENOENT, "removed in this moment", str(self.path))
            os.close(self._lock)
            self._lock = lock
            _log.warning("the folder of temporary files had been removed, and was made again")
        _make_private(self.own)
        if not os.access(self.path, os.W_OK):  # as on a file system that became read-only
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self.path))

    def _is_ours(self) -> bool:
        try:
            return os.path.samestat((self.path / _LOCK).stat(), os.fstat(self._lock))
        except OSError:
            return False

    def worker_folder(self, worker: str) -> Path:
        """Make and return the folder of one worker process."""
        folder = self.path / worker
        _make_private(folder)
        return folder

    def sweep(self, workers: Collection[str]) -> None:
        """Remove what ended workers left here, and the folders beside this one that have no owner any more."""
        for entry in _entries(self.path):
            if entry.name in (_LOCK, _OWN, *workers):
                with contextlib.suppress(OSError):
                    os.utime(entry)  # systems remove temporary files that nobody has touched for days
            else:
                remove(entry)
        remove_ownerless(self.path.parent)

    def remove(self) -> None:
        """Remove the folder at the pool's end."""
        _remove_pool(self.path)
        os.close(self._lock)


@contextlib.contextmanager
def scratch_of_command() -> Iterator[None]:
    """Give the temporary files of a short command an owner, as a pool's have one; where none can be written, none."""
    try:
        scratch = PoolScratch.create("")
    except SettingsError:
        yield
        return
    use_for_temporary_files(scratch.own)
    try:
        yield
    finally:
        scratch.remove()


@contextlib.contextmanager
def task_folder(worker_folder: Path | None) -> Iterator[Path]:
    """Provide an empty private folder for one task; afterwards remove it with all that is in it.

    None: a worker without a pool; then the folder is among the system's temporary files.
    """
    if worker_folder:
        for left in _entries(worker_folder):
            remove(left)
        _make_private(worker_folder)  # somebody may have removed it; the pool locks it again
    folder = Path(tempfile.mkdtemp(prefix="ocrdesk-task-", dir=worker_folder))
    try:
        yield folder
    finally:
        remove(folder)


def _make_private(folder: Path) -> None:
    """Make a folder and those above it, for this user alone, unless they exist."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def use_for_temporary_files(folder: Path) -> None:
    """Let libraries and programs that this process uses write their temporary files there."""
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)


def remove_ownerless(parent: Path) -> None:
    """Remove the folders of pools of which no process runs any more. Those of other users stay."""
    for folder in _entries(parent):
        if not folder.name.startswith(_PREFIX) or not _is_own_folder(folder):
            continue
        with contextlib.suppress(OSError):
            if (lock := _lock(folder)) is not None:
                _remove_pool(folder)
                os.close(lock)
                _log.info("removed the temporary files of a worker pool that has ended")


def remove(path: Path) -> None:
    """Remove a file, a link or a folder. What cannot be removed stays for the next sweep."""
    for _ in range(_REMOVE_TRIES):
        with contextlib.suppress(OSError, RecursionError):
            if path.is_symlink() or not path.is_dir():
                path.unlink(missing_ok=True)
            else:
                shutil.rmtree(path)
        if not os.path.lexists(path):
            return
        _remove_by_program(path)
        if not os.path.lexists(path):
            return
        time.sleep(_REMOVE_PAUSE_S)


def _remove_by_program(path: Path) -> None:
    """Remove a folder that a task made too deep for Python, or took the rights from."""
    if path.is_symlink() or not path.is_dir():
        return  # chmod would follow the link
    for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
        with contextlib.suppress(OSError):
            subprocess.run(
                [*command, "--", str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )


def _remove_pool(folder: Path) -> None:
    """Remove a pool's folder, its lock last: once that is gone the folder may get another owner."""
    for entry in _entries(folder):
        if entry.name != _LOCK:
            remove(entry)
    with contextlib.suppress(OSError):
        (folder / _LOCK).unlink()
        folder.rmdir()


def _lock(folder: Path) -> int | None:
    """Lock a pool's folder; return the lock's descriptor, or None if a process has locked or removed it.

    Raises OSError where files cannot be locked.
    """
    path = folder / _LOCK
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(path.stat(), os.fstat(descriptor)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _is_own_folder(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
