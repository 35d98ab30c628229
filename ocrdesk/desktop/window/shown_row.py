"""The row whose text is shown: the list's current row, or the last one if a filter hides it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal

from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.window.text_loader import TextLoader
from ocrdesk.desktop.window.text_pane import TextPane


class ShownRow(QObject):
    """Keeps the text pane and the loader in step with the list and the model."""

    changed = Signal()
    """Another row is shown, or rows have changed."""

    def __init__(self, model: JobsModel, jobs: JobsView, pane: TextPane, loader: TextLoader) -> None:
        super().__init__(pane)
        self._model, self._jobs, self._pane, self._loader = model, jobs, pane, loader
        self._key: str | None = None
        jobs.current_changed.connect(self._on_current)
        model.dataChanged.connect(self._on_rows_changed)
        model.rowsRemoved.connect(self._on_rows_removed)

    def _row(self) -> JobRow | None:
        return self._model.row(self._key) if self._key else None

    def _on_current(self, key: str | None) -> None:
        """Show another row. A row that a filter hides stays shown, and is kept up to date."""
        if key is not None or self._row() is None:
            self._key = key
            row = self._row()
            self._pane.show_row(row)
            self._loader.show(row)
        self.changed.emit()

    def _on_rows_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        shown = self._model.index_of(self._key) if self._key else QModelIndex()
        if shown.isValid() and first.row() <= shown.row() <= last.row():
            self._pane.show_row(self._row())
        self.changed.emit()

    def _on_rows_removed(self) -> None:
        if self._row() is None:
            self._on_current(self._jobs.current_key())
