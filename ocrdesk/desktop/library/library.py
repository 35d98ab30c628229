"""Adds finished jobs to the archive and searches it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.background.tasks import Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.library.collector import LibraryCollector
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.library.store_access import StoreAccess
from ocrdesk.desktop.servers.data_folders import app_folder, server_name
from ocrdesk.desktop.session.session import Session

if TYPE_CHECKING:
    from ocrdesk.desktop.library.records import StoredDocument, Wanted
    from ocrdesk.desktop.library.store import LibraryStore


class Library(QObject):
    """The archive as the window uses it. No call blocks; results arrive by signal."""

    found = Signal(object)
    """The result of the last `search`: a Found."""
    opened = Signal(object, object)
    """A StoredDocument and its StoredPages, as requested by `open`."""
    changed = Signal()
    """A document was added, replaced or removed."""
    failed = Signal(str)
    """A sentence that says what went wrong."""

    def __init__(self, session: Session, tasks: Tasks, settings: LibrarySettings, path: Path | None = None) -> None:
        super().__init__(session)
        self.settings = settings
        self._session = session
        self._store = StoreAccess(tasks, path or app_folder() / "library.sqlite3")
        self._collector = LibraryCollector(session, tasks, settings, self._store)
        self._collector.changed.connect(self.changed)
        self._collector.failed.connect(self.failed)
        self._searching, self._opening = Task(), Task()

    def refresh(self, job_id: str) -> None:
        """Add the job as it is now, for example after a correction."""
        self._collector.add(job_id)

    def is_at_server(self, document: StoredDocument) -> bool:
        """Return whether it is among the jobs of the window's server, which then has more than its text."""
        is_server = document.server == server_name(self._session.server)
        return is_server and self._session.model.row_of_job(document.job_id) is not None

    def search(self, wanted: Wanted) -> None:
        """Search, and emit `found`; a new search cancels the one before it."""
        self._searching.cancel()
        self._searching = Task()
        self._store.run(lambda store: store.search(wanted), self.found.emit, self._on_failed, self._searching)

    def open(self, document: StoredDocument) -> None:
        """Load a document's pages, and emit `opened`; a new call cancels the one before it."""
        self._opening.cancel()
        self._opening = Task()
        self._store.run(
            lambda store: store.pages(document.server, document.job_id),
            lambda pages: self.opened.emit(document, pages),
            self._on_failed,
            self._opening,
        )

    def delete(self, documents: Iterable[StoredDocument]) -> None:
        """Delete these documents permanently."""
        for document in documents:
            self._collector.drop(document.job_id)
            self._store.run(partial(_delete, document), self._on_removed, self._on_failed)

    def purge(self, before: datetime | None = None) -> None:
        """Delete all documents permanently, or those older than `before`."""
        if before is None:
            self._collector.clear()
        self._store.run(lambda store: store.purge(before), self._on_removed, self._on_failed)

    def _on_removed(self, _answer: object) -> None:
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(short_reason(error))


def _delete(document: StoredDocument, store: LibraryStore) -> None:
    store.delete(document.server, document.job_id)
