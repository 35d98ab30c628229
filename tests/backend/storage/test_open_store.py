"""The store that STORAGE_URL selects."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.storage.blob_store import CHUNK_BYTES
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.open_store import open_store
from ocrdesk.backend.storage.redis_store import RedisStore

BIG = bytes(3 * CHUNK_BYTES + 10)


def test_the_storage_url_selects_the_store(redis_url: str, tmp_path: Path) -> None:
    connection = Redis.from_url(redis_url)
    folder = tmp_path / "with space"
    assert isinstance(open_store(Settings(storage_url=""), connection), RedisStore)
    store = open_store(Settings(storage_url=folder.as_uri()), connection)
    assert isinstance(store, FolderStore)
    assert store.root == folder


@pytest.mark.parametrize("url", ["s3:///prefix", "s3://bucket?what=1", "ftp://host/folder", "/just/a/path", "file://"])
def test_an_unsupported_storage_url_is_refused_by_name(redis_url: str, url: str) -> None:
    with pytest.raises(SettingsError, match="STORAGE_URL"):
        open_store(Settings(storage_url=url), Redis.from_url(redis_url))
