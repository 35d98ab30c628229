"""What every blob store guarantees: a blob exists whole or not at all, and is deleted with its job."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pytest
from redis import Redis

from ocrdesk.backend.storage.blob_store import (
    CHUNK_BYTES,
    BlobMissingError,
    BlobStore,
    put,
    writing,
)
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.backend.storage.cloud.bucket_state import IDENTITY_OBJECT
from ocrdesk.backend.storage.cloud.connection import open_bucket
from ocrdesk.backend.storage.cloud.object_store import ObjectStore
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.redis_store import RedisStore
from ocrdesk.backend.storage.stored_names import is_part, whole_name
from ocrdesk_worker.storage_process.messages import SurveyPendingError
from ocrdesk_worker.storage_process.remote_store import RemoteStore
from ocrdesk_worker.storage_process.supervisor import StorageProcess
from tests.helpers.cloud_servers import CloudServer, cloud_server, missing_server
from tests.helpers.folders import everything_below
from tests.helpers.processes import short_folder

BIG = bytes(range(256)) * (3 * CHUNK_BYTES // 256) + b"and a bit"


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[str], CloudServer]]:
    """Return a function that starts a server of a kind at its first call."""
    with contextlib.ExitStack() as stack:
        running: dict[str, CloudServer] = {}

        def server(kind: str) -> CloudServer:
            if kind not in running:
                running[kind] = stack.enter_context(cloud_server(kind, stack.enter_context(short_folder())))
            return running[kind]

        yield server


@pytest.fixture(scope="module")
def storage_process(servers: Callable[[str], CloudServer]) -> Iterator[tuple[StorageProcess, str]]:
    """A storage process, and its STORAGE_URL."""
    server = servers("rclone")
    url = server.url(server.new_bucket())
    with short_folder() as folder, pytest.MonkeyPatch.context() as patch:
        for name, value in {**server.env, "STORAGE_URL": url}.items():
            patch.setenv(name, value)
        process = StorageProcess(folder)
        yield process, url
        process.stop()


@pytest.fixture(params=["folder", "redis", "s3", "s3 through the storage process", "gs", "az"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlobStore]:
    kind = request.param
    if kind == "folder":
        yield FolderStore(tmp_path / "blobs")
    elif kind == "redis":
        yield RedisStore(Redis.from_url(request.getfixturevalue("redis_url")), ttl_s=600)
    else:
        server_kind = {"az": "azurite", "gs": "gcs"}.get(kind, "rclone")
        if reason := missing_server(server_kind):
            pytest.skip(reason)
        server: CloudServer = request.getfixturevalue("servers")(server_kind)
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        if kind == "s3 through the storage process":
            process, url = request.getfixturevalue("storage_process")
            monkeypatch.setenv("STORAGE_URL", url)
            yield process.store(60)
            bucket = open_bucket(CloudAddress.parse(url))
            if left := [one["path"] for one in obstore.list(bucket).collect() if one["path"] != IDENTITY_OBJECT]:
                obstore.delete(bucket, left)
        else:
            url = server.url(server.new_bucket())
            monkeypatch.setenv("STORAGE_URL", url)
            yield ObjectStore(CloudAddress.parse(url))


@pytest.fixture
def traces(store: BlobStore, request: pytest.FixtureRequest) -> Callable[[], list[str]]:
    """Return a function that lists everything a store holds: files and folders, or keys."""
    if isinstance(store, FolderStore):
        return lambda: sorted(str(path.relative_to(store.root)) for path in everything_below(store.root))
    if isinstance(store, ObjectStore | RemoteStore):
        bucket = open_bucket(CloudAddress.parse(os.environ["STORAGE_URL"]))
        return lambda: sorted({one["path"] for one in obstore.list(bucket).collect()} - {IDENTITY_OBJECT})
    redis = Redis.from_url(request.getfixturevalue("redis_url"))
    return lambda: sorted(key.decode() for key in redis.keys("*"))


def test_a_written_blob_is_read_back(store: BlobStore) -> None:
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


def test_deleting_a_missing_blob_is_harmless(store: BlobStore) -> None:
    store.delete("job", "upload")
    store.purge("job")


def test_a_purge_deletes_all_of_one_job_and_nothing_of_another(
    store: BlobStore, traces: Callable[[], list[str]]
) -> None:
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


def test_everything_that_is_stored_is_listed_also_parts(store: BlobStore) -> None:
    jobs = [f"{number:032x}" for number in range(5)]
    for job_id in jobs:
        put(store, job_id, "upload", b"bytes")
    store.writer(jobs[0], "text").write(BIG)
    found: list[str] = []
    position = ""
    while True:
        with contextlib.suppress(SurveyPendingError):
            some, position = store.job_ids(position, 2)
            found += some
            if not position:
                break
    assert sorted(found) == jobs
    assert store.names_of(jobs[:2])[jobs[1]] == {"upload"}
    if isinstance(store, ObjectStore | RemoteStore):
        assert store.names(jobs[0]) == {"upload"}, "what is being written is in no bucket yet"
        return
    (part,) = store.names(jobs[0]) - {"upload"}
    assert is_part(part)
    assert whole_name(part) == "text"
    store.delete(jobs[0], part)
    assert store.names(jobs[0]) == {"upload"}
    assert store.names("f" * 32) == set()


def test_a_commit_that_fails_leaves_nothing(
    store: BlobStore, traces: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = store.writer("job", "upload")

    def fail() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(writer), "commit", lambda _: fail())
    writer.abort()
    with pytest.raises(OSError, match="No space"):
        put(store, "job", "upload", BIG)
    assert traces() == []


def test_a_local_file_holds_the_blob(store: BlobStore, tmp_path: Path) -> None:
    put(store, "job", "upload", BIG)
    with store.local_file("job", "upload", tmp_path) as path:
        assert path.read_bytes() == BIG


def test_a_local_file_of_a_missing_blob_is_refused(store: BlobStore) -> None:
    with pytest.raises(BlobMissingError), store.local_file("job", "upload", None):
        pass


@pytest.mark.parametrize("bad", ["..", ".", "../job", "a/b", "/etc/passwd", "", "a\0b", ".hidden", "a b", "ä", "a\n"])
def test_unsafe_names_are_refused(store: BlobStore, bad: str) -> None:
    for job_id, name in ((bad, "upload"), ("job", bad)):
        with pytest.raises(BlobMissingError):
            store.read(job_id, name)
        with pytest.raises(BlobMissingError):
            store.writer(job_id, name)
        with pytest.raises(BlobMissingError):
            store.delete(job_id, name)
    with pytest.raises(BlobMissingError):
        store.purge(bad)
