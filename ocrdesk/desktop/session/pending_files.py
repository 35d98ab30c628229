"""Files that were not sent yet, and jobs that are paused, on disk: written whole, taken over from windows that ended.

Each window has a file of its own, held by a lock that ends with the window's process, however that ends. The next
window takes over what no window holds. It knows no Qt.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.local.file_lock import FileLock

_log = logging.getLogger(__name__)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class UnsentFile:
    """A file of the list. `once` is its upload's Idempotency-Key; `error` says why it was not taken, if so."""

    path: str
    once: str
    is_paused: bool = False
    error: str | None = None
    is_gone: bool = False
    """Found out when it is read back: there is no such file any more."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a window keeps: the files in the order in which they are sent, and the jobs that are paused."""

    files: tuple[UnsentFile, ...] = ()
    paused_jobs: tuple[str, ...] = ()


class PendingFiles:
    """One window's file in a folder that it shares with other windows of the same server. May be shared by threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"unsent-{uuid4().hex}.json"
        self._lock: FileLock | None = None
        self._turn = threading.Lock()
        self._adopted: list[tuple[Path, FileLock]] = []

    def adopt(self) -> Unsent:
        """What windows left behind that are no more. Their files go once this window has written its own."""
        files: dict[str, UnsentFile] = {}
        jobs: dict[str, None] = {}
        for path in sorted(self._folder.glob("unsent-*.json"), key=_changed_at):
            if path == self._path or any(path == other for other, _ in self._adopted):
                continue
            lock = FileLock(path.with_suffix(".lock"))
            if not lock.acquire_if_possible():
                continue
            found = _read(path)
            files |= {file.once: file for file in found.files}
            jobs |= dict.fromkeys(found.paused_jobs)
            self._adopted.append((path, lock))
        return Unsent(tuple(_looked_for(file) for file in files.values()), tuple(jobs))

    def write(self, unsent: Unsent) -> None:
        """Keeps exactly this from now on. Raises OSError; what was kept before is still there then."""
        with self._turn:
            self._write(unsent)

    def _write(self, unsent: Unsent) -> None:
        if self._lock is None and (unsent.files or unsent.paused_jobs):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = FileLock(self._path.with_suffix(".lock"))
            self._lock.acquire_if_possible()
        if unsent.files or unsent.paused_jobs:
            body = {"version": _VERSION, "paused_jobs": unsent.paused_jobs, "files": [_kept(f) for f in unsent.files]}
            with atomic_write(self._path) as file:
                file.write(json.dumps(body).encode())
                file.flush()
                os.fsync(file.fileno())
        else:
            self._path.unlink(missing_ok=True)
        for path, lock in self._adopted:
            _drop(path, lock)
        self._adopted.clear()

    def close(self) -> None:
        """Lets the next window take over."""
        with self._turn:
            if self._lock is not None:
                if not self._path.exists():
                    self._path.with_suffix(".lock").unlink(missing_ok=True)
                self._lock.release()
                self._lock = None
            for _, lock in self._adopted:
                lock.release()
            self._adopted.clear()


def _read(path: Path) -> Unsent:
    """What the file has; a file that cannot be understood is put aside and never stands in the way of a start."""
    try:
        body: dict[str, Any] = json.loads(path.read_bytes())
        return Unsent(tuple(UnsentFile(**file) for file in body["files"]), tuple(body["paused_jobs"]))
    except FileNotFoundError:  # another window has just taken it over
        return Unsent()
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("a list of unsent files cannot be read and is put aside")
        path.replace(path.with_suffix(".unreadable"))
        return Unsent()


def _changed_at(path: Path) -> float:
    """Return when a file was changed (Unix time); 0 if another window has just taken it over."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _kept(file: UnsentFile) -> dict[str, object]:
    return {"path": file.path, "once": file.once, "is_paused": file.is_paused, "error": file.error}


def _looked_for(file: UnsentFile) -> UnsentFile:
    return replace(file, is_gone=not Path(file.path).exists())


def _drop(path: Path, lock: FileLock) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)
    lock.release()
