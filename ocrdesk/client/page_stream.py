"""A job's pages in their order, each as soon as it and those before it are over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ocrdesk.client.errors import ClientClosedError, JobFailedError, NotFoundError, NotReadyError
from ocrdesk.client.event_stream import EventStream
from ocrdesk.contract.document import Page
from ocrdesk.contract.events import Event
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState

if TYPE_CHECKING:
    from ocrdesk.client.client import Client


def pages_in_order(client: Client, job_id: str) -> Iterator[Page]:
    """Every page that is or will be over, once. Raises JobFailed after them when the job ended without a result."""
    order = _Order(client, job_id)
    last_event_id: str | None = None
    while True:
        follower = EventStream(client, job_id, last_event_id=last_event_id, patience=client.patience)
        for event in follower:
            order.note(event)
            yield from order.ready()
        if client.is_closed:
            raise ClientClosedError("This client was closed.")
        view = client.job(job_id)
        if view.status.is_final:
            break
        last_event_id = follower.last_event_id  # it was set going again in this moment
    yield from order.rest()
    if view.status is not JobState.FINISHED:
        raise JobFailedError(view.error or f"the job was {view.status}", view.error_code, job_id)


class _Order:
    """The pages that are still to be told, and those that are known to be over."""

    def __init__(self, client: Client, job_id: str) -> None:
        self._client, self._job_id = client, job_id
        self._left: deque[int] | None = None
        self._over: set[int] = set()

    def note(self, event: Event) -> None:
        if event.page is not None:
            self._over.add(event.page)
        if self._left is None and event.page_count is not None:
            self._left = deque(self._numbers())

    def ready(self) -> Iterator[Page]:
        """Those that can be told now."""
        while self._left and self._left[0] in self._over:
            try:
                page = self._client.page(self._job_id, self._left[0])
            except NotReadyError:  # old news: it was read before a retry, and is under way again
                self._over.discard(self._left[0])
                return
            self._left.popleft()
            yield page

    def rest(self) -> Iterator[Page]:
        """Once the job is over: those that were not told yet, except for what a cancelled job never read."""
        while self._left:
            try:
                yield self._client.page(self._job_id, self._left.popleft())
            except (NotReadyError, NotFoundError):
                continue

    def _numbers(self) -> list[int]:
        view = self._client.job(self._job_id)
        return PageRanges.parse(view.options.pages).numbers(view.file_pages or view.page_count or 0)
