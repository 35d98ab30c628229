"""The storage as a pool's processes see it: each request goes to the storage process, over a connection of its own."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Collection, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ocrdesk.backend.storage.blob_store import (
    BUCKET_SURVEY_EVERY_S,
    CHUNK_BYTES,
    BlobWriter,
    FileLabel,
    StorageUnavailableError,
    checked_name,
)
from ocrdesk_worker.storage_process.messages import connect, raise_described, receive, send

_ANSWER_S, _CONNECT_S = 900.0, 5.0
"""How long an answer may take: a large file is on its way meanwhile. The storage process itself gives up much sooner
when the bucket does not answer."""
_IN_MESSAGE_BYTES = 1 << 20
"""A larger blob goes through a file."""


class RemoteStore:
    """Stores blobs through the storage process. A process that is forked from this one gets its own connection.

    No threads may share it.
    """

    in_redis = False
    survey_every_s = BUCKET_SURVEY_EVERY_S

    def __init__(self, folder: Path, answer_s: float = _ANSWER_S) -> None:
        """`folder` has the storage process's socket. `answer_s`: how many seconds an answer may take."""
        self._folder, self._answer_s = folder, answer_s
        self._connection: Connection | None = None
        self._pid = 0

    # ── requests ─────────────────────────────────────────────────────────────────────────────────

    def _ask(self, what: str, body: bytes = b"", **fields: Any) -> tuple[Any, bytes]:
        """Return the answer's value and its body; raise what the answer says.

        A process that has just been replaced loses requests, so one is repeated: each may have its effect twice.
        """
        for is_last in (False, True):
            try:
                connection = self._open()
                send(connection, {"do": what, **fields}, body)
                if not connection.poll(self._answer_s):
                    raise TimeoutError(errno.ETIMEDOUT, "no answer")
                head, data = receive(connection)
                break
            except (EOFError, OSError) as error:
                self._close()
                if is_last or isinstance(error, TimeoutError):
                    reason = "the storage process does not answer"
                    raise StorageUnavailableError(errno.ECONNREFUSED, reason) from None
        raise_described(head)
        return head.get("value"), data

    def _open(self) -> Connection:
        if self._connection is None or self._pid != os.getpid():
            self._close()
            self._connection, self._pid = connect(self._folder, _CONNECT_S), os.getpid()
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()  # of a fork only this process's copy
            self._connection = None

    # ── the storage ──────────────────────────────────────────────────────────────────────────────

    def check(self) -> None:
        self._ask("check")

    def identity(self) -> str:
        return str(self._ask("identity")[0])

    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> BlobWriter:
        checked_name(job_id)
        checked_name(name)
        return _RemoteWriter(self, job_id, name, label)

    def put(self, job_id: str, name: str, data: bytes | Path, label: FileLabel | None) -> None:
        """Store bytes, or a file, which may be removed afterwards."""
        path, body = (str(data), b"") if isinstance(data, Path) else (None, data)
        told = [label.media_type, label.disposition] if label else None
        self._ask("put", body, job=job_id, name=name, path=path, label=told)

    def read(self, job_id: str, name: str) -> bytes:
        return self._ask("read", job=checked_name(job_id), name=checked_name(name))[1]

    def chunks(self, job_id: str, name: str) -> Iterator[bytes]:
        with self.local_file(job_id, name, None) as path, path.open("rb") as file:
            while data := file.read(CHUNK_BYTES):
                yield data

    @contextlib.contextmanager
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> Iterator[Path]:
        """Yield a path of the blob, in the scratch folder. Nobody may write to it: other tasks read the same file."""
        folder = scratch or Path(tempfile.gettempdir())
        target = folder / f"ocrdesk-{os.urandom(8).hex()}"
        try:
            self._ask("link", job=checked_name(job_id), name=checked_name(name), target=str(target.absolute()))
            yield target
        finally:
            with contextlib.suppress(OSError):
                target.unlink(missing_ok=True)

    def exists(self, job_id: str, name: str) -> bool:
        return bool(self._ask("exists", job=checked_name(job_id), name=checked_name(name))[0])

    def delete(self, job_id: str, name: str) -> None:
        self._ask("delete", job=checked_name(job_id), name=checked_name(name))

    def purge(self, job_id: str) -> None:
        self._ask("purge", job=checked_name(job_id))

    def keep_for(self, job_id: str, ttl_s: int) -> None:
        """Do nothing: the reconciler removes the objects once their job has expired."""

    def job_ids(self, position: str, count: int) -> tuple[list[str], str]:
        """Return jobs that had blobs at the last survey. Raises SurveyPendingError before the first one."""
        batch, after = self._ask("job_ids", position=position, count=count)[0]
        return batch, after

    def names(self, job_id: str) -> set[str]:
        return set(self._ask("names", job=checked_name(job_id))[0])

    def names_of(self, job_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the names of blobs at the last survey. Raises SurveyPendingError before the first one."""
        found = self._ask("names_of", jobs=[checked_name(job_id) for job_id in job_ids])[0]
        return {job_id: set(names) for job_id, names in found.items()}

    def download_url(self, job_id: str, name: str, lifetime_s: int) -> None:
        """Return None: workers send no files."""


class _RemoteWriter:
    """Collects a blob's bytes, and hands them over at the commit: in a message, or a large one as a file."""

    def __init__(self, store: RemoteStore, job_id: str, name: str, label: FileLabel | None) -> None:
        self._store, self._job_id, self._name, self._label = store, job_id, name, label
        self._buffer = bytearray()
        self._file: Any = None

    def write(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            return
        self._buffer += data
        if len(self._buffer) > _IN_MESSAGE_BYTES:
            self._file = tempfile.NamedTemporaryFile(prefix="ocrdesk-")  # noqa: SIM115  # abort and commit close it
            self._file.write(self._buffer)
            self._buffer.clear()

    def commit(self) -> None:
        if self._file is None:
            self._store.put(self._job_id, self._name, bytes(self._buffer), self._label)
            return
        self._file.flush()
        self._store.put(self._job_id, self._name, Path(self._file.name), self._label)
        self.abort()

    def abort(self) -> None:
        self._buffer.clear()
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
