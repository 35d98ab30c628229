"""Storage in a folder: what only this store does."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ocrdesk.backend.storage import folder_store
from ocrdesk.backend.storage.blob_store import CHUNK_BYTES, StorageUnavailableError, put
from ocrdesk.backend.storage.folder_store import IDENTITY_ATTRIBUTE, IDENTITY_FILE, FolderStore

JOB = "0a" * 16
BIG = bytes(3 * CHUNK_BYTES + 10)


@pytest.fixture(params=["attributes", "no attributes"])
def file_system(request: pytest.FixtureRequest) -> Iterator[str]:
    """A file system with extended attributes, and one without."""
    if request.param == "no attributes":
        with no_attributes():
            yield request.param
    else:
        yield request.param


@contextlib.contextmanager
def no_attributes() -> Iterator[None]:
    """Refuse extended attributes, as file systems do that have none."""

    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "setxattr", refuse, raising=False)
        patch.setattr(os, "getxattr", refuse, raising=False)
        yield


@pytest.mark.usefixtures("file_system")
def test_what_is_listed_is_jobs_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.identity()
    put(store, JOB, "upload", b"bytes")
    for foreign in ("lost+found", "backup", "upload", f"{JOB}.old"):
        (tmp_path / foreign).mkdir()
    assert store.job_ids("", 10) == ([JOB], "")


def test_a_part_of_an_older_version_is_listed_and_deleted(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    put(store, JOB, "upload", b"bytes")
    (tmp_path / JOB / ".abc123.part").write_bytes(b"half")
    assert store.names(JOB) == {"upload", ".abc123.part"}
    store.delete(JOB, ".abc123.part")
    assert store.names(JOB) == {"upload"}


@pytest.mark.parametrize("data", [BIG, bytes(200)], ids=["while writing", "when the last bytes are written"])
def test_a_full_disk_leaves_no_part(tmp_path: Path, data: bytes) -> None:
    """Here the disk is full for a process that may write no more than 100 bytes."""
    store = FolderStore(tmp_path)
    put(store, JOB, "upload", b"bytes")

    def fill() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        try:
            put(store, JOB, "text", data)
        except OSError:
            return 0 if store.names(JOB) == {"upload"} else 2
        return 1

    pid = os.fork()
    if pid == 0:
        os._exit(fill())
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_folders_and_files_are_private(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    put(store, "job", "upload", b"bytes")
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "blobs" / "job").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "blobs" / "job" / "upload").stat().st_mode) == 0o600


@pytest.mark.usefixtures("file_system")
def test_a_folder_keeps_its_identity_at_any_path_and_no_other_has_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    (tmp_path / "mounted").symlink_to(tmp_path / "blobs")
    assert FolderStore(tmp_path / "mounted").identity() == store.identity() != FolderStore(tmp_path / "b").identity()
    assert store.job_ids("", 10) == ([], "")
    assert store.identity() == FolderStore(tmp_path / "blobs").identity()


@pytest.mark.usefixtures("file_system")
def test_processes_that_start_together_agree_on_the_identity(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: FolderStore(tmp_path / "blobs").identity(), range(8)))
    assert len(set(found)) == 1


def test_an_identity_that_could_not_be_written_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_store, "_IDENTITY_WAIT_S", 0.0)
    store = FolderStore(tmp_path / "blobs")
    (tmp_path / "blobs" / IDENTITY_FILE).touch()
    assert store.identity()
    assert store.identity() == FolderStore(tmp_path / "blobs").identity()
    assert [path.name for path in (tmp_path / "blobs").iterdir()] == [IDENTITY_FILE]


def test_a_full_disk_leaves_no_half_identity(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")

    def fill() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        try:
            with no_attributes():
                store.identity()
        except OSError:
            return len(list(store.root.iterdir()))
        return 9

    pid = os.fork()
    if pid == 0:
        os._exit(fill())
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_the_folder_contains_jobs_alone_where_it_can_have_attributes(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    identity = store.identity()
    if identity != os.getxattr(store.root, IDENTITY_ATTRIBUTE).decode():
        pytest.skip("this file system has no extended attributes")
    assert list(store.root.iterdir()) == []


def test_machines_with_and_without_attributes_agree_on_the_identity(tmp_path: Path) -> None:
    """The file of the one that has no attributes counts for both."""
    store = FolderStore(tmp_path / "blobs")
    store.identity()
    with no_attributes():
        identity = store.identity()
    assert store.identity() == identity


def test_a_folder_without_an_identity_is_an_error(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    shutil.rmtree(tmp_path / "blobs")
    with pytest.raises(OSError, match="No such file"):
        store.identity()


def test_a_folder_that_is_deleted_while_a_file_begins_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    put(store, JOB, "upload", b"bytes")
    original, deletions = os.open, iter([True, True])

    def delete_first(*arguments: Any, **named: Any) -> int:
        if str(arguments[0]).startswith(str(tmp_path / JOB)) and next(deletions, False):
            shutil.rmtree(tmp_path / JOB, ignore_errors=True)
        return original(*arguments, **named)

    monkeypatch.setattr(os, "open", delete_first)
    put(store, JOB, "page", b"text")
    assert store.read(JOB, "page") == b"text"


# ── a folder that cannot be used as a whole ──────────────────────────────────────────────────────

USES: dict[str, Callable[[FolderStore], object]] = {
    "check": lambda store: store.check(),
    "identity": lambda store: store.identity(),
    "writer": lambda store: store.writer(JOB, "upload"),
    "read": lambda store: store.read(JOB, "upload"),
    "chunks": lambda store: list(store.chunks(JOB, "upload")),
    "local_file": lambda store: store.local_file(JOB, "upload", None).__enter__(),
    "exists": lambda store: store.exists(JOB, "upload"),
    "names": lambda store: store.names(JOB),
    "job_ids": lambda store: store.job_ids("", 10),
}


def removed(folder: Path) -> None:
    folder.rename(folder.with_name("away"))


def replaced_by_an_empty_folder(folder: Path) -> None:
    removed(folder)
    folder.mkdir()


def replaced_by_a_file(folder: Path) -> None:
    removed(folder)
    folder.touch()


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("fault", [removed, replaced_by_an_empty_folder, replaced_by_a_file])
def test_nothing_counts_as_missing_while_the_folder_is_away(
    tmp_path: Path, use: str, fault: Callable[[Path], None]
) -> None:
    folder = tmp_path / "files"
    store = FolderStore(folder)
    put(store, JOB, "upload", b"scan")
    fault(folder)
    with pytest.raises(StorageUnavailableError) as raised:
        USES[use](store)
    assert raised.value.strerror
    if folder.is_dir():
        assert list(folder.iterdir()) == [], "nothing was written to the other folder"
        folder.rmdir()
    folder.unlink(missing_ok=True)
    folder.with_name("away").rename(folder)
    store.check()
    assert store.read(JOB, "upload") == b"scan"


def test_the_same_files_in_another_place_are_the_same_storage(tmp_path: Path) -> None:
    """As when a network folder is mounted again."""
    folder = tmp_path / "files"
    store = FolderStore(folder)
    put(store, JOB, "upload", b"scan")
    subprocess.run(["cp", "-a", folder, tmp_path / "copy"], check=True)
    removed(folder)
    (tmp_path / "copy").rename(folder)
    assert store.read(JOB, "upload") == b"scan"
    assert store.identity() == FolderStore(folder).identity()


def test_an_error_of_one_file_is_no_outage(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    (tmp_path / "files" / JOB / "upload").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        store.read(JOB, "upload")
