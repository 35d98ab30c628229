"""Both blob stores keep one promise: a blob is there whole or not at all, and goes with its job."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.storage.blob_store import (
    CHUNK_BYTES,
    BlobMissingError,
    BlobStore,
    put,
    writing,
)
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.open_store import open_store
from ocrdesk.backend.storage.redis_store import RedisStore

BIG = bytes(range(256)) * (3 * CHUNK_BYTES // 256) + b"and a bit"


@pytest.fixture(params=["folder", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "blobs")
    return RedisStore(Redis.from_url(request.getfixturevalue("redis_url")), ttl_s=600)


@pytest.fixture
def traces(store: BlobStore, request: pytest.FixtureRequest) -> Callable[[], list[str]]:
    """Return a function that lists everything a store holds: files and folders, or keys."""
    if isinstance(store, FolderStore):
        return lambda: sorted(str(path.relative_to(store.root)) for path in store.root.rglob("*"))
    redis = Redis.from_url(request.getfixturevalue("redis_url"))
    return lambda: sorted(key.decode() for key in redis.keys("*"))


def test_what_was_put_is_read(store: BlobStore) -> None:
    put(store, "job", "upload", b"bytes \x00\xff")
    assert store.read("job", "upload") == b"bytes \x00\xff"


def test_an_empty_blob_is_a_blob(store: BlobStore) -> None:
    put(store, "job", "text", b"")
    assert store.read("job", "text") == b""
    assert b"".join(store.chunks("job", "text")) == b""


def test_a_big_blob_comes_back_in_chunks(store: BlobStore) -> None:
    with writing(store, "job", "upload") as writer:
        for start in range(0, len(BIG), 100_000):
            writer.write(BIG[start : start + 100_000])
    chunks = list(store.chunks("job", "upload"))
    assert b"".join(chunks) == BIG
    assert len(chunks) > 1
    assert max(map(len, chunks)) <= CHUNK_BYTES


def test_a_blob_of_just_one_chunk_comes_back(store: BlobStore) -> None:
    put(store, "job", "upload", BIG[:CHUNK_BYTES])
    assert store.read("job", "upload") == BIG[:CHUNK_BYTES]


def test_no_part_of_a_blob_is_seen_before_its_commit(store: BlobStore) -> None:
    writer = store.writer("job", "upload")
    writer.write(BIG)
    with pytest.raises(BlobMissingError):
        store.read("job", "upload")
    with pytest.raises(BlobMissingError), store.local_file("job", "upload", None):
        pass
    writer.commit()
    assert store.read("job", "upload") == BIG


def test_an_aborted_write_leaves_nothing(store: BlobStore, traces: Callable[[], list[str]]) -> None:
    writer = store.writer("job", "upload")
    writer.write(BIG)
    writer.abort()
    with pytest.raises(BlobMissingError):
        store.read("job", "upload")
    assert traces() == []


def test_a_failure_while_writing_leaves_nothing(store: BlobStore, traces: Callable[[], list[str]]) -> None:
    def sent() -> Iterator[bytes]:
        yield BIG
        raise RuntimeError("the network")

    def receive() -> None:
        with writing(store, "job", "upload") as writer:
            for data in sent():
                writer.write(data)

    with pytest.raises(RuntimeError, match="the network"):
        receive()
    assert traces() == []


def test_an_aborted_write_leaves_the_older_blob(store: BlobStore) -> None:
    put(store, "job", "text", b"first")
    writer = store.writer("job", "text")
    writer.write(b"second")
    writer.abort()
    assert store.read("job", "text") == b"first"


def test_a_second_commit_replaces_the_first_whole(store: BlobStore) -> None:
    put(store, "job", "text", BIG)
    put(store, "job", "text", b"short")
    assert store.read("job", "text") == b"short"


def test_two_writers_of_one_blob_do_not_mix(store: BlobStore) -> None:
    one, two = store.writer("job", "text"), store.writer("job", "text")
    one.write(b"1" * (CHUNK_BYTES + 5))
    two.write(b"2" * (CHUNK_BYTES + 7))
    one.commit()
    assert store.read("job", "text") == b"1" * (CHUNK_BYTES + 5)
    two.commit()
    assert store.read("job", "text") == b"2" * (CHUNK_BYTES + 7)


def test_a_blob_that_was_never_written_is_missing(store: BlobStore) -> None:
    with pytest.raises(BlobMissingError):
        store.read("job", "upload")
    with pytest.raises(BlobMissingError):
        list(store.chunks("job", "upload"))


def test_a_deleted_blob_is_missing_and_its_neighbour_is_not(store: BlobStore) -> None:
    put(store, "job", "upload", b"file")
    put(store, "job", "text", b"text")
    store.delete("job", "upload")
    with pytest.raises(BlobMissingError):
        store.read("job", "upload")
    assert store.read("job", "text") == b"text"


def test_deleting_what_is_not_there_is_harmless(store: BlobStore) -> None:
    store.delete("job", "upload")
    store.purge("job")


def test_a_purge_takes_all_of_one_job_and_nothing_of_another(store: BlobStore, traces: Callable[[], list[str]]) -> None:
    for name in ("upload", "text", "page-1-abc", "page-1-abc.txt"):
        put(store, "job", name, BIG)
        put(store, "job2", name, b"kept")
    store.writer("job", "page-2-abc").write(BIG)  # never committed: its writer was killed
    store.purge("job")
    for name in ("upload", "text", "page-1-abc", "page-1-abc.txt"):
        with pytest.raises(BlobMissingError):
            store.read("job", name)
        assert store.read("job2", name) == b"kept"
    store.purge("job2")
    assert traces() == []


def test_a_local_file_holds_the_blob(store: BlobStore, tmp_path: Path) -> None:
    put(store, "job", "upload", BIG)
    with store.local_file("job", "upload", tmp_path) as path:
        assert path.read_bytes() == BIG


def test_a_local_file_of_nothing_is_missing(store: BlobStore) -> None:
    with pytest.raises(BlobMissingError), store.local_file("job", "upload", None):
        pass


@pytest.mark.parametrize("bad", ["..", ".", "../job", "a/b", "/etc/passwd", "", "a\0b", ".hidden", "a b", "ä", "a\n"])
def test_names_that_lead_elsewhere_are_refused(store: BlobStore, bad: str) -> None:
    for job_id, name in ((bad, "upload"), ("job", bad)):
        with pytest.raises(BlobMissingError):
            store.read(job_id, name)
        with pytest.raises(BlobMissingError):
            store.writer(job_id, name)
        with pytest.raises(BlobMissingError):
            store.delete(job_id, name)
    with pytest.raises(BlobMissingError):
        store.purge(bad)


def test_a_scratch_copy_is_gone_after_use(redis_url: str, tmp_path: Path) -> None:
    store = RedisStore(Redis.from_url(redis_url), ttl_s=600)
    put(store, "job", "upload", BIG)
    with store.local_file("job", "upload", tmp_path) as path:
        assert path.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_every_key_of_the_redis_store_expires(redis_url: str) -> None:
    connection = Redis.from_url(redis_url)
    store = RedisStore(connection, ttl_s=600)
    put(store, "job", "upload", BIG)
    store.writer("job", "text").write(BIG)
    keys = connection.keys()
    assert len(keys) == 3  # the blob, the part, the index
    assert all(0 < connection.ttl(key) <= 600 for key in keys)


def test_a_sweep_takes_old_folders_that_no_job_owns(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for job_id in ("known", "expired", "fresh"):
        put(store, job_id, "upload", b"bytes")
    long_ago = time.time() - 7200
    for job_id in ("known", "expired"):
        os.utime(tmp_path / job_id, (long_ago, long_ago))
    assert store.sweep(lambda job_id: job_id == "known", older_than_s=3600) == 1
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["fresh", "known"]


def test_folders_and_files_are_private(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    put(store, "job", "upload", b"bytes")
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "blobs" / "job").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "blobs" / "job" / "upload").stat().st_mode) == 0o600


def test_the_storage_url_chooses_the_store(redis_url: str, tmp_path: Path) -> None:
    connection = Redis.from_url(redis_url)
    folder = tmp_path / "with space"
    assert isinstance(open_store(Settings(storage_url=""), connection), RedisStore)
    store = open_store(Settings(storage_url=folder.as_uri()), connection)
    assert isinstance(store, FolderStore)
    assert store.root == folder


@pytest.mark.parametrize("url", ["s3://bucket", "ftp://host/folder", "/just/a/path", "file://"])
def test_a_storage_url_that_is_not_understood_is_named(redis_url: str, url: str) -> None:
    with pytest.raises(SettingsError, match="STORAGE_URL"):
        open_store(Settings(storage_url=url), Redis.from_url(redis_url))
