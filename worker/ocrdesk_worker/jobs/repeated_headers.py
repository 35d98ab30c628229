"""Marks the headers and footers that a page has in common with other pages of its job.

A page is compared with those near it when it is read, so that most pages are marked before they are stored. The pages
that were read before the others are marked when the job is closed. Both give the same result, whichever page ends last.
"""

from __future__ import annotations

import gzip
import logging
import time
import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ocrdesk.backend.records import UNREADABLE, Attempt, JobRecord, PageRecord
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.backend.storage.stored_names import page_name, page_text_name
from ocrdesk.contract.document import Page
from ocrdesk.layout.headers.running_rows import (
    WINDOW,
    PageEdges,
    RunningRows,
    find_running_rows,
    mark_running_rows,
    page_edges,
)
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.typed_errors import retry_while_redis_unavailable, retry_while_storage_unavailable

_log = logging.getLogger(__name__)

_MAX_SHARE = 0.25
"""Share of the processor time of a task that the closing may use for this; the task may have read a page before."""
_DAMAGED = (*UNREADABLE, EOFError, gzip.BadGzipFile, zlib.error)


def mark_as_near_pages(context: Context, job: JobRecord, page: Page) -> tuple[Page, str | None]:
    """Return the page with the headers that committed pages near it show, and its edges for its own commit."""
    numbers = job.page_numbers
    if len(numbers) < 2 or page.number not in numbers:
        return page, None
    at = numbers.index(page.number)
    near = numbers[max(0, at - WINDOW) : at + WINDOW + 1]
    texts = retry_while_redis_unavailable(lambda: context.ledger.pages.edges(job.job_id, near))
    own = page_edges(page)
    edges = [own if number == page.number else _edges_from(number, texts) or PageEdges(number) for number in near]
    running = find_running_rows(edges, of=page.number).get(page.number)
    if running is None:
        return page, own.as_text()
    return mark_running_rows(page, running), own.marked(running).as_text()


def mark_before_closing(
    context: Context, attempt: Attempt, job: JobRecord, pages: Sequence[PageRecord]
) -> list[PageRecord]:
    """Mark the headers of a job's stored pages; return the pages' records. Raises BlobMissingError."""
    if len(pages) < 2:
        return list(pages)
    until = time.process_time() + _MAX_SHARE * job.limits.page_timeout_s
    texts = retry_while_redis_unavailable(lambda: context.ledger.pages.edges(job.job_id))
    edges = [_stored_edges(context, job, page, texts, until) for page in pages]
    stored = {page.number: page.blob for page in pages}
    blobs: dict[int, str] = {}
    for number, running in find_running_rows(edges).items():
        if time.process_time() > until:
            _log.warning("page %s-%d and those after it keep repeated headers as text", job.job_id, number)
            break
        if blob := _mark_stored(context, job, stored[number], running, number):
            blobs[number] = blob
    if not blobs:
        return list(pages)
    old = retry_while_redis_unavailable(lambda: context.ledger.pages.replace_results(job.job_id, attempt.id, blobs))
    unused = list(blobs.values()) if old is None else old
    context.ledger.cleanup.remove_blobs_later(
        job.job_id, [name for blob in unused for name in (blob, page_text_name(blob))]
    )
    if old is None:
        return list(pages)
    return [replace(page, blob=blobs.get(page.number, page.blob)) for page in pages]


def _edges_from(number: int, texts: Mapping[int, str]) -> PageEdges | None:
    """Return a page's edges as they were committed; None if there are none that can be read."""
    try:
        edges = _parsed(texts[number])
    except UNREADABLE:
        return None
    return edges if edges.number == number else None


@lru_cache(maxsize=2 * WINDOW)
def _parsed(text: str) -> PageEdges:
    """Return the edges in a text: a task that reads pages in a row needs each of them several times."""
    return PageEdges.from_text(text)


def _stored_edges(
    context: Context, job: JobRecord, page: PageRecord, texts: Mapping[int, str], until: float
) -> PageEdges:
    """Return a page's edges. An older version committed none, and those of an earlier run are gone.

    Such pages are read, until the process has used that processor time; then they have none.
    """
    edges = _edges_from(page.number, texts)
    if edges is None and page.blob and time.process_time() <= until:
        stored = _read(context, job, page.blob)
        edges = page_edges(stored) if stored else None
    return edges or PageEdges(page.number)


def _mark_stored(context: Context, job: JobRecord, blob: str | None, running: RunningRows, number: int) -> str | None:
    """Store a page once more, with its headers marked; return its blob's name. None if it cannot be read."""
    page = _read(context, job, blob) if blob else None
    if page is None:
        return None
    packed = pack(mark_running_rows(page, running))
    name = page_name(number, uuid.uuid4().hex)  # this attempt may have written the page that it replaces
    context.ledger.cleanup.begin_writing(job.job_id)  # no record refers to it yet
    retry_while_storage_unavailable(lambda: context.page_results.write_page(job.job_id, name, packed))
    return name


def _read(context: Context, job: JobRecord, blob: str) -> Page | None:
    """Return a stored page; None for a damaged one. Raises BlobMissingError."""
    try:
        return retry_while_storage_unavailable(lambda: context.page_results.read_page(job.job_id, blob))
    except _DAMAGED:
        return None
