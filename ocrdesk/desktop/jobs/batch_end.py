"""Signals when all running jobs are done."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal

from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import RowState


class BatchEndNotifier(QObject):
    """Follows the model by its signals; each signal costs a check of the rows it names."""

    finished = Signal(int, int)
    """How many files were recognised since the last batch, and how many failed."""

    def __init__(self, model: JobsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._active: set[str] = set()
        self._ignored: set[str] = set()
        self._read = self._failed = 0
        model.rowsInserted.connect(lambda _parent, first, last: self._check(first, last))
        model.dataChanged.connect(lambda first, last: self._check(first.row(), last.row()))
        model.rowsAboutToBeRemoved.connect(self._on_removed)
        self._check(0, model.rowCount() - 1)

    @property
    def is_busy(self) -> bool:
        return bool(self._active)

    def ignore(self, key: str) -> None:
        """Exclude this row: another part reports its end."""
        self._ignored.add(key)
        self._active.discard(key)

    def _check(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            row = self._model.row_at(number)
            key, state = row.key, row.state
            if key in self._ignored:
                continue
            if not state.is_over:
                self._active.add(key)
            elif key in self._active:
                self._active.discard(key)
                self._read += state is RowState.FINISHED
                self._failed += state in (RowState.FAILED, RowState.REFUSED)
        self._emit_if_done()

    def _on_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self._active.discard(self._model.row_at(number).key)
        self._emit_if_done()

    def _emit_if_done(self) -> None:
        if not self._active and self._read + self._failed:
            read, failed, self._read, self._failed = self._read, self._failed, 0, 0
            self.finished.emit(read, failed)
