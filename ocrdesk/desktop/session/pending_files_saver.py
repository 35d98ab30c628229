"""Saves and restores pending files, paused and removed jobs, and the order of the list."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from ocrdesk.contract.error_messages import os_reason
from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow, RowState, row_of_file

if TYPE_CHECKING:
    from ocrdesk.desktop.session.pending_files import PendingFile, PendingFiles, PendingWork

_log = logging.getLogger(__name__)
_STORED_STATES = frozenset((RowState.WAITING, RowState.PAUSED, RowState.SENDING, RowState.REFUSED))
_SOON_MS = 100
_LONG_LIST_MS = 1_000
_AGAIN_MS = 10_000
"""After a failure: there may be room on the disk by then."""
_LONG_LIST = 1_000
"""With so many rows, checking them ten times a second would slow down the window."""


class PendingFilesSaver(QObject):
    """Watches the model. Writes on one thread, so that an older list never replaces a newer one."""

    restored = Signal(object)
    """The keys of restored rows, which are to be sent."""
    jobs_restored = Signal(bool)
    """The jobs' places are restored; whether an earlier window listed any job."""
    requests_restored = Signal(object)
    """Requests whose folders an earlier window had not searched to the end: pairs of an id and paths."""
    failed = Signal(str)
    """A sentence: the list cannot be saved."""

    def __init__(self, model: JobsModel, tasks: Tasks, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._tasks, self._folder = model, tasks, folder
        self._store: PendingFiles | None = None
        self._collecting: dict[str, tuple[str, ...]] = {}
        self._requested: PendingWork | None = None
        self._written: PendingWork | None = None
        """What is certainly on disk: the last request may be unfinished when the window closes."""
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._write)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._try_again)
        self._listen(model)

    def watch(self, model: JobsModel) -> None:
        """Watch another model, to which the rows are moved; the file does not change meanwhile."""
        for changed in _changes(self._model):
            changed.disconnect(self._on_changed)
        self._model = model
        self._listen(model)

    def note_collecting(self, request_id: str, paths: tuple[str, ...]) -> None:
        """Store that these paths are being searched for files, until `note_collected`."""
        self._collecting[request_id] = paths
        self._soon.start(0)

    def note_collected(self, request_id: str) -> None:
        self._collecting.pop(request_id, None)
        self._on_changed()

    def forget(self) -> None:
        """Remove all waiting files."""
        self._model.remove(*(row.key for row in self._model.rows()))

    @property
    def is_loaded(self) -> bool:
        """Whether the files that earlier windows stored are back in the list."""
        return self._store is not None

    def load(self) -> None:
        """Restore what earlier windows stored, once."""
        if self._store is None:
            self._tasks.run(
                partial(_opened, self._folder), self._on_loaded, self._on_load_failed, lane=Lane.PENDING_FILES
            )

    def final_step(self) -> Callable[[], None]:
        """Return what a thread that may block has to do before the process ends."""
        from ocrdesk.desktop.session.pending_files import PendingWork

        store, pending, written = self._store, self._pending(), self._written
        if store is None and pending == PendingWork():
            return _nothing
        return partial(_write_and_close, self._folder, store, pending if pending != written else None)

    def _on_loaded(self, opened: tuple[PendingFiles, PendingWork]) -> None:
        if self._store is not None:  # loaded twice, after a failure
            return
        self._store, pending = opened
        for damaged in self._store.damaged:
            self.failed.emit(
                self.tr(
                    "A list of files that were not sent yet was damaged. Open those files again; the damaged list "
                    "is {file}."
                ).format(file=printable_name(damaged))
            )
        self._model.hold(pending.paused_jobs)
        self._model.removed.update(pending.removed_jobs)
        self._model.remove(*(row.key for job_id in pending.removed_jobs if (row := self._model.row_of_job(job_id))))
        self._model.restore_place_times(
            {job_id: datetime.fromtimestamp(time, UTC) for job_id, time in pending.place_times.items()}
        )
        self._collecting |= dict(pending.collecting)
        rows = [_row_of(file) for file in pending.files]
        keys = self._model.add_rows(rows)
        for key, file in zip(keys, pending.files, strict=True):
            if file.is_gone:
                self._model.mark_refused(key, self.tr("The file is no longer there. It was moved, renamed or deleted."))
        self._write()
        if keys:
            self.restored.emit(keys)
        self.jobs_restored.emit(bool(pending.place_times))
        if pending.collecting:
            self.requests_restored.emit(pending.collecting)

    def _listen(self, model: JobsModel) -> None:
        for changed in _changes(model):
            changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        if not self._soon.isActive():
            self._soon.start(_LONG_LIST_MS if self._model.rowCount() > _LONG_LIST else _SOON_MS)

    def _write(self) -> None:
        if self._store is None:
            return
        pending = self._pending()
        if pending != self._requested:
            self._requested = pending
            self._tasks.run(
                partial(self._store.write, pending),
                partial(self._on_written, pending),
                self._on_failed,
                lane=Lane.PENDING_FILES,
            )

    def _on_written(self, pending: PendingWork, _answer: None) -> None:
        self._written = pending

    def _pending(self) -> PendingWork:
        from ocrdesk.desktop.session.pending_files import PendingFile, PendingWork

        files = tuple(
            PendingFile(str(row.path), row.idempotency_key, row.state is RowState.PAUSED, row.error)
            for row in self._model.rows()[::-1]
            if row.job_id is None and row.path is not None and row.state in _STORED_STATES
        )
        places = self._model.place_times | {row.job_id: row.place_time for row in self._model.rows() if row.job_id}
        times = {job_id: place.timestamp() for job_id, place in places.items()}
        collecting = tuple(self._collecting.items())
        return PendingWork(files, self._model.held_jobs(), tuple(sorted(self._model.removed)), times, collecting)

    def _try_again(self) -> None:
        if self._store is None:
            self.load()
        else:
            self._write()

    def _on_load_failed(self, error: Exception) -> None:
        self._again.start()
        self.failed.emit(
            self.tr("The list of unsent files in {folder} cannot be read ({why}). Check that folder.").format(
                folder=printable_name(self._folder), why=short_reason(error)
            )
        )

    def _on_failed(self, error: Exception) -> None:
        self._requested = None
        self._again.start()
        self.failed.emit(
            self.tr(
                "The list of unsent files could not be saved ({why}). Leave the window open until they are sent."
            ).format(why=short_reason(error))
        )


