"""Where bytes live: uploads and page results, in a folder or in Redis, by the job they belong to."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from redis import Redis

from ocrdesk.backend.settings import Settings, SettingsError

UPLOAD = "upload"
CHUNK_BYTES = 1 << 18
"""How much of a blob is in memory at a time, for each that is being written or read."""
_REDIS_CHUNK_BYTES = 1 << 16
"""The same in Redis, whose client has a piece in memory several times while it is sent."""
_UNFINISHED_TTL_S = 7 * 86_400
"""What Redis gives the blobs of a job that nobody has ended: far more than any job takes."""
_SAFE = re.compile(r"[A-Za-z0-9._-]+")


def text_blob(revision: int) -> str:
    """The name of the blob with a job's whole text."""
    return f"text-{revision}"


def text_name(blob: str) -> str:
    """The name of the blob with a page's text, beside that with the page."""
    return f"{blob}.txt"


class BlobMissingError(Exception):
    """No blob of that job and name: never written, or purged."""


class BlobWriter(Protocol):
    """Takes a blob's bytes; it exists once `commit` returned, and never in part."""

    def write(self, data: bytes) -> None: ...
    def commit(self) -> None: ...
    def abort(self) -> None: ...


class BlobStore(Protocol):
    """Blobs named by job and name. A job's blobs all go with `purge`, or some time after `keep_for`."""

    def writer(self, job_id: str, name: str) -> BlobWriter: ...
    def read(self, job_id: str, name: str) -> bytes: ...
    def chunks(self, job_id: str, name: str) -> Iterator[bytes]: ...
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> contextlib.AbstractContextManager[Path]: ...
    def exists(self, job_id: str, name: str) -> bool: ...
    def delete(self, job_id: str, name: str) -> None: ...
    def purge(self, job_id: str) -> None: ...
    def keep_for(self, job_id: str, ttl_s: int) -> None: ...
    def sweep(self, is_known: Callable[[str], bool], older_than_s: float) -> int: ...


def put(store: BlobStore, job_id: str, name: str, data: bytes) -> None:
    """Writes a whole blob."""
    with writing(store, job_id, name) as writer:
        writer.write(data)


@contextlib.contextmanager
def writing(store: BlobStore, job_id: str, name: str) -> Iterator[BlobWriter]:
    """A writer that commits at the end of the block and aborts on any exception."""
    writer = store.writer(job_id, name)
    try:
        yield writer
    except BaseException:
        writer.abort()
        raise
    writer.commit()


def put_file(store: BlobStore, job_id: str, name: str, path: Path) -> None:
    """Writes a file's content as a blob."""
    with path.open("rb") as file, writing(store, job_id, name) as writer:
        while data := file.read(CHUNK_BYTES):
            writer.write(data)


def apply_upload_retention(store: BlobStore, job_id: str, settings: Settings) -> None:
    """What becomes of a job's blobs at its end: they stay as long as the result, the upload only where it is kept."""
    if not settings.keep_uploads:
        store.delete(job_id, UPLOAD)
    store.keep_for(job_id, settings.result_ttl)


def open_store(settings: Settings, redis: Redis) -> BlobStore:
    """The store that STORAGE_URL names; Redis itself when it is empty. Raises SettingsError."""
    if not settings.storage_url:
        return RedisStore(redis, ttl_s=max(settings.result_ttl, _UNFINISHED_TTL_S))
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "file" and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    raise SettingsError(
        "STORAGE_URL: use file:///a/folder that the api and every worker share, "
        "or leave it empty to keep files in Redis"
    )


def _checked(part: str) -> str:
    if not _SAFE.fullmatch(part) or part.startswith("."):
        raise BlobMissingError(part)
    return part


