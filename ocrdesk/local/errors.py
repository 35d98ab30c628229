"""What can prevent the local server from running."""

from __future__ import annotations

from ocrdesk.contract.error_messages import DescribedError


class LocalServerError(DescribedError):
    """The local server is not available; the message says why and what to do."""


class AlreadyRunningError(LocalServerError):
    """Another server uses this data folder."""
