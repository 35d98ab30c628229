"""Storage in a folder."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sys
import time
import uuid
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from ocrdesk.backend.storage.blob_store import (
    CHUNK_BYTES,
    SURVEY_EVERY_S,
    BlobMissingError,
    BlobWriter,
    FileLabel,
    StorageUnavailableError,
    checked_name,
)
from ocrdesk.backend.storage.stored_names import is_part_file, part_file_name
from ocrdesk.contract.error_messages import is_disk_full

IDENTITY_ATTRIBUTE = "user.ocrdesk.storage-id"
IDENTITY_FILE = ".storage-id"
_JOB_ID = re.compile(r"[0-9a-f]{32}")
_WRITER_TRIES = 5
_IDENTITY_WAIT_S = 2.0
_IDENTITY_PAUSE_S = 0.02


class FolderStore:
    """Stores blobs as files ROOT/JOB/NAME, written under another name first. Folders are private (0700)."""

    in_redis = False
    survey_every_s = SURVEY_EVERY_S

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._place = _place_of(root)
        self._identity = ""
        with contextlib.suppress(OSError):
            self._identity = self.identity()

    def check(self) -> None:
        """Raise StorageUnavailableError unless this is the folder that the process began with, and can be used."""
        try:
            place = _place_of(self.root)
            if place != self._place:  # mounted again, or not mounted now
                if not self._identity or self._identity != self._present_identity():
                    raise OSError(errno.ESTALE, "another folder is in its place")
                self._place = place
            if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
                raise OSError(errno.EACCES, "it cannot be written")
        except OSError as error:
            raise StorageUnavailableError(error.errno, error.strerror or type(error).__name__) from None

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Let an OSError within the block pass, unless the folder as a whole is the reason."""
        try:
            yield
        except OSError as error:
            if not is_disk_full(error):
                self.check()
            raise

    def _present_identity(self) -> str | None:
        return _text_in(self.root / IDENTITY_FILE) or _attribute_of(self.root)

    def identity(self) -> str:
        """Return the folder's id: paths differ between machines. Raises OSError.

        It is in an extended attribute of the folder, so that the folder contains jobs alone, or in a file where the
        file system has no such attributes. A file counts first, because another machine may see no attributes.
        """
        if self._identity:
            self.check()
        return self._identity_in_file() or self._identity_in_attribute() or self._new_file_identity()

    def _identity_in_file(self) -> str | None:
        """Return the id in the file; None without a file."""
        path = self.root / IDENTITY_FILE
        deadline = time.monotonic() + _IDENTITY_WAIT_S
        while not (identity := _text_in(path)):
            if identity is None:
                return None
            if time.monotonic() > deadline:  # the process that made it could not write it: the disk was full
                self._make_identity_file(replaces=True)
            else:
                time.sleep(_IDENTITY_PAUSE_S)  # a process of an older version is just writing it
        return identity

    def _identity_in_attribute(self) -> str | None:
        """Return the id in the attribute, which is made first if necessary; None if that is not possible here."""
        if sys.platform != "linux":
            return None
        with contextlib.suppress(OSError):
            with contextlib.suppress(FileExistsError):  # made before, or by another process just now
                os.setxattr(self.root, IDENTITY_ATTRIBUTE, uuid.uuid4().hex.encode(), os.XATTR_CREATE)
            return _attribute_of(self.root)
        return None

    def _new_file_identity(self) -> str:
        self._make_identity_file(replaces=False)
        return self.identity()

    def _make_identity_file(self, *, replaces: bool) -> None:
        """Write the file with an id whole, or not at all. If several processes do that at once, one of them wins."""
        path, temporary = self.root / IDENTITY_FILE, self.root / f"{IDENTITY_FILE}-{uuid.uuid4().hex}"
        try:
            temporary.write_text(uuid.uuid4().hex, "ascii")
            if replaces:
                temporary.replace(path)
            else:
                os.link(temporary, path)
        except FileExistsError:
            pass  # another process was faster
        except PermissionError:  # a file system without links
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def _path(self, job_id: str, name: str) -> Path:
        return self.root / checked_name(job_id) / checked_name(name)

    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> BlobWriter:  # noqa: ARG002
        path = self._path(job_id, name)
        self.check()  # the place where nothing is mounted accepts files too
        for _ in range(_WRITER_TRIES):
            with self._reached():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):  # its job was just deleted, and the folder with it
                    return _FileWriter(path, self._reached)
        raise BlobMissingError(f"{job_id}/{name}")

    def read(self, job_id: str, name: str) -> bytes:
        with self._missing(job_id, name), self._reached():
            return self._path(job_id, name).read_bytes()

    @contextlib.contextmanager
    def _missing(self, job_id: str, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise BlobMissingError(f"{job_id}/{name}") from None

    def chunks(self, job_id: str, name: str) -> Iterator[bytes]:
        with self._missing(job_id, name), self._reached():
            file = self._path(job_id, name).open("rb")
        with file:
            while data := file.read(CHUNK_BYTES):
                yield data

    @contextlib.contextmanager
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> Iterator[Path]:  # noqa: ARG002
        if not self.exists(job_id, name):
            raise BlobMissingError(f"{job_id}/{name}")
        yield self._path(job_id, name)

    def exists(self, job_id: str, name: str) -> bool:
        if self._path(job_id, name).is_file():
            return True
        self.check()
        return False

    def delete(self, job_id: str, name: str) -> None:
        path = self.root / checked_name(job_id) / name if is_part_file(name) else self._path(job_id, name)
        with self._reached():
            path.unlink(missing_ok=True)

    def purge(self, job_id: str) -> None:
        shutil.rmtree(self.root / checked_name(job_id), ignore_errors=True)

    def keep_for(self, job_id: str, ttl_s: int) -> None:
        """Do nothing: the reconciler removes the folder once its job has expired."""

    def job_ids(self, position: str, count: int) -> tuple[list[str], str]:
        """Return up to `count` ids of jobs with blobs, and the position after them; at the end that is empty.

        The first position is empty. Folders that somebody else made are left out. Raises OSError.
        """
        self.check()
        with self._reached():
            found = sorted(entry.name for entry in os.scandir(self.root) if _JOB_ID.fullmatch(entry.name))
        start = bisect_right(found, position)
        batch = found[start : start + count]
        return batch, batch[-1] if start + count < len(found) else ""

    def names(self, job_id: str) -> set[str]:
        """Return the names of a job's blobs and of their parts. Raises OSError if the folder cannot be read."""
        with contextlib.suppress(FileNotFoundError), self._reached():
            return {entry.name for entry in os.scandir(self.root / checked_name(job_id))}
        return set()

    def names_of(self, job_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the names of each job's blobs."""
        return {job_id: self.names(job_id) for job_id in job_ids}

    def download_url(self, job_id: str, name: str, lifetime_s: int) -> None:
        """Return None: only the api can send a blob."""


def _place_of(folder: Path) -> tuple[int, int]:
    """Return what tells a folder from another one under the same path."""
    found = folder.stat()
    return found.st_dev, found.st_ino


def _attribute_of(folder: Path) -> str | None:
    """Return the id in a folder's attribute; None if it has none, or cannot have any."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError):
        return os.getxattr(folder, IDENTITY_ATTRIBUTE).decode("ascii")
    return None


def _text_in(path: Path) -> str | None:
    """Return a file's text; None if there is no such file."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        return None


class _FileWriter:
    def __init__(self, path: Path, reached: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
        """`reached`: what turns an error of the whole storage into its own kind."""
        self._path, self._reached = path, reached
        self._temporary = path.with_name(part_file_name(path.name, os.urandom(6).hex()))
        descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        with self._reached():
            self._file.write(data)

    def commit(self) -> None:
        with self._reached():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._temporary.replace(self._path)

    def abort(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)
            self._path.parent.rmdir()
