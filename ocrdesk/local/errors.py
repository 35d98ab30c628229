"""What can keep the local backend from running."""

from __future__ import annotations


class LocalBackendError(Exception):
    """The local backend cannot be had; the message says why and what to do."""


class AlreadyRunningError(LocalBackendError):
    """Another backend serves this data folder."""
