"""The storage interface: uploads and results as bytes, by the job they belong to."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ocrdesk.contract.error_messages import ErrorMessage, error_message

UPLOAD = "upload"
"""The name of the blob with the uploaded file; of a PDF that had a password, a copy without it."""
LOCKED_UPLOAD, LOCKED_UPLOAD_KEY = "locked-upload", "locked-upload-key"
"""The names of the blobs with a PDF that has a password, and with the key of that file alone."""
PASSWORD_PAD = "password-pad"  # noqa: S105  # a name, not a password
"""The name of the blob that, together with a key of Redis, makes the password of a PDF: see `sealed_password`."""
CHUNK_BYTES = 1 << 18
"""How much of a blob is in memory at a time, for each caller that writes or reads one."""
SURVEY_EVERY_S, BUCKET_SURVEY_EVERY_S = 10.0, 300.0
"""How often the reconciler goes through all blobs: where looking at them costs nothing, and in a bucket."""
_SAFE = re.compile(r"[A-Za-z0-9._-]+")


class BlobMissingError(Exception):
    """There is no blob of that job and name: it was never written, or it was deleted."""


class StorageUnavailableError(OSError):
    """The storage cannot be reached: it is not mounted, was replaced, or cannot be read and written.

    That is no fault of a file in it, and passes: nothing counts as missing meanwhile.
    """

    @property
    def problem(self) -> ErrorMessage:
        """What is wrong, and what the operator does."""
        return error_message("storage_unavailable", reason=self.strerror or "unknown")


@dataclass(frozen=True, slots=True)
class FileLabel:
    """What a download of a blob says that does not come through the api: its type, and its Content-Disposition."""

    media_type: str
    disposition: str


class BlobWriter(Protocol):
    """Accepts a blob's bytes. The blob exists once `commit` returned, and never in part."""

    def write(self, data: bytes) -> None: ...
    def commit(self) -> None: ...
    def abort(self) -> None: ...


class BlobStore(Protocol):
    """Stores blobs by job and name. `purge` deletes all blobs of a job; after `keep_for` they expire.

    `identity` is the same for all processes that reach the same blobs; raises OSError if there is none. `job_ids` and
    `names` list what is stored, also what is still being written; `delete` accepts every name that `names` returned.

    `check` raises StorageUnavailableError while the storage as a whole cannot be used; so do the other methods then.

    `names_of` may be as old as `survey_every_s`, and leave out jobs that are younger. `download_url` is None where only
    the api can send a blob.
    """

    in_redis: bool
    """Whether the blobs are in the same Redis as the records, and so are never older or newer than these."""

    survey_every_s: float
    """How often it is worth while to go through all blobs, in seconds."""

    def check(self) -> None: ...
    def identity(self) -> str: ...
    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> BlobWriter: ...
    def read(self, job_id: str, name: str) -> bytes: ...
    def chunks(self, job_id: str, name: str) -> Iterator[bytes]: ...
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> contextlib.AbstractContextManager[Path]: ...
    def exists(self, job_id: str, name: str) -> bool: ...
    def delete(self, job_id: str, name: str) -> None: ...
    def purge(self, job_id: str) -> None: ...
    def keep_for(self, job_id: str, ttl_s: int) -> None: ...
    def job_ids(self, position: str, count: int) -> tuple[list[str], str]: ...
    def names(self, job_id: str) -> set[str]: ...
    def names_of(self, job_ids: Collection[str]) -> dict[str, set[str]]: ...
    def download_url(self, job_id: str, name: str, lifetime_s: int) -> str | None: ...


@contextlib.contextmanager
def temporary_copy(chunks: Iterator[bytes], scratch: Path | None) -> Iterator[Path]:
    """Yield the path of a file with these bytes, in the scratch folder, which is removed at the end of the block."""
    with tempfile.NamedTemporaryFile(dir=scratch, prefix="ocrdesk-") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def put(store: BlobStore, job_id: str, name: str, data: bytes) -> None:
    """Write a whole blob."""
    with writing(store, job_id, name) as writer:
        writer.write(data)


@contextlib.contextmanager
def writing(store: BlobStore, job_id: str, name: str, label: FileLabel | None = None) -> Iterator[BlobWriter]:
    """Provide a writer that commits at the end of the block and aborts on any exception, also of the commit."""
    writer = store.writer(job_id, name, label)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.abort()
        raise


def put_file(store: BlobStore, job_id: str, name: str, path: Path, label: FileLabel | None = None) -> None:
    """Write a file's content as a blob."""
    with path.open("rb") as file, writing(store, job_id, name, label) as writer:
        while data := file.read(CHUNK_BYTES):
            writer.write(data)


def checked_name(part: str) -> str:
    """Return a job id or a blob's name if it is safe in a path or key. Raises BlobMissingError otherwise."""
    if not is_name(part):
        raise BlobMissingError(part)
    return part


def is_name(part: str) -> bool:
    """Return whether a text may be a job id or a blob's name."""
    return _SAFE.fullmatch(part) is not None and not part.startswith(".")
