"""Keeps the list's unsent files and paused jobs on disk as they change, and brings them back at the next start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow, RowState, row_of_file

if TYPE_CHECKING:
    from ocrdesk.desktop.session.pending_files import PendingFiles, Unsent, UnsentFile

_KEPT = frozenset((RowState.WAITING, RowState.PAUSED, RowState.SENDING, RowState.REFUSED))
_SOON_MS = 100
_LONG_LIST_MS = 1_000
_AGAIN_MS = 10_000
"""After a failure: somebody may have made room by then."""
_LONG_LIST = 1_000
"""From so many rows on, looking through them ten times a second would be felt."""


class PendingFilesSaver(QObject):
    """Watches the model. Writing goes on one thread, so that no older list ever follows a newer one."""

    restored = Signal(object)
    """The keys of the rows that came back and are to be sent."""
    failed = Signal(str)
    """A sentence: the list cannot be kept."""

    def __init__(self, model: JobsModel, tasks: Tasks, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._tasks, self._folder = model, tasks, folder
        self._store: PendingFiles | None = None
        self._asked: Unsent | None = None
        self._written: Unsent | None = None
        """What is on disk for certain. What was asked for last may never be done when the window closes."""
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._write)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._write)
        self._listen(model)

    def watch(self, model: JobsModel) -> None:
        """The rows go into another model; what is on disk stays as it is meanwhile."""
        for changed in _changes(self._model):
            changed.disconnect(self._on_changed)
        self._model = model
        self._listen(model)

    def forget(self) -> None:
        """Nothing that waits is wanted any more."""
        self._model.remove(*(row.key for row in self._model.rows()))

    @property
    def is_loaded(self) -> bool:
        """Whether what the last window kept is back in the list."""
        return self._store is not None

    def load(self) -> None:
        """Brings back what the last window kept, once."""
        if self._store is None:
            self._tasks.run(partial(_opened, self._folder), self._on_loaded, self._on_failed, lane=Lane.KEEPING)

    def final_step(self) -> Callable[[], None]:
        """Return what a thread that may block has to do before the process ends."""
        from ocrdesk.desktop.session.pending_files import Unsent

        store, unsent, written = self._store, self._unsent(), self._written
        if store is None and unsent == Unsent():
            return _nothing
        return partial(_write_and_close, self._folder, store, unsent if unsent != written else None)

    def _on_loaded(self, opened: tuple[PendingFiles, Unsent]) -> None:
        self._store, unsent = opened
        self._model.hold(unsent.paused_jobs)
        rows = [_row_of(file) for file in unsent.files]
        keys = self._model.add_rows(rows)
        for key, file in zip(keys, unsent.files, strict=True):
            if file.is_gone:
                self._model.mark_refused(key, self.tr("The file is no longer there. It was moved, renamed or deleted."))
        self._write()
        if keys:
            self.restored.emit(keys)

    def _listen(self, model: JobsModel) -> None:
        for changed in _changes(model):
            changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        if not self._soon.isActive():
            self._soon.start(_LONG_LIST_MS if self._model.rowCount() > _LONG_LIST else _SOON_MS)

    def _write(self) -> None:
        if self._store is None:
            return
        unsent = self._unsent()
        if unsent != self._asked:
            self._asked = unsent
            self._tasks.run(
                partial(self._store.write, unsent),
                partial(self._on_written, unsent),
                self._on_failed,
                lane=Lane.KEEPING,
            )

    def _on_written(self, unsent: Unsent, _answer: None) -> None:
        self._written = unsent

    def _unsent(self) -> Unsent:
        from ocrdesk.desktop.session.pending_files import Unsent, UnsentFile

        files = tuple(
            UnsentFile(str(row.path), row.once, row.state is RowState.PAUSED, row.error)
            for row in self._model.rows()[::-1]
            if row.job_id is None and row.path is not None and row.state in _KEPT
        )
        return Unsent(files, self._model.held_jobs())

    def _on_failed(self, error: Exception) -> None:
        self._asked = None
        self._again.start()
        self.failed.emit(
            self.tr(
                "The list of unsent files could not be kept ({why}). Leave the window open until they are sent."
            ).format(why=short_reason(error))
        )


def _changes(model: JobsModel) -> tuple[SignalInstance, ...]:
    return model.rowsInserted, model.rowsRemoved, model.dataChanged, model.layoutChanged


def _opened(folder: Path) -> tuple[PendingFiles, Unsent]:
    from ocrdesk.desktop.session.pending_files import PendingFiles  # its imports are none of the first window's

    store = PendingFiles(folder)
    return store, store.adopt()


def _write_and_close(folder: Path, store: PendingFiles | None, unsent: Unsent | None) -> None:
    from ocrdesk.desktop.session.pending_files import PendingFiles

    store = store or PendingFiles(folder)
    if unsent is not None:
        store.write(unsent)
    store.close()


def _row_of(file: UnsentFile) -> JobRow:
    from dataclasses import replace

    row = replace(row_of_file(Path(file.path)), once=file.once, error=file.error)
    if file.error is not None:
        return replace(row, state=RowState.REFUSED, ended_at=row.created_at)
    return replace(row, state=RowState.PAUSED) if file.is_paused else row


def _nothing() -> None:
    """No list was opened, so there is none to write."""
