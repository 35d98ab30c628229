"""Adds finished jobs to the library, one after the other, a few pages at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.library.store_access import StoreAccess
from ocrdesk.desktop.servers.data_folders import server_name
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.library.records import StoredPage
    from ocrdesk.desktop.library.result_fetcher import Outline
    from ocrdesk.desktop.library.store import LibraryStore
    from ocrdesk.desktop.servers.servers import Server

_RETRY_AFTER_MS = 5_000
_CATCH_UP_AFTER_MS = 30_000
"""After the library could not be used: by then it may be free, or there may be room on the disk."""


class LibraryCollector(QObject):
    """Stores nothing while the library is switched off.

    A job that the server does not give is retried after the next listing of jobs. If the library cannot be used, all
    jobs wait until it can.
    """

    changed = Signal()
    """A document was added or replaced."""
    failed = Signal(str)
    """A sentence that says why nothing can be stored."""

    def __init__(self, session: Session, tasks: Tasks, settings: LibrarySettings, store: StoreAccess) -> None:
        super().__init__(session)
        self._session, self._tasks, self._settings, self._store = session, tasks, settings, store
        self._server = server_name(session.server)
        self._queue: dict[str, None] = {}
        """Ids of jobs to add, in their order."""
        self._current: str | None = None
        self._fetching = Task()
        self._unchecked: dict[str, tuple[int, datetime]] = {}
        """Listed jobs, of which the library could not say whether it has them: revision and end."""
        self._missed: dict[str, None] = {}
        """Ids of jobs that could not be stored."""
        self._reported = ""
        self._catch_up = QTimer(self, singleShot=True, interval=_CATCH_UP_AFTER_MS)
        self._catch_up.timeout.connect(self._add_missed)
        self._retry = QTimer(self, singleShot=True, interval=_RETRY_AFTER_MS)
        self._retry.timeout.connect(self._start_next)
        session.job_event.connect(self._on_event)
        session.jobs_listed.connect(self._on_listed)
        session.state_changed.connect(self._on_state)
        session.server_changed.connect(self._on_server_changed)
        settings.changed.connect(self._on_switched)

    def add(self, job_id: str) -> None:
        """Add a job as it is now, or replace what is stored of it."""
        if self._settings.is_enabled:
            self._queue[job_id] = None
            self._start_next()

    def drop(self, job_id: str) -> None:
        """Do not add a job that is still queued."""
        self._queue.pop(job_id, None)
        self._missed.pop(job_id, None)
        self._unchecked.pop(job_id, None)

    def clear(self) -> None:
        """Drop all queued jobs, and stop fetching the current one."""
        self._queue.clear()
        self._missed.clear()
        self._unchecked.clear()
        self._catch_up.stop()
        self._fetching.cancel()
        self._current = None

    # ── which jobs ───────────────────────────────────────────────────────────────────────────────

    def _on_event(self, event: Event) -> None:
        from ocrdesk.contract.events import EventType
        from ocrdesk.contract.states import JobState

        if event.status is JobState.FINISHED and event.type in (EventType.JOB, EventType.REVISED):
            self.add(event.job_id)

    def _on_listed(self, jobs: Sequence[JobView]) -> None:
        from ocrdesk.contract.states import JobState

        since = self._settings.since
        revisions = {
            job.job_id: (job.revision, job.ended_at or job.created_at)
            for job in jobs
            if job.status is JobState.FINISHED and (since is None or (job.ended_at or job.created_at) >= since)
        }
        if revisions and self._settings.is_enabled:
            self._find_missing(revisions)

    def _find_missing(self, revisions: dict[str, tuple[int, datetime]]) -> None:
        server = self._server

        def fail(error: Exception) -> None:
            if server == self._server:
                self._unchecked |= revisions
                self._on_unusable(error)

        self._store.run(lambda store: store.missing(server, revisions), self._on_missing, fail)

    def _on_missing(self, job_ids: Sequence[str]) -> None:
        if self._settings.is_enabled:
            self._queue |= dict.fromkeys(job_ids)
            self._start_next()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            self._start_next()

    def _on_server_changed(self, server: Server) -> None:
        """Drop the queue: its jobs are listed again when the window returns to their server."""
        self.clear()
        self._server = server_name(server)

    def _on_switched(self, is_enabled: bool) -> None:
        if not is_enabled:
            self.clear()

    # ── one job ──────────────────────────────────────────────────────────────────────────────────

    def _start_next(self) -> None:
        client = self._session.client
        if client is None or self._current is not None or not self._queue or self._retry.isActive():
            return
        from ocrdesk.desktop.library.result_fetcher import outline

        self._current = next(iter(self._queue))
        del self._queue[self._current]
        self._fetching = Task()
        self._fetch(partial(outline, client, self._server, self._current), self._on_outline)

    def _on_outline(self, outline: Outline | None) -> None:
        if outline is None or not self._settings.is_enabled:
            self._on_added()
            return
        self._write(lambda store: store.begin(outline.document), lambda is_begun: self._on_begun(outline, is_begun))

    def _on_begun(self, outline: Outline, is_begun: bool) -> None:
        if is_begun:
            self._fetch_pages(outline, 0)
        else:
            self._on_added()

    def _fetch_pages(self, outline: Outline, start: int) -> None:
        from ocrdesk.desktop.library.result_fetcher import BATCH_PAGES, fetch

        client = self._session.client
        if client is None:
            self._on_fetch_failed(None)
            return
        numbers = outline.numbers[start : start + BATCH_PAGES]
        self._fetch(
            partial(
                fetch,
                client,
                outline.document.job_id,
                numbers,
                self._fetching.stopped,
                is_local=self._session.state.is_local,
            ),
            lambda pages: self._on_pages(outline, start + BATCH_PAGES, pages),
        )

    def _on_pages(self, outline: Outline, next_start: int, pages: Sequence[StoredPage]) -> None:
        is_last = next_start >= len(outline.numbers)
        self._write(
            lambda store: store.add_pages(outline.document, pages, is_last=is_last),
            lambda _: self._on_added() if is_last else self._fetch_pages(outline, next_start),
        )

    def _on_added(self) -> None:
        self._current, self._reported = None, ""
        self.changed.emit()
        self._start_next()

    # ── in the background ────────────────────────────────────────────────────────────────────────

    def _fetch(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._tasks.run(work, done, self._on_fetch_failed, lane=Lane.COLLECTING, task=self._fetching)

    def _write(self, work: Callable[[LibraryStore], object], done: Callable[..., None]) -> None:
        if self._settings.is_enabled:
            self._store.run(work, done, self._on_write_failed, self._fetching)
        else:
            self.clear()

    def _on_fetch_failed(self, error: Exception | None) -> None:
        from ocrdesk.client import RateLimitedError, ServerUnavailableError

        job_id, self._current = self._current, None
        if job_id is not None and (error is None or isinstance(error, ServerUnavailableError | RateLimitedError)):
            self._queue[job_id] = None  # later, from its first page
            self._retry.start()
        else:
            self._start_next()  # the next listing of jobs names it again

    def _on_write_failed(self, error: Exception) -> None:
        current = [self._current] if self._current else []
        missed = dict.fromkeys([*current, *self._queue]) | self._missed  # the others would fail too
        self._fetching.cancel()
        self._queue.clear()
        self._current, self._missed = None, missed
        self._on_unusable(error)

    def _on_unusable(self, error: Exception) -> None:
        """Report a problem once, and try again later."""
        self._catch_up.start()
        reason = short_reason(error)
        if reason != self._reported:
            self._reported = reason
            self.failed.emit(reason)

    def _add_missed(self) -> None:
        unchecked, self._unchecked = self._unchecked, {}
        missed, self._missed = self._missed, {}
        if unchecked:
            self._find_missing(unchecked)
        self._queue |= missed
        self._start_next()
