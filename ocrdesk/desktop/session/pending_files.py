"""Files not uploaded yet, paused and removed jobs, and the order of the list, on disk; no Qt.

Each window has a file of its own, held by a lock that ends with the window's process, however that ends. The next
window takes over the files that no window holds.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from ocrdesk.client.atomic_file import atomic_write
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.paths import create_private
from ocrdesk.local.private_files import read_private, set_aside

_log = logging.getLogger(__name__)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file of the list, with the key of its upload. `error` says why it was refused, if it was."""

    path: str
    idempotency_key: str
    is_paused: bool = False
    error: str | None = None
    is_gone: bool = False
    """The file no longer exists; checked when the list is read back."""


@dataclass(frozen=True, slots=True)
class PendingWork:
    """What a window stores: the files in the order in which they are sent, and what only it knows of jobs."""

    files: tuple[PendingFile, ...] = ()
    paused_jobs: tuple[str, ...] = ()
    removed_jobs: tuple[str, ...] = ()
    """Jobs that the user removed, and that may still have to be deleted from the server."""
    place_times: Mapping[str, float] = field(default_factory=dict)
    """The place of each job in the list, as Unix time: the newest is at the top."""
    collecting: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Requests whose folders are still searched for files: an id, and the paths."""


class PendingFiles:
    """One window's file in a folder that it shares with other windows of the same server. May be shared by threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"unsent-{uuid4().hex}.json"
        self._lock: FileLock | None = None
        self._write_lock = threading.Lock()
        self._adopted: list[tuple[Path, FileLock]] = []
        self.damaged: list[Path] = []
        """Files of closed windows that could not be read, where they are now."""

    def adopt(self) -> PendingWork:
        """Return what closed windows left. Their files are deleted once this window has written its own."""
        files: dict[str, PendingFile] = {}
        jobs: dict[str, None] = {}
        removed: dict[str, None] = {}
        times: dict[str, float] = {}
        collecting: dict[str, tuple[str, ...]] = {}
        for path in sorted(self._folder.glob("unsent-*.json"), key=_changed_at):
            if path == self._path or any(path == other for other, _ in self._adopted):
                continue
            lock = FileLock(path.with_suffix(".lock"))
            if not lock.acquire_if_possible():
                continue
            found = self._read(path)
            files |= {file.idempotency_key: file for file in found.files}
            jobs |= dict.fromkeys(found.paused_jobs)
            removed |= dict.fromkeys(found.removed_jobs)
            times |= found.place_times
            collecting |= dict(found.collecting)
            self._adopted.append((path, lock))
        pending = tuple(_with_existence(file) for file in files.values())
        return PendingWork(pending, tuple(jobs), tuple(removed), times, tuple(collecting.items()))

    def _read(self, path: Path) -> PendingWork:
        """Return a file's content. A file that cannot be read is moved aside, so that it never prevents a start."""
        try:
            return _parse(read_private(path))
        except FileNotFoundError:  # another window has just taken it over
            return PendingWork()
        except (OSError, ValueError):
            _log.warning("a list of pending files cannot be read and is set aside")
            self.damaged.append(set_aside(path))
            return PendingWork()

    def write(self, pending: PendingWork) -> None:
        """Store exactly this. Raises OSError; what was stored before is unchanged then."""
        with self._write_lock:
            self._write(pending)

    def _write(self, pending: PendingWork) -> None:
        is_empty = pending == PendingWork()
        if self._lock is None and not is_empty:
            create_private(self._folder)
            self._lock = FileLock(self._path.with_suffix(".lock"))
            self._lock.acquire_if_possible()
        if not is_empty:
            body = {
                "version": _VERSION,
                "paused_jobs": pending.paused_jobs,
                "removed_jobs": pending.removed_jobs,
                "place_times": pending.place_times,
                "files": [_to_store(f) for f in pending.files],
                "collecting": pending.collecting,
            }
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
        """Let the next window take over."""
        with self._write_lock:
            if self._lock is not None:
                if not self._path.exists():
                    self._path.with_suffix(".lock").unlink(missing_ok=True)
                self._lock.release()
                self._lock = None
            for _, lock in self._adopted:
                lock.release()
            self._adopted.clear()


def _parse(text: str) -> PendingWork:
    """Return a stored list. Raises ValueError."""
    try:
        body: dict[str, Any] = json.loads(text)
        return PendingWork(
            tuple(_from_stored(file) for file in body["files"]),
            tuple(map(str, body["paused_jobs"])),
            tuple(map(str, body.get("removed_jobs", ()))),  # earlier releases do not write these two
            {str(job_id): _unix_time(time) for job_id, time in body.get("place_times", {}).items()},
            tuple((str(UUID(request)), tuple(map(str, paths))) for request, paths in body.get("collecting", ())),
        )
    except (KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError) as error:
        raise ValueError("this is no list of pending files") from error


def _unix_time(stored: Any) -> float:
    """Return a stored time. Raises ValueError, OverflowError or OSError if it is in no year that has a date."""
    return datetime.fromtimestamp(float(stored), UTC).timestamp()


def _changed_at(path: Path) -> float:
    """Return when a file was changed (Unix time); 0 if another window has just taken it over."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _from_stored(file: dict[str, Any]) -> PendingFile:
    error = file.get("error")
    return PendingFile(
        str(file["path"]), str(file["once"]), file.get("is_paused") is True, None if error is None else str(error)
    )


def _to_store(file: PendingFile) -> dict[str, object]:
    return {"path": file.path, "once": file.idempotency_key, "is_paused": file.is_paused, "error": file.error}


def _with_existence(file: PendingFile) -> PendingFile:
    return replace(file, is_gone=not os.path.exists(file.path))  # noqa: PTH110  # `Path.exists` raises for a long name


def _drop(path: Path, lock: FileLock) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)
    lock.release()
