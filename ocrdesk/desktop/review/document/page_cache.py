"""Fetches a document's pages when they are needed, and keeps the last ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.session.session import Session

if TYPE_CHECKING:
    from ocrdesk.contract.document import Page

_MAX_PAGES = 40
"""About 12 MB of words."""


class PageCache(QObject):
    """Holds pages of one job at a time. A fetched page is only kept once its owner has `put` it."""

    fetched = Signal(object)
    """A Page as the server has it."""
    failed = Signal(int, str)
    """A page's number, and why it could not be fetched."""

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._job_id = ""
        self._task = Task()
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._requested: set[int] = set()
        self._outdated: set[int] = set()

    def __contains__(self, number: int) -> bool:
        return number in self._pages

    def start(self, job_id: str) -> None:
        """Drop all pages, and hold pages of another job from now on; an empty id for none."""
        self._task.cancel()
        self._task = Task()
        self._job_id = job_id
        self._pages.clear()
        self._requested.clear()
        self._outdated.clear()

    def page(self, number: int) -> Page | None:
        """Return a page, or None if it is not here; does not fetch it."""
        return self._pages.get(number)

    def pages(self) -> Sequence[Page]:
        return list(self._pages.values())

    def request(self, number: int) -> Page | None:
        """Return a page. If it is not here, fetch it and return None."""
        page = self._pages.get(number)
        if page is not None:
            self._pages.move_to_end(number)
        else:
            self._fetch(number)
        return page

    def put(self, page: Page) -> None:
        """Keep a page as the newest one, and drop the oldest if there are too many."""
        self._pages[page.number] = page
        self._pages.move_to_end(page.number)
        while len(self._pages) > _MAX_PAGES:
            self._pages.popitem(last=False)

    def replace(self, page: Page) -> None:
        """Replace a page that is here."""
        self._pages[page.number] = page

    def fetch_again(self) -> None:
        """Fetch all pages that are here once more; they stay until the new ones arrive."""
        self.forget_requests()
        for number in list(self._pages):
            self._fetch(number)

    def forget_requests(self) -> None:
        """Allow pages to be requested again: their answers may be lost."""
        self._requested.clear()

    def mark_outdated(self, numbers: Iterable[int]) -> None:
        """Fetch these pages once more if they are being fetched: the answer may be older than what was saved."""
        self._outdated |= self._requested.intersection(numbers)

    def _fetch(self, number: int) -> None:
        client = self._session.client
        if client is None or not self._job_id or number in self._requested:
            return
        self._requested.add(number)
        self._tasks.run(
            partial(client.page, self._job_id, number),
            self._on_fetched,
            partial(self._on_failed, number),
            lane=Lane.REVIEW,
            task=self._task,
        )

    def _on_fetched(self, page: Page) -> None:
        self._requested.discard(page.number)
        if page.number in self._outdated:
            self._outdated.discard(page.number)
            self._fetch(page.number)
        else:
            self.fetched.emit(page)

    def _on_failed(self, number: int, error: Exception) -> None:
        self._requested.discard(number)
        self._outdated.discard(number)
        self.failed.emit(number, short_reason(error))
