"""Yields a job's pages in order as they finish."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Protocol

from ocrdesk.client.errors import ClientClosedError, JobFailedError, NotFoundError, NotReadyError
from ocrdesk.client.event_stream import EventSource, EventStream
from ocrdesk.contract.document import Page
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.events import Event
from ocrdesk.contract.jobs import JobResult, JobView
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState


class PageSource(EventSource, Protocol):
    """What this module needs of a client."""

    @property
    def is_closed(self) -> bool: ...
    def job(self, job_id: str) -> JobView: ...
    def page(self, job_id: str, number: int) -> Page: ...


def pages_in_order(client: PageSource, job_id: str) -> Iterator[Page]:
    """Yield every page that has ended or will end, once.

    Raises JobFailedError after the last page when the job ended without a result.
    """
    order = _Order(client, job_id)
    last_event_id: str | None = None
    while True:
        events = EventStream(client, job_id, last_event_id=last_event_id, retry_policy=client.retry_policy)
        for event in events:
            order.note(event)
            yield from order.ready()
        if client.is_closed:
            raise ClientClosedError(error_message("client_closed"))
        view = client.job(job_id)
        if view.status.is_final:
            break
        last_event_id = events.last_event_id  # the job was retried at this moment
    yield from order.rest()
    if view.status is not JobState.FINISHED:
        raise job_failed_error(view)


def job_failed_error(job: JobView | JobResult) -> JobFailedError:
    """Return the exception for a job that ended without a result."""
    message = job.error_message or job.error or error_message("job_without_result", state=job.status.value)
    return JobFailedError(message, job.error_code, job.job_id)


class _Order:
    """The pages that are not yielded yet, and those that are known to have ended."""

    def __init__(self, client: PageSource, job_id: str) -> None:
        self._client, self._job_id = client, job_id
        self._left: deque[int] | None = None
        self._ended: set[int] = set()

    def note(self, event: Event) -> None:
        if event.page is not None:
            self._ended.add(event.page)
        if self._left is None and event.page_count is not None:
            self._left = deque(self._numbers())

    def ready(self) -> Iterator[Page]:
        """Yield the pages whose turn it is and that have ended."""
        while self._left and self._left[0] in self._ended:
            try:
                page = self._client.page(self._job_id, self._left[0])
            except NotReadyError:  # the event is older than a retry: the page is being read again
                self._ended.discard(self._left[0])
                return
            self._left.popleft()
            yield page

    def rest(self) -> Iterator[Page]:
        """Yield the remaining pages of a job that has ended, except those that a cancelled job never read."""
        while self._left:
            try:
                yield self._client.page(self._job_id, self._left.popleft())
            except (NotReadyError, NotFoundError):
                continue

    def _numbers(self) -> list[int]:
        view = self._client.job(self._job_id)
        return PageRanges.parse(view.options.pages).numbers(view.file_pages or view.page_count or 0)
