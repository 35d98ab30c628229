"""Fetches a job's text page by page, on a worker thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ocrdesk.client import Client, NotFoundError
from ocrdesk.contract.document import Page
from ocrdesk.contract.jobs import JobResult, PageStatus
from ocrdesk.contract.states import JobState, PageState
from ocrdesk.desktop.i18n.error_messages import translate_error, translate_message
from ocrdesk.export.text import PAGE_BREAK, page_text

_BATCH_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text; or, for one that could not be read, the reason in the interface language.

    `unread` counts its areas that look like text, but of which no word was read.
    """

    number: int
    text: str
    error: str | None = None
    unread: int = 0


def load_pages(
    client: Client, job_id: str, report: Callable[[Sequence[PageText]], None], stopped: threading.Event
) -> JobState:
    """Report all finished pages, in order and in batches, and return the job's state at that time."""
    result = client.result(job_id)
    pages = _pages_of_text(result) if result.text is not None else None
    if pages is None:
        finished = [page.number for page in result.pages if page.status.is_final]
        pages = (load_page(client, job_id, number) for number in finished)
    batch: list[PageText] = []
    chars = 0
    for page in pages:
        if stopped.is_set():
            return result.status
        batch.append(page)
        chars += len(page.text)
        if chars >= _BATCH_CHARS:
            report(batch)
            batch, chars = [], 0
    if batch:
        report(batch)
    return result.status


def load_page(client: Client, job_id: str, number: int) -> PageText:
    """Load one finished page."""
    try:
        return _of_page(client.page(job_id, number))
    except NotFoundError:  # a cancelled job keeps no pages
        return PageText(number, "")


def _of_page(page: Page) -> PageText:
    error = translate_message(page.error.error_message) if page.error else None
    return PageText(page.number, page_text(page), error, len(page.unread))


def _error_of(page: PageStatus) -> str | None:
    return translate_error(page.error_message, page.error)


def _pages_of_text(result: JobResult) -> Iterable[PageText] | None:
    """Split the whole text into pages; return None if its page breaks do not match the job's pages."""
    texts = (result.text or "").split(PAGE_BREAK)
    if len(texts) != len(result.pages):
        return None
    return [
        PageText(page.number, text, None if page.status is PageState.FINISHED else _error_of(page), page.unread_regions)
        for page, text in zip(result.pages, texts, strict=True)
    ]
