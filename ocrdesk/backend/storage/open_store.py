"""Opens the storage named by the settings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from redis import Redis

from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.storage.blob_store import BlobStore
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.redis_store import RedisStore

_UNFINISHED_TTL_S = 7 * 86_400
"""How long Redis keeps the blobs of a job that never ends: far longer than any job takes."""


def open_store(settings: Settings, redis: Redis) -> BlobStore:
    """Open the store in STORAGE_URL; Redis itself when that is empty. Raises SettingsError."""
    if not settings.storage_url:
        return RedisStore(redis, ttl_s=max(settings.result_ttl, _UNFINISHED_TTL_S))
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "file" and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    raise SettingsError(
        "STORAGE_URL: use file:///a/folder that the api and every worker share, "
        "or leave it empty to keep files in Redis"
    )
