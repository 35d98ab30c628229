"""Metrics of the storage, as this process sees it at each scrape."""

from __future__ import annotations

import contextlib
import shutil

from prometheus_client.core import GaugeMetricFamily, Metric

from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.storage.blob_store import BlobStore
from ocrdesk.backend.storage.folder_store import FolderStore


def read(blobs: BlobStore) -> list[Metric]:
    """Return whether the storage can be used; for a folder also the size of its disk and what is free of it."""
    up = GaugeMetricFamily("ocrdesk_storage_up", "Whether this process can use the storage.")
    up.add_metric((), _is_usable(blobs))
    free = GaugeMetricFamily("ocrdesk_storage_free_bytes", "What is free of the disk of the storage folder.")
    size = GaugeMetricFamily("ocrdesk_storage_size_bytes", "Size of the disk of the storage folder.")
    if isinstance(blobs, FolderStore):
        with contextlib.suppress(OSError):
            disk = shutil.disk_usage(blobs.root)
            free.add_metric((), disk.free)
            size.add_metric((), disk.total)
    return [up, free, size]


def _is_usable(blobs: BlobStore) -> bool:
    try:
        blobs.check()
    except (OSError, RedisFailure):
        return False
    return True
