"""Storage in Redis: what only this store does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend.redis_connection import RedisUnavailable, connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import CHUNK_BYTES, put
from ocrdesk.backend.storage.redis_store import RedisStore
from tests.helpers.cutting_relay import cutting_relay
from tests.helpers.processes import short_folder

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


@pytest.mark.parametrize("words", [(b"RPUSH", b"EVAL"), (b"RENAME",)], ids=["chunk", "rename"])
def test_a_command_that_is_repeated_because_its_answer_was_lost_changes_nothing(
    redis_url: str, words: tuple[bytes, ...]
) -> None:
    content = b"".join(bytes([number]) * CHUNK_BYTES for number in range(3)) + b"end"
    with short_folder() as folder, cutting_relay(redis_url.removeprefix("unix://"), folder / "s", *words) as relay:
        settings = Settings(redis_url=f"unix://{folder / 's'}", storage_url="")
        store = RedisStore(connect(settings, text=False), ttl_s=600)
        put(store, "job", "upload", content)
        assert relay.cuts == 1
        assert store.read("job", "upload") == content
        assert store.names("job") == {"upload"}


@pytest.mark.parametrize("lost", ["chunk", "file"])
def test_a_file_of_which_redis_lost_a_part_while_it_was_written_is_not_stored(redis_url: str, lost: str) -> None:
    connection: Any = Redis.from_url(redis_url)
    writer = RedisStore(connection, ttl_s=600).writer("job", "upload")
    writer.write(BIG)
    (part,) = (key for key in connection.scan_iter() if connection.type(key) == b"list")
    if lost == "chunk":
        connection.rpop(part)
    else:
        connection.delete(part)
    with pytest.raises(RedisUnavailable, match="lost a part"):
        writer.commit()
    assert not RedisStore(connection, ttl_s=600).exists("job", "upload")