class FolderStore:
    """Blobs as files: ROOT/JOB/NAME, written beside and renamed into place. Folders are private (0700)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, job_id: str, name: str) -> Path:
        return self.root / _checked(job_id) / _checked(name)

    def writer(self, job_id: str, name: str) -> BlobWriter:
        path = self._path(job_id, name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return _FileWriter(path)

    def read(self, job_id: str, name: str) -> bytes:
        try:
            return self._path(job_id, name).read_bytes()
        except FileNotFoundError:
            raise BlobMissingError(f"{job_id}/{name}") from None

    def chunks(self, job_id: str, name: str) -> Iterator[bytes]:
        try:
            file = self._path(job_id, name).open("rb")
        except FileNotFoundError:
            raise BlobMissingError(f"{job_id}/{name}") from None
        with file:
            while data := file.read(CHUNK_BYTES):
                yield data

    @contextlib.contextmanager
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> Iterator[Path]:  # noqa: ARG002
        path = self._path(job_id, name)
        if not path.is_file():
            raise BlobMissingError(f"{job_id}/{name}")
        yield path

    def exists(self, job_id: str, name: str) -> bool:
        return self._path(job_id, name).is_file()

    def delete(self, job_id: str, name: str) -> None:
        self._path(job_id, name).unlink(missing_ok=True)

    def purge(self, job_id: str) -> None:
        shutil.rmtree(self.root / _checked(job_id), ignore_errors=True)

    def keep_for(self, job_id: str, ttl_s: int) -> None:
        """Folders go by `sweep`, once their job is not known any more."""

    def sweep(self, is_known: Callable[[str], bool], older_than_s: float) -> int:
        """Removes folders that no known job owns and nothing has touched for a while; how many."""
        limit = time.time() - older_than_s
        gone = 0
        for folder in self.root.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if folder.stat().st_mtime < limit and not is_known(folder.name):
                    shutil.rmtree(folder, ignore_errors=True)
                    gone += 1
        return gone


class _FileWriter:
    def __init__(self, path: Path) -> None:
        self._path = path
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        self._temporary = Path(name)
        self._file = os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def commit(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.replace(self._path)

    def abort(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        self._temporary.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._path.parent.rmdir()


class RedisStore:
    """Blobs as Redis lists of chunks, each with a TTL; for when nothing else is shared."""

    def __init__(self, redis: Redis, ttl_s: int) -> None:
        self._redis: Any = redis  # answers bytes
        self._ttl_s = ttl_s

    def _key(self, job_id: str, name: str) -> str:
        return f"ocrdesk:blob:{_checked(job_id)}:{_checked(name)}"

    def _index(self, job_id: str) -> str:
        return f"ocrdesk:blobs:{_checked(job_id)}"

    def writer(self, job_id: str, name: str) -> BlobWriter:
        return _RedisWriter(self._redis, self._key(job_id, name), self._index(job_id), self._ttl_s)

    def read(self, job_id: str, name: str) -> bytes:
        return b"".join(self.chunks(job_id, name))

    def chunks(self, job_id: str, name: str) -> Iterator[bytes]:
        key = self._key(job_id, name)
        length = int(self._redis.llen(key))
        if not length:
            raise BlobMissingError(f"{job_id}/{name}")
        for index in range(length):
            chunk = self._redis.lindex(key, index)
            if chunk is None:
                raise BlobMissingError(f"{job_id}/{name}")
            yield chunk

    @contextlib.contextmanager
    def local_file(self, job_id: str, name: str, scratch: Path | None) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(dir=scratch, prefix="ocrdesk-") as file:
            for chunk in self.chunks(job_id, name):
                file.write(chunk)
            file.flush()
            yield Path(file.name)

    def exists(self, job_id: str, name: str) -> bool:
        return bool(self._redis.exists(self._key(job_id, name)))

    def delete(self, job_id: str, name: str) -> None:
        self._redis.delete(self._key(job_id, name))

    def purge(self, job_id: str) -> None:
        keys = self._redis.smembers(self._index(job_id))
        self._redis.delete(self._index(job_id), *keys)

    def keep_for(self, job_id: str, ttl_s: int) -> None:
        """Sets the time that a job's blobs have left, when the job is over."""
        index = self._index(job_id)
        with self._redis.pipeline() as pipe:
            for key in (index, *self._redis.smembers(index)):
                pipe.expire(key, ttl_s)
            pipe.execute()

    def sweep(self, is_known: Callable[[str], bool], older_than_s: float) -> int:  # noqa: ARG002
        return 0  # Redis expires the keys by itself


class _RedisWriter:
    def __init__(self, redis: Redis, key: str, index: str, ttl_s: int) -> None:
        self._redis: Any = redis
        self._key, self._index, self._ttl_s = key, index, ttl_s
        self._part = f"{key}.part.{os.urandom(6).hex()}"
        self._held: list[bytes] = []
        self._held_bytes = 0
        redis.sadd(index, self._part)
        redis.expire(index, ttl_s)

    def write(self, data: bytes) -> None:
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes < _REDIS_CHUNK_BYTES:
            return
        whole = b"".join(self._held)
        full = len(whole) - len(whole) % _REDIS_CHUNK_BYTES
        self._held, self._held_bytes = [whole[full:]], len(whole) - full
        for start in range(0, full, _REDIS_CHUNK_BYTES):
            self._push(whole[start : start + _REDIS_CHUNK_BYTES])

    def _push(self, chunk: bytes) -> None:
        with self._redis.pipeline() as pipe:
            pipe.rpush(self._part, chunk)
            pipe.expire(self._part, self._ttl_s)
            pipe.execute()

    def commit(self) -> None:
        self._push(b"".join(self._held))
        with self._redis.pipeline() as pipe:
            pipe.rename(self._part, self._key)
            pipe.srem(self._index, self._part)
            pipe.sadd(self._index, self._key)
            pipe.expire(self._index, self._ttl_s)
            pipe.execute()

    def abort(self) -> None:
        with self._redis.pipeline() as pipe:
            pipe.delete(self._part)
            pipe.srem(self._index, self._part)
            pipe.execute()
