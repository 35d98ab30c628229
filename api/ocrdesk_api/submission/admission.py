"""Accepts or refuses work by load."""

from __future__ import annotations

import math

from ocrdesk.backend.ledger.backlog import Load
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.page_limits import LOCAL_PAGE_TIMEOUT_S
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.errors import queue_full

_MAX_RETRY_AFTER_S = 3600


def admit(services: Services, principal: Principal, size_bytes: int) -> Load:
    """Return the load before a new job. Raises 503 if it exceeds the settings.

    An empty queue accepts a job of any size, and this machine's own desktop is always accepted.
    """
    load = services.ledger.backlog.load()
    if principal.unlimited or load.jobs == 0:
        return load
    settings = services.settings
    over_pages = load.pages + 1 - settings.max_queued_pages if settings.max_queued_pages else 0
    if (max_bytes := settings.max_queued_bytes) is not None and load.size_bytes + size_bytes > max_bytes:
        over_bytes = load.size_bytes + size_bytes - max_bytes
        over_pages = max(over_pages, math.ceil(load.pages * over_bytes / max(1, load.size_bytes)), 1)
    if over_pages > 0:
        raise queue_full(min(_MAX_RETRY_AFTER_S, max(1, math.ceil(over_pages / load.pages_per_s))))
    return load


def page_timeout_s(settings: Settings, principal: Principal) -> float:
    """Return how much processor time a page of this caller may need; the desktop of this machine gets more."""
    limit_s = settings.ocr_timeout_per_page
    return max(limit_s, LOCAL_PAGE_TIMEOUT_S) if principal.unlimited else limit_s


def estimated_seconds(load: Load) -> float:
    """Return how long a new job of one page will probably take."""
    return max(0.1, round((load.pages + 1) / load.pages_per_s, 1))
