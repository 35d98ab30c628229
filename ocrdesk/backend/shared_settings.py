"""Fingerprints of the settings that the api and the workers must share, to find those that differ."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping

from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import BlobStore

_log = logging.getLogger(__name__)

_DIGITS = 16
_STORAGE = "storage_url"
_UNORDERED = ("webhook_allowed_hosts",)


def fingerprints(settings: Settings, blobs: BlobStore | None = None) -> dict[str, str]:
    """Return a digest of each shared setting's value, by the variable's name.

    The storage counts, not its address: two machines may mount one folder at different paths, or have different folders
    at the same path. Without `blobs` it is left out.
    """
    values = {name: _value(settings, name) for name in Settings.SHARED if name != _STORAGE}
    if blobs is not None:
        values[_STORAGE] = _identity(blobs)
    return {name.upper(): _digest(name, value) for name, value in values.items()}


def differing(own: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables whose fingerprints differ. One that only one side has is of another version, and ignored."""
    return tuple(sorted(name for name, digest in own.items() if other.get(name, digest) != digest))


def _value(settings: Settings, name: str) -> object:
    value = getattr(settings, name)
    return sorted({entry.lower() for entry in value}) if name in _UNORDERED else value


def _identity(blobs: BlobStore) -> str:
    try:
        return blobs.identity()
    except OSError as error:
        _log.warning("the storage folder cannot be used: %s", error.strerror)
        return os.urandom(_DIGITS).hex()  # equal to no other, so that it is found


def _digest(name: str, value: object) -> str:
    return hashlib.sha256(json.dumps([name, value]).encode()).hexdigest()[:_DIGITS]
