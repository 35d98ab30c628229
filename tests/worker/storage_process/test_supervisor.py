"""The storage process of a pool: it serves many processes, is replaced when it ends, and ends with its pool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis import Redis

from ocrdesk.backend.ledger import cleanup
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import CHUNK_BYTES, UPLOAD, BlobMissingError, put
from ocrdesk.backend.storage.cloud.address import CloudAddress
from ocrdesk.backend.storage.cloud.object_store import ObjectStore
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.processes.reconciler import Reconciler
from ocrdesk_worker.storage_process import file_cache
from ocrdesk_worker.storage_process.file_cache import FileCache
from ocrdesk_worker.storage_process.messages import SOCKET_NAME
from ocrdesk_worker.storage_process.supervisor import StorageProcess
from tests.helpers.cloud_servers import CloudServer, cloud_server, missing_server
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until

JOB = "0a" * 16
BIG = bytes(range(256)) * (3 * CHUNK_BYTES // 256)


@pytest.fixture(scope="module")
def server() -> Iterator[CloudServer]:
    if reason := missing_server("rclone"):
        pytest.skip(reason)
    with short_folder() as folder, cloud_server("rclone", folder) as running:
        yield running


@pytest.fixture
def url(server: CloudServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket's STORAGE_URL, also in the environment, with credentials."""
    found = server.url(server.new_bucket())
    for name, value in {**server.env, "STORAGE_URL": found}.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def process(url: str) -> Iterator[StorageProcess]:
    del url
    with short_folder() as folder:
        made = StorageProcess(folder)
        yield made
        made.stop()


def test_tasks_share_one_download_until_the_file_changes(process: StorageProcess, tmp_path: Path) -> None:
    put(process.store(60), JOB, UPLOAD, BIG)

    def inode(_: int) -> int:
        with process.store(60).local_file(JOB, UPLOAD, tmp_path) as path:
            assert path.read_bytes() == BIG
            return path.stat().st_ino

    with ThreadPoolExecutor(5) as pool:
        first = set(pool.map(inode, range(5)))
    assert len(first) == 1
    put(process.store(60), JOB, UPLOAD, b"without its password")
    with process.store(60).local_file(JOB, UPLOAD, tmp_path) as path:
        assert path.read_bytes() == b"without its password"
    assert list(tmp_path.iterdir()) == []


def test_kept_files_go_when_nobody_asks_and_when_there_are_too_many(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ObjectStore(CloudAddress.parse(url))
    cache = FileCache(store, tmp_path / "files")

    def kept() -> int:
        return len(list((tmp_path / "files").iterdir()))

    for name in ("one", "two", "three"):
        put(store, JOB, name, BIG)
        cache.link(JOB, name, tmp_path / name)
    assert kept() == 3
    monkeypatch.setattr(file_cache, "_LARGEST_SUM", 2 * len(BIG))
    cache.sweep()
    assert kept() == 2
    monkeypatch.setattr(file_cache, "_KEEP_S", -1)
    cache.sweep()
    assert kept() == 0
    assert (tmp_path / "one").read_bytes() == BIG, "a task's link stays"
    store.delete(JOB, "one")
    with pytest.raises(BlobMissingError):
        cache.link(JOB, "one", tmp_path / "again")


def test_a_folder_with_a_long_path_will_do(url: str, tmp_path: Path) -> None:
    del url
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    process = StorageProcess(folder)
    put(process.store(60), JOB, UPLOAD, b"bytes")
    process.stop()
    assert not (folder / SOCKET_NAME).exists()


def test_it_is_replaced_when_it_was_killed_and_when_its_socket_is_gone(process: StorageProcess) -> None:
    store = process.store(60)
    put(store, JOB, UPLOAD, b"bytes")
    first = process.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: process.keep_alive() or process.pid != first, "another one")
    assert store.read(JOB, UPLOAD) == b"bytes", "also over the connection of before"
    second = process.pid
    (process.folder / SOCKET_NAME).unlink()
    wait_until(lambda: process.keep_alive() or process.pid != second, "another socket")
    assert process.store(60).read(JOB, UPLOAD) == b"bytes"


def test_a_fork_has_a_connection_of_its_own(process: StorageProcess) -> None:
    store = process.store(60)
    put(store, JOB, UPLOAD, b"bytes")
    pid = os.fork()
    if pid == 0:
        os._exit(0 if store.read(JOB, UPLOAD) == b"bytes" and store.exists(JOB, UPLOAD) else 1)
    assert store.read(JOB, UPLOAD) == b"bytes"
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_it_ends_with_a_pool_that_was_killed(url: str) -> None:
    del url
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from ocrdesk_worker.storage_process.supervisor import StorageProcess\n"
        "process = StorageProcess(Path(sys.argv[1]))\nprocess.store(60).identity()\n"
        "print(process.pid, flush=True)\ntime.sleep(600)\n"
    )
    with (
        short_folder() as folder,
        subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as pool,
    ):
        assert pool.stdout is not None
        found = psutil.Process(int(pool.stdout.readline()))
        pool.kill()
        wait_until(lambda: not found.is_running() or found.status() == psutil.STATUS_ZOMBIE, "its end")


def test_the_reconciler_removes_what_belongs_to_nobody_and_keeps_the_rest(
    process: StorageProcess, url: str, redis_url: str, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the list of the storage process, which is made in the background."""
    monkeypatch.setattr(cleanup, "GRACE_S", 0)
    store = process.store(60)
    work = context.make(Settings(redis_url=redis_url, storage_url=url), engines, blobs=store)
    redis: Any = Redis.from_url(redis_url)
    reconciler = Reconciler(work)
    wait_until(lambda: reconciler.run() or redis.hget("ocrdesk:storage", "identity"), "the first survey")
    put(store, JOB, UPLOAD, b"of a process that was killed")
    being_written = "1b" * 16
    put(store, being_written, UPLOAD, b"of an upload that goes on")
    work.ledger.cleanup.begin_writing(being_written)
    work.ledger.cleanup.remove_job_later(JOB)
    work.ledger.cleanup.remove_job_later(being_written)
    wait_until(lambda: reconciler.run() or not store.names(JOB), "the end of the files")
    assert store.names(being_written) == {UPLOAD}
    put(store, JOB, UPLOAD, b"of a process that nobody remembers")
    first = process.pid
    os.kill(first, signal.SIGKILL)  # the next one lists the bucket again, as this one does every five minutes
    wait_until(lambda: process.keep_alive() or process.pid != first, "another one")
    wait_until(lambda: reconciler.run() or not store.names(JOB), "the end of what was found in the list")
    assert store.names(being_written) == {UPLOAD}
