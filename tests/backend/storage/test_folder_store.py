"""Storage in a folder: what only this store does."""

from __future__ import annotations

import os
import shutil
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocrdesk.backend.storage.blob_store import CHUNK_BYTES, put
from ocrdesk.backend.storage.folder_store import FolderStore

BIG = bytes(3 * CHUNK_BYTES + 10)


def test_a_sweep_removes_old_folders_of_unknown_jobs(tmp_path: Path) -> None:
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


def test_a_folder_keeps_its_identity_at_any_path_and_no_other_has_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    (tmp_path / "mounted").symlink_to(tmp_path / "blobs")
    assert FolderStore(tmp_path / "mounted").identity() == store.identity() != FolderStore(tmp_path / "b").identity()
    assert store.sweep(lambda job_id: False, older_than_s=-1) == 0
    assert store.identity() == FolderStore(tmp_path / "blobs").identity()


def test_processes_that_start_together_agree_on_the_identity(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: FolderStore(tmp_path / "blobs").identity(), range(8)))
    assert len(set(found)) == 1


def test_a_folder_without_an_identity_is_an_error(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "blobs")
    shutil.rmtree(tmp_path / "blobs")
    with pytest.raises(OSError, match="No such file"):
        store.identity()
