"""Storage in a bucket: an object PREFIX/jobs/JOB/NAME for each blob."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocrdesk.backend.storage.blob_store import (
    BUCKET_SURVEY_EVERY_S,
    CHUNK_BYTES,
    BlobMissingError,
    BlobWriter,
    FileLabel,
    checked_name,
    temporary_copy,
)
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.backend.storage.cloud.bucket_state import BucketState
from ocrdesk.backend.storage.cloud.connection import open_bucket, uses_customer_key

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Bucket

JOBS = "jobs/"
"""What the paths of blobs begin with, after the prefix: `.storage-id` is beside them, and outlives them."""
_JOB_ID = re.compile(r"[0-9a-f]{32}")
_PART_BYTES = 8 << 20
"""Files above it are sent in parts of this size, two at a time; S3 takes 10,000 parts, so 80 GB."""
_PARTS_AT_A_TIME = 2
_IN_MEMORY_BYTES = 1 << 20
"""A blob is kept in memory up to this size while it is written, and above it in a temporary file."""
_LISTS_AT_A_TIME = 16


class ObjectStore:
    """Stores blobs as objects. An object appears whole when its upload has ended, or not at all.

    For threads of one process that does not fork. All methods raise StorageUnavailableError while the bucket cannot be
    used, whatever the reason: nothing counts as missing then.
    """

    in_redis = False
    survey_every_s = BUCKET_SURVEY_EVERY_S

    def __init__(self, address: CloudAddress) -> None:
        """Raises SettingsError if the bucket does not exist or refuses the credentials. It may be unreachable yet."""
        self.address = address
        self._bucket: Bucket = open_bucket(address)
        self._state = BucketState(address, self._bucket)

    def check(self) -> None:
        """Raise StorageUnavailableError unless this is the bucket that the process began with, and answers."""
        self._state.check()

    def identity(self) -> str:
        """Return the bucket's id, which the object `.storage-id` holds. Raises StorageUnavailableError."""
        return self._state.identity()

    # ── one blob ─────────────────────────────────────────────────────────────────────────────────

    def _key(self, job_id: str, name: str) -> str:
        return f"{JOBS}{checked_name(job_id)}/{checked_name(name)}"

    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> BlobWriter:
        self._key(job_id, name)
        self.check()
        return _ObjectWriter(self, job_id, name, label)

    def put_file(self, job_id: str, name: str, file: Any, label: FileLabel | None) -> None:
        """Send an open file, or bytes, as a blob; in parts if it is large. Of a failure no part stays.

        It can be repeated.
        """
        import obstore

        key = self._key(job_id, name)
        attributes = {"Content-Type": label.media_type, "Content-Disposition": label.disposition} if label else None
        if hasattr(file, "seek"):
            file.seek(0)
        with self._state.reached(key):
            obstore.put(
                self._bucket,
                key,
                file,
                attributes=attributes,
                chunk_size=_PART_BYTES,
                max_concurrency=_PARTS_AT_A_TIME,
            )

    def read(self, job_id: str, name: str) -> bytes:
        return b"".join(self.chunks(job_id, name))

    def chunks(self, job_id: str, name: str) -> Iterator[bytes]:
        return self._chunks(self._key(job_id, name), None)[1]

    def changed_chunks(self, job_id: str, name: str, version: str) -> tuple[str, Iterator[bytes]]:
        """Return the blob's version and its bytes, in one request; no bytes if the version is this one."""
        return self._chunks(self._key(job_id, name), version)

    def _chunks(self, key: str, version: str | None) -> tuple[str, Iterator[bytes]]:
        import obstore
        from obstore.exceptions import NotModifiedError

        found = ""
        with self._state.reached(key):
            try:
                answer = obstore.get(self._bucket, key, options={"if_none_match": version} if version else None)
            except NotModifiedError:
                return version or "", iter(())
            found = answer.meta["e_tag"] or ""

        def read() -> Iterator[bytes]:
            with self._state.reached(key):
                for data in answer.stream(min_chunk_size=CHUNK_BYTES):
                    view = memoryview(data)
                    for start in range(0, len(view), CHUNK_BYTES):
                        yield bytes(view[start : start + CHUNK_BYTES])

        return found, read()

    def local_file(self, job_id: str, name: str, scratch: Path | None) -> contextlib.AbstractContextManager[Path]:
        return temporary_copy(self.chunks(job_id, name), scratch)

    def exists(self, job_id: str, name: str) -> bool:
        import obstore

        key = self._key(job_id, name)
        try:
            with self._state.reached(key):
                obstore.head(self._bucket, key)
        except BlobMissingError:
            return False
        return True

    def delete(self, job_id: str, name: str) -> None:
        self._delete([self._key(job_id, name)])

    def _delete(self, keys: Sequence[str]) -> None:
        """Delete objects, up to 1,000 in a request where the provider has one for that."""
        import obstore

        if keys:
            with contextlib.suppress(BlobMissingError), self._state.reached(keys[0]):
                obstore.delete(self._bucket, list(keys))

    def download_url(self, job_id: str, name: str, lifetime_s: int) -> str | None:
        """Return an address at which anyone can get the blob for so many seconds. Raises StorageUnavailableError.

        None if a blob can only be read with the customer's key.
        """
        import obstore

        key = self._key(job_id, name)
        if uses_customer_key(self.address):
            return None
        with self._state.reached(key):
            bucket: Any = self._bucket  # one of the three kinds that can sign
            return str(obstore.sign(bucket, "GET", key, timedelta(seconds=lifetime_s)))

    # ── all blobs of a job, and all jobs ─────────────────────────────────────────────────────────

    def purge(self, job_id: str) -> None:
        """Delete all blobs of a job, and once more those that were written meanwhile."""
        for _ in range(2):
            if keys := [f"{JOBS}{job_id}/{name}" for name in self._listed(checked_name(job_id))]:
                self._delete(keys)

    def keep_for(self, job_id: str, ttl_s: int) -> None:
        """Do nothing: the reconciler removes the objects once their job has expired."""

    def names(self, job_id: str) -> set[str]:
        return self._listed(checked_name(job_id))

    def names_of(self, job_ids: Collection[str]) -> dict[str, set[str]]:
        with ThreadPoolExecutor(_LISTS_AT_A_TIME) as pool:
            return dict(zip(job_ids, pool.map(self.names, job_ids), strict=True))

    def _listed(self, job_id: str) -> set[str]:
        start = f"{JOBS}{job_id}/"
        return {path.removeprefix(start) for path in self._paths(prefix=start)}

    def _paths(self, *, prefix: str, offset: str | None = None) -> Iterator[str]:
        """Yield the paths of objects in order, only those after `offset`; 1,000 of them are a request.

        A server that does not know how to begin after a name begins at the first one: Azurite does.
        """
        import obstore

        with self._state.reached(prefix):
            for batch in obstore.list(self._bucket, prefix, offset=offset, chunk_size=1_000):
                for found in batch:
                    if offset is None or found["path"] > offset:
                        yield found["path"]

    def job_ids(self, position: str, count: int) -> tuple[list[str], str]:
        """Return up to `count` ids of jobs with blobs, and the position after them; at the end that is empty.

        The first position is empty. Objects that somebody else made are left out.
        """
        found: list[str] = []
        after = f"{JOBS}{position}0" if position else None  # "0" follows "/"
        for path in self._paths(prefix=JOBS, offset=after):
            job_id = path.removeprefix(JOBS).partition("/")[0]
            if not _JOB_ID.fullmatch(job_id) or (found and found[-1] == job_id) or job_id == position:
                continue
            if len(found) == count:
                return found, found[-1]
            found.append(job_id)
        return found, ""

    def survey(self) -> dict[str, set[str]]:
        """Return the names of all blobs by job: a request for each 1,000 objects, and no other ones."""
        found: dict[str, set[str]] = {}
        for path in self._paths(prefix=JOBS):
            job_id, _, name = path.removeprefix(JOBS).partition("/")
            if name and _JOB_ID.fullmatch(job_id):
                found.setdefault(job_id, set()).add(name)
        return found


class _ObjectWriter:
    """Collects a blob's bytes in memory, or from 1 MB on in a temporary file, and sends them at the commit.

    So nothing of an upload that breaks off ever reaches the bucket, and a commit that failed can be repeated.
    """

    def __init__(self, store: ObjectStore, job_id: str, name: str, label: FileLabel | None) -> None:
        self._store, self._job_id, self._name, self._label = store, job_id, name, label
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, prefix="ocrdesk-")  # noqa: SIM115

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def commit(self) -> None:
        self._store.put_file(self._job_id, self._name, self._file, self._label)
        self._file.close()

    def abort(self) -> None:
        self._file.close()
