"""Opens the storage named by the settings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from redis import Redis

from ocrdesk.backend.settings import Settings, SettingsError
from ocrdesk.backend.storage.blob_store import BlobStore
from ocrdesk.backend.storage.cloud.address import SCHEMES, CloudAddress
from ocrdesk.backend.storage.folder_store import FolderStore
from ocrdesk.backend.storage.redis_store import RedisStore

_UNFINISHED_TTL_S = 7 * 86_400
"""How long Redis keeps the blobs of a job that never ends: far longer than any job takes."""


def open_store(settings: Settings, redis: Redis) -> BlobStore:
    """Open the store in STORAGE_URL; Redis itself when that is empty. Raises SettingsError.

    For a bucket, only in a process that does not fork.
    """
    if not settings.storage_url:
        return RedisStore(redis, ttl_s=max(settings.result_ttl, _UNFINISHED_TTL_S))
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "file" and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    if is_cloud(settings):
        from ocrdesk.backend.storage.cloud.object_store import ObjectStore

        return ObjectStore(CloudAddress.parse(settings.storage_url))
    raise SettingsError(
        "STORAGE_URL: use file:///a/folder that the api and every worker share, a bucket as s3://name/prefix "
        "(or gs://, az://), or leave it empty to keep files in Redis"
    )


def is_cloud(settings: Settings) -> bool:
    """Return whether files are in a bucket, which a process that forks must not open itself."""
    return urlsplit(settings.storage_url).scheme in SCHEMES
