"""What can prevent the local server from running."""

from __future__ import annotations


class LocalBackendError(Exception):
    """The local server is not available; the message says why and what to do."""


class AlreadyRunningError(LocalBackendError):
    """Another server uses this data folder."""
