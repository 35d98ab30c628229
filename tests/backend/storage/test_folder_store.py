"""Storage in a folder: what only this store does."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

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
