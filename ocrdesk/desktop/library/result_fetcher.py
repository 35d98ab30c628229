"""Fetches results for the archive; no Qt."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from ocrdesk.client import Client, NotFoundError
from ocrdesk.contract.document import Page
from ocrdesk.contract.file_names import sent_name
from ocrdesk.contract.states import JobState, PageState
from ocrdesk.desktop.library.records import StoredDocument, StoredPage, pack_words
from ocrdesk.export.text import page_text

BATCH_PAGES = 10
_LOCAL_REST_S, _REMOTE_REST_S = 0.02, 0.2
"""Pause between two pages: the user's own requests come first, and a server counts requests."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A finished job, and the numbers of its recognised pages."""

    document: StoredDocument
    numbers: tuple[int, ...]


def outline(client: Client, server: str, job_id: str) -> Outline | None:
    """Return None for a job that no longer exists, or is not finished."""
    try:
        result = client.result(job_id)
    except NotFoundError:
        return None
    if result.status is not JobState.FINISHED:
        return None
    at = result.ended_at or datetime.now(UTC)
    document = StoredDocument(server, job_id, sent_name(result.file_name), at, result.page_count or 0, result.revision)
    return Outline(document, tuple(page.number for page in result.pages if page.status is PageState.FINISHED))


def fetch(
    client: Client, job_id: str, numbers: tuple[int, ...], stopped: threading.Event, *, is_local: bool
) -> list[StoredPage]:
    """Return the pages, or fewer when `stopped` is set. Raises ClientError."""
    pages = []
    for number in numbers:
        if stopped.wait(_LOCAL_REST_S if is_local else _REMOTE_REST_S):
            break
        pages.append(_stored(client.page(job_id, number)))
    return pages


def _stored(page: Page) -> StoredPage:
    words = pack_words((word.text, word.box) for word in page.words())
    return StoredPage(page.number, page_text(page), page.width, page.height, words)
