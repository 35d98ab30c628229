"""Adds finished jobs to the archive and searches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.desktop.library.records import StoredDocument, Wanted


@dataclass(frozen=True, slots=True)
class Removal:
    """Removed documents, each as server and job id. `purged_before`: jobs that ended before are not added again."""

    documents: tuple[tuple[str, str], ...]
    purged_before: datetime | None


class Library(QObject):
    """The archive as the window uses it. No call blocks; results arrive by signal."""

    found = Signal(object)
    """The result of the last `search`: a Found."""
    opened = Signal(object, object)
    """A StoredDocument and its StoredPages, as requested by `open`."""
    changed = Signal()
    """A document was added, replaced or removed."""
    removed = Signal(object)
    """A Removal: documents are hidden, until it is put back or deleted."""
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
        self._has_cleaned_up = False
        session.state_changed.connect(self._on_state)

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

    def remove(self, document: StoredDocument) -> None:
        """Hide a document, and emit `removed`."""
        self._collector.drop(document.job_id)
        key = (document.server, document.job_id)
        self._store.run(lambda store: store.hide([key]), partial(self._on_hidden, None), self._on_failed)

    def remove_all(self, before: datetime | None = None) -> None:
        """Hide all documents, or those older than `before`, and emit `removed`."""
        if before is None:
            self._collector.clear()
        purged_before = before or datetime.now(UTC)
        self._store.run(
            lambda store: store.hide(before=before), partial(self._on_hidden, purged_before), self._on_failed
        )

    def put_back(self, removal: Removal) -> None:
        """Undo a removal."""
        self._store.run(lambda store: store.unhide(removal.documents), self._on_changed, self._on_failed)

    def delete(self, removal: Removal) -> None:
        """Delete removed documents permanently."""
        before = removal.purged_before
        self._store.run(lambda store: store.delete_hidden(purged_before=before), lambda _: None, self._on_failed)

    def _on_hidden(self, purged_before: datetime | None, documents: Sequence[tuple[str, str]]) -> None:
        self.changed.emit()
        self.removed.emit(Removal(tuple(documents), purged_before))

    def _on_changed(self, _answer: object) -> None:
        self.changed.emit()

    def _on_state(self, state: SessionState) -> None:
        """Delete once what an earlier window hid, and could not delete any more."""
        if state.connection is ConnectionState.READY and not self._has_cleaned_up:
            self._has_cleaned_up = True
            self._store.run(lambda store: store.delete_hidden(), lambda _: None, lambda _: None)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(short_reason(error))
