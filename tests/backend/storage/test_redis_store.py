"""Storage in Redis: what only this store does."""

from __future__ import annotations

from pathlib import Path

from redis import Redis

from ocrdesk.backend.storage.blob_store import CHUNK_BYTES, put
from ocrdesk.backend.storage.redis_store import RedisStore

BIG = bytes(3 * CHUNK_BYTES + 10)


def test_a_scratch_copy_is_deleted_after_use(redis_url: str, tmp_path: Path) -> None:
    store = RedisStore(Redis.from_url(redis_url), ttl_s=600)
    put(store, "job", "upload", BIG)
    with store.local_file("job", "upload", tmp_path) as path:
        assert path.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_every_key_expires(redis_url: str) -> None:
    connection = Redis.from_url(redis_url)
    store = RedisStore(connection, ttl_s=600)
    put(store, "job", "upload", BIG)
    store.writer("job", "text").write(BIG)
    keys = connection.keys()
    assert len(keys) == 3  # the blob, the part, the index
    assert all(0 < connection.ttl(key) <= 600 for key in keys)