def _changes(model: JobsModel) -> tuple[SignalInstance, ...]:
    return model.rowsInserted, model.rowsRemoved, model.dataChanged, model.layoutChanged


def _opened(folder: Path) -> tuple[PendingFiles, PendingWork]:
    from ocrdesk.desktop.session.pending_files import PendingFiles  # imported after the window is shown

    store = PendingFiles(folder)
    return store, store.adopt()


def _write_and_close(folder: Path, store: PendingFiles | None, pending: PendingWork | None) -> None:
    from ocrdesk.desktop.session.pending_files import PendingFiles

    store = store or PendingFiles(folder)
    try:
        if pending is not None:
            store.write(pending)
    except OSError as error:  # the window has said so while it was open
        _log.error("the list of unsent files could not be saved in %s: %s", printable_name(folder), os_reason(error))
    finally:
        store.close()


def _row_of(file: PendingFile) -> JobRow:
    from dataclasses import replace

    row = replace(row_of_file(Path(file.path)), idempotency_key=file.idempotency_key, error=file.error)
    if file.error is not None:
        return replace(row, state=RowState.REFUSED, ended_at=row.created_at)
    return replace(row, state=RowState.PAUSED) if file.is_paused else row


def _nothing() -> None:
    """Do nothing: no list was opened, so none has to be written."""
