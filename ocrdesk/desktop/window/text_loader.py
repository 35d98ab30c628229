"""Reads the selected job's text, as far as there is any, and goes on as its pages come in."""

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
    """One job at a time. What belongs to an earlier one never arrives."""

    started = Signal(str)
    """The text shown is now that of the row with this key (empty: of none); its pages follow."""
    pages_read = Signal(object)
    """A sequence of PageText, each page once, in no certain order."""
    completed = Signal()
    """Everything that there was to read has been reported."""
    failed = Signal(str)
    """Why the text cannot be had."""

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
        """Reads another row's text; None for no row."""
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
        """Reads the same row's text anew: it is another one."""
        key, self._key = self._key, None
        self.show(self._session.model.row(key) if key else None)

    def _load(self) -> None:
        client = self._session.client
        if client is None or self._job_id is None:
            return
        from ocrdesk.desktop.text.page_text import load_pages  # its imports are here once there is a client

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
            self._load()  # pages that were missed, or read without an event of their own

    def _on_rows_changed(self) -> None:
        """The shown file may have become a job just now."""
        row = self._session.model.row(self._key) if self._key and self._job_id is None else None
        if row is not None and row.job_id is not None:
            self._job_id = row.job_id
            self._load()

    def _on_state(self, state: SessionState) -> None:
        """Connected, perhaps again: what could not be read or was missed is read now."""
        if state.connection is ConnectionState.READY:
            self._load()

    def _on_pages(self, pages: Sequence[PageText]) -> None:
        new = [page for page in pages if page.number not in self._seen]
        self._seen.update(page.number for page in new)
        if new:
            self.pages_read.emit(new)

    def _on_failed(self, error: Exception) -> None:
        from ocrdesk.client import ServerUnavailableError

        if not isinstance(error, ServerUnavailableError):  # that one is said once, for the whole window
            self.failed.emit(short_reason(error))
