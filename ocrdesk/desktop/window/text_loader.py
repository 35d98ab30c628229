"""Loads the selected job's text as its pages finish."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrdesk.contract.events import Event
    from ocrdesk.desktop.text.page_text import PageText


class TextLoader(QObject):
    """Loads one job at a time; pages of an earlier one never arrive."""

    started = Signal(str)
    """The text is now that of the row with this key (empty: no row); its pages follow."""
    pages_read = Signal(object)
    """A sequence of PageText, each page once, in any order."""
    completed = Signal()
    """All pages that exist have been reported."""
    failed = Signal(str)
    """Why the text cannot be loaded."""

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._key: str | None = None
        self._job_id: str | None = None
        self._task = Task()
        self._seen: set[int] = set()
        self._loaded = False
        session.job_event.connect(self._on_event)
        session.state_changed.connect(self._on_state)
        session.model.dataChanged.connect(self._on_rows_changed)

    def show(self, row: JobRow | None) -> None:
        """Load another row's text; None for no row."""
        key = row.key if row else None
        if key == self._key:
            return
        self._task.cancel()
        self._task = Task()
        self._key, self._job_id = key, row.job_id if row else None
        self._seen = set()
        self._loaded = False
        self.started.emit(key or "")
        self._load()

    def reload(self) -> None:
        """Load the same row's text again, because it has changed."""
        key, self._key = self._key, None
        self.show(self._session.model.row(key) if key else None)

    def _load(self) -> None:
        client = self._session.client
        if client is None or self._job_id is None:
            return
        from ocrdesk.desktop.text.page_text import load_pages  # with a client, its imports are loaded already

        self._loaded = True
        report = self._tasks.later(self._task, self._on_pages)
        work = partial(load_pages, client, self._job_id, report, self._task.stopped)
        self._tasks.run(work, lambda _: self.completed.emit(), self._on_failed, lane=Lane.PAGES, task=self._task)

    def _on_event(self, event: Event) -> None:
        client = self._session.client
        if event.job_id != self._job_id or client is None:
            return
        if event.page is not None and event.page not in self._seen:
            from ocrdesk.desktop.text.page_text import load_page

            work = partial(load_page, client, event.job_id, event.page)
            self._tasks.run(work, lambda page: self._on_pages([page]), lambda _: None, lane=Lane.PAGES, task=self._task)
        elif event.status.is_final and (event.page_count is None or len(self._seen) < event.page_count):
            self._load()  # pages that were missed, or finished without an event of their own

    def _on_rows_changed(self) -> None:
        """Load the text if the shown file has just become a job."""
        row = self._session.model.row(self._key) if self._key and self._job_id is None else None
        if row is not None and row.job_id is not None:
            self._job_id = row.job_id
            self._load()

    def _on_state(self, state: SessionState) -> None:
        """Load what could not be loaded, or was missed, while there was no connection."""
        if state.connection is ConnectionState.READY:
            self._load()

    def _on_pages(self, pages: Sequence[PageText]) -> None:
        new = [page for page in pages if page.number not in self._seen]
        self._seen.update(page.number for page in new)
        if new:
            self.pages_read.emit(new)

    def _on_failed(self, error: Exception) -> None:
        from ocrdesk.client import ServerUnavailableError

        if not isinstance(error, ServerUnavailableError):  # the status bar shows that for the whole window
            self.failed.emit(short_reason(error))
