"""The library as the window uses it: takes in jobs as they finish, searches and deletes, all of it on other threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.servers.data_folders import app_folder, server_name
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.library.records import StoredDocument, StoredPage, Wanted
    from ocrdesk.desktop.library.result_fetcher import Outline
    from ocrdesk.desktop.library.store import LibraryStore
    from ocrdesk.desktop.servers.servers import Server

_AGAIN_MS = 5_000


class Library(QObject):
    """One job at a time goes in, a few pages at a time. Nothing is written while it is switched off."""

    found = Signal(object)
    """What came of the last `search`: a Found."""
    opened = Signal(object, object)
    """A StoredDocument and its StoredPages, as asked for by `open`."""
    changed = Signal()
    """A document came, changed or went."""
    failed = Signal(str)
    """A sentence on what could not be done."""

    def __init__(self, session: Session, tasks: Tasks, settings: LibrarySettings, path: Path | None = None) -> None:
        super().__init__(session)
        self.settings = settings
        self._session, self._tasks = session, tasks
        self._path = path or app_folder() / "library.sqlite3"
        self._server = server_name(session.server)
        self._wanted: dict[str, None] = {}
        """Jobs that are to be taken in, in their order."""
        self._current: str | None = None
        self._fetching = Task()
        self._searching, self._opening = Task(), Task()
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._take_next)
        session.job_event.connect(self._on_event)
        session.jobs_listed.connect(self._on_listed)
        session.state_changed.connect(self._on_state)
        session.server_changed.connect(self._on_other_server)
        settings.changed.connect(self._on_switched)

    # ── what is asked for ────────────────────────────────────────────────────────────────────────────

    def refresh(self, job_id: str) -> None:
        """Takes the job in as it is now: after a correction, say."""
        if self.settings.is_enabled:
            self._wanted[job_id] = None
            self._take_next()

    def is_at_server(self, document: StoredDocument) -> bool:
        """Whether it is among the jobs of the window's server, so that more than its text can be had."""
        return document.server == self._server and self._session.model.row_of_job(document.job_id) is not None

    def search(self, wanted: Wanted) -> None:
        """Asks for `found`; only the last search is answered."""
        self._searching.cancel()
        self._searching = Task()
        self._ask(lambda store: store.search(wanted), self.found.emit, self._searching)

    def open(self, document: StoredDocument) -> None:
        """Asks for `opened`; only the last document is answered."""
        self._opening.cancel()
        self._opening = Task()
        self._ask(
            lambda store: store.pages(document.server, document.job_id),
            lambda pages: self.opened.emit(document, pages),
            self._opening,
        )

    def delete(self, documents: Iterable[StoredDocument]) -> None:
        """Removes these for good."""
        for document in documents:
            self._wanted.pop(document.job_id, None)
            self._ask(partial(_delete, document), self._on_changed)

    def purge(self, before: datetime | None = None) -> None:
        """Removes all for good, or what is older than `before`."""
        if before is None:
            self._forget_wanted()
        self._ask(lambda store: store.purge(before), self._on_changed)

    # ── what is taken in ─────────────────────────────────────────────────────────────────────────────

    def _on_event(self, event: Event) -> None:
        from ocrdesk.contract.events import EventType
        from ocrdesk.contract.states import JobState

        if event.status is JobState.FINISHED and event.type in (EventType.JOB, EventType.REVISED):
            self.refresh(event.job_id)

    def _on_listed(self, jobs: Sequence[JobView]) -> None:
        from ocrdesk.contract.states import JobState

        since, server = self.settings.since, self._server
        revisions = {
            job.job_id: (job.revision, job.ended_at or job.created_at)
            for job in jobs
            if job.status is JobState.FINISHED and (since is None or (job.ended_at or job.created_at) >= since)
        }
        if revisions and self.settings.is_enabled:
            self._ask(lambda store: store.missing(server, revisions), self._on_missing)

    def _on_missing(self, job_ids: Sequence[str]) -> None:
        if self.settings.is_enabled:
            self._wanted |= dict.fromkeys(job_ids)
            self._take_next()

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            self._take_next()

    def _on_other_server(self, server: Server) -> None:
        """What was to be taken in is listed again when the window comes back to its server."""
        self._forget_wanted()
        self._server = server_name(server)

    def _on_switched(self, is_enabled: bool) -> None:
        if not is_enabled:
            self._forget_wanted()

    def _forget_wanted(self) -> None:
        self._wanted.clear()
        self._fetching.cancel()
        self._current = None

    def _take_next(self) -> None:
        client = self._session.client
        if client is None or self._current is not None or not self._wanted or self._again.isActive():
            return
        from ocrdesk.desktop.library.result_fetcher import outline

        self._current = next(iter(self._wanted))
        del self._wanted[self._current]
        self._fetching = Task()
        self._fetch(partial(outline, client, self._server, self._current), self._on_outline)

    def _on_outline(self, outline: Outline | None) -> None:
        if outline is None or not self.settings.is_enabled:
            self._on_taken()
            return
        self._keep(lambda store: store.begin(outline.document), lambda begun: self._on_begun(outline, begun))

    def _on_begun(self, outline: Outline, begun: bool) -> None:
        if begun:
            self._fetch_some(outline, 0)
        else:
            self._on_taken()

    def _fetch_some(self, outline: Outline, place: int) -> None:
        from ocrdesk.desktop.library.result_fetcher import BATCH_PAGES, fetch

        client = self._session.client
        if client is None:
            self._on_fetch_failed(None)
            return
        numbers = outline.numbers[place : place + BATCH_PAGES]
        self._fetch(
            partial(
                fetch,
                client,
                outline.document.job_id,
                numbers,
                self._fetching.stopped,
                is_local=self._session.state.is_local,
            ),
            lambda pages: self._on_pages(outline, place + BATCH_PAGES, pages),
        )

    def _on_pages(self, outline: Outline, place: int, pages: Sequence[StoredPage]) -> None:
        is_last = place >= len(outline.numbers)
        self._keep(
            lambda store: store.add_pages(outline.document, pages, is_last=is_last),
            lambda _: self._on_taken() if is_last else self._fetch_some(outline, place),
        )

    def _on_taken(self) -> None:
        self._current = None
        self._on_changed()
        self._take_next()

    # ── the threads ──────────────────────────────────────────────────────────────────────────────────

    def _fetch(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._tasks.run(work, done, self._on_fetch_failed, lane=Lane.COLLECTING, task=self._fetching)

    def _keep(self, work: Callable[[LibraryStore], object], done: Callable[..., None]) -> None:
        if self.settings.is_enabled:
            self._ask(work, done, self._fetching, self._on_keep_failed)
        else:
            self._forget_wanted()

    def _ask(
        self,
        work: Callable[[LibraryStore], object],
        done: Callable[..., None],
        task: Task | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._tasks.run(
            partial(_on_store, self._path, work), done, failed or self._on_failed, lane=Lane.LIBRARY, task=task
        )

    def _on_fetch_failed(self, error: Exception | None) -> None:
        from ocrdesk.client import RateLimitedError, ServerUnavailableError

        job_id, self._current = self._current, None
        if job_id is not None and (error is None or isinstance(error, ServerUnavailableError | RateLimitedError)):
            self._wanted[job_id] = None  # later, from its start
            self._again.start()
        else:
            self._take_next()  # it comes again with the next listing

    def _on_keep_failed(self, error: Exception) -> None:
        self._forget_wanted()  # they would fail as this one did; all come again with the next listing
        self._on_failed(error)

    def _on_changed(self, _answer: object = None) -> None:
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(short_reason(error))


def _on_store(path: Path, work: Callable[[LibraryStore], object]) -> object:
    from ocrdesk.desktop.library.store import LibraryStore  # sqlite3 is loaded on the library's own thread

    return work(LibraryStore(path))


def _delete(document: StoredDocument, store: LibraryStore) -> None:
    store.delete(document.server, document.job_id)
