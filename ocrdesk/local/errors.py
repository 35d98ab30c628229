"""What can prevent the local server from running."""

from __future__ import annotations

from ocrdesk.contract.error_messages import DescribedError


class LocalServerError(DescribedError):
    """The local server cannot run or be used; the message says why and what to do."""


class AlreadyRunningError(LocalServerError):
    """Another server already uses this data folder."""
