"""Storage in Redis."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from ocrdesk.backend import redis_keys
from ocrdesk.backend.storage.blob_store import (
    SURVEY_EVERY_S,
    BlobMissingError,
    BlobWriter,
    FileLabel,
    checked_name,
    is_name,
    temporary_copy,
)
from ocrdesk.backend.storage.stored_names import part_name

_CHUNK_BYTES = 1 << 16
"""Smaller than in a folder, because the Redis client copies a chunk several times while it is sent."""

# The client repeats a command whose answer was lost, although the command may have been carried out. These do nothing
# the second time, and tell when chunks are missing, as after a rollback of Redis.
_PUSH_ONCE = """
if redis.call('LLEN', KEYS[1]) == tonumber(ARGV[1]) then
    redis.call('RPUSH', KEYS[1], ARGV[2])
    redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return redis.call('LLEN', KEYS[1])
"""
_RENAME_ONCE = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('RENAME', KEYS[1], KEYS[2]) end
return redis.call('LLEN', KEYS[2])
"""


class RedisStore:
    """Stores blobs as Redis lists of chunks, each with a TTL; for when the machines share nothing else."""

    in_redis = True
    survey_every_s = SURVEY_EVERY_S

    def __init__(self, redis: Redis, ttl_s: int) -> None:
        self._redis: Any = redis  # answers bytes
        self._ttl_s = ttl_s

    def check(self) -> None:
        """Do nothing: errors of Redis say what is wrong."""

    def identity(self) -> str:
        return "redis"  # the fingerprints are compared within one Redis

    def _key(self, job_id: str, name: str) -> str:
        return redis_keys.blob(checked_name(job_id), checked_name(name))

    def _index(self, job_id: str) -> str:
        return redis_keys.job_blobs(checked_name(job_id))

    def writer(self, job_id: str, name: str, label: FileLabel | None = None) -> BlobWriter:  # noqa: ARG002
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

    def local_file(self, job_id: str, name: str, scratch: Path | None) -> contextlib.AbstractContextManager[Path]:
        return temporary_copy(self.chunks(job_id, name), scratch)

    def exists(self, job_id: str, name: str) -> bool:
        return bool(self._redis.exists(self._key(job_id, name)))

    def delete(self, job_id: str, name: str) -> None:
        key = self._key(job_id, name)
        with self._redis.pipeline() as pipe:
            pipe.delete(key)
            pipe.srem(self._index(job_id), key)
            pipe.execute()

    def purge(self, job_id: str) -> None:
        keys = self._redis.smembers(self._index(job_id))
        self._redis.delete(self._index(job_id), *keys)

    def keep_for(self, job_id: str, ttl_s: int) -> None:
        """Set how long a job's blobs are kept after its end."""
        index = self._index(job_id)
        with self._redis.pipeline() as pipe:
            for key in (index, *self._redis.smembers(index)):
                pipe.expire(key, ttl_s)
            pipe.execute()

    def job_ids(self, position: str, count: int) -> tuple[list[str], str]:
        """Return ids of jobs with blobs, and the position after them; at the end that is empty. It begins empty too.

        `count` is how many keys of Redis are looked at.
        """
        pattern = redis_keys.job_blobs("*")
        cursor, keys = self._redis.scan(int(position) if position.isdecimal() else 0, match=pattern, count=count)
        names = [key.decode(errors="replace").removeprefix(pattern[:-1]) for key in keys]
        return [name for name in names if is_name(name)], str(cursor or "")

    def names(self, job_id: str) -> set[str]:
        """Return the names of a job's blobs and of their parts."""
        prefix = redis_keys.blob(checked_name(job_id), "").encode()
        keys = list(self._redis.smembers(self._index(job_id)))
        with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.exists(key)
            found = pipe.execute()
        stored = (key for key, exists in zip(keys, found, strict=True) if exists)
        return {key.removeprefix(prefix).decode(errors="replace") for key in stored}

    def names_of(self, job_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the names of each job's blobs."""
        return {job_id: self.names(job_id) for job_id in job_ids}

    def download_url(self, job_id: str, name: str, lifetime_s: int) -> None:
        """Return None: only the api can send a blob."""


class _RedisWriter:
    def __init__(self, redis: Redis, key: str, index: str, ttl_s: int) -> None:
        self._redis: Any = redis
        self._key, self._index, self._ttl_s = key, index, ttl_s
        self._part = part_name(key, os.urandom(6).hex())
        self._buffer: list[bytes] = []
        self._buffered_bytes = 0
        self._pushed = 0
        redis.sadd(index, self._part)
        redis.expire(index, ttl_s)

    def write(self, data: bytes) -> None:
        self._buffer.append(data)
        self._buffered_bytes += len(data)
        if self._buffered_bytes < _CHUNK_BYTES:
            return
        whole = b"".join(self._buffer)
        full = len(whole) - len(whole) % _CHUNK_BYTES
        self._buffer, self._buffered_bytes = [whole[full:]], len(whole) - full
        for start in range(0, full, _CHUNK_BYTES):
            self._push(whole[start : start + _CHUNK_BYTES])

    def _push(self, chunk: bytes) -> None:
        length = self._redis.eval(_PUSH_ONCE, 1, self._part, self._pushed, chunk, self._ttl_s)
        self._pushed += 1
        if length != self._pushed:
            raise RedisConnectionError("Redis has lost a part of a file while it was written.")

    def commit(self) -> None:
        """Give the file its name, in a transaction: with REDIS_REPLICAS the replicas then have all of it."""
        self._push(b"".join(self._buffer))
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.eval(_RENAME_ONCE, 2, self._part, self._key)
            pipe.srem(self._index, self._part)
            pipe.sadd(self._index, self._key)
            pipe.expire(self._index, self._ttl_s)
            length = pipe.execute()[0]
        if length != self._pushed:
            raise RedisConnectionError("Redis has lost a file while it was written.")

    def abort(self) -> None:
        with self._redis.pipeline() as pipe:
            pipe.delete(self._part)
            pipe.srem(self._index, self._part)
            pipe.execute()
