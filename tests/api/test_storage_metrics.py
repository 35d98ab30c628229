"""Metrics of the storage: a folder that goes away, and Redis in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

from redis import Redis

from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.redis_store import RedisStore
from ocrdesk_api import storage_metrics


def values(blobs: FolderStore | RedisStore) -> dict[str, float]:
    return {sample.name: sample.value for family in storage_metrics.read(blobs) for sample in family.samples}


def test_a_folder_has_the_size_of_its_disk(tmp_path: Path) -> None:
    found = values(FolderStore(tmp_path / "files"))
    assert found["ocrdesk_storage_up"] == 1
    assert found["ocrdesk_storage_size_bytes"] == shutil.disk_usage(tmp_path).total
    assert 0 < found["ocrdesk_storage_free_bytes"] < found["ocrdesk_storage_size_bytes"]


def test_a_folder_that_is_gone_is_down(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    shutil.rmtree(tmp_path / "files")
    assert values(store) == {"ocrdesk_storage_up": 0}


def test_files_in_redis_have_no_disk_of_their_own() -> None:
    assert values(RedisStore(Redis(), ttl_s=60)) == {"ocrdesk_storage_up": 1}
