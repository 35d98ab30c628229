"""Which of the list's rows are shown: by a part of the file's name, and by what became of it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow, RowState


class Shown(Enum):
    """The choices of the field beside the name."""

    ALL = "all"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    TROUBLE = "trouble"


_STATES = {
    Shown.WAITING: {RowState.WAITING, RowState.SENDING, RowState.QUEUED},
    Shown.RUNNING: {RowState.STARTED},
    Shown.PAUSED: {RowState.PAUSED},
    Shown.FINISHED: {RowState.FINISHED},
    Shown.TROUBLE: {RowState.FAILED, RowState.REFUSED, RowState.CANCELLED},
}


class JobsFilter(QSortFilterProxyModel):
    """The model as far as it is wanted, in its own order."""

    def __init__(self, model: JobsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = model
        self._name = ""
        self._shown = Shown.ALL
        self._words: list[str] = []
        self._accepted: list[bool] | None = None
        """For each row, while all are looked at: quicker than to ask the model for each."""
        self.setSourceModel(model)

    def show(self, name: str, shown: Shown) -> None:
        """Only rows with all words of `name` in their file's name, whatever the case, that are `shown`."""
        name = name.casefold().strip()
        if (name, shown) == (self._name, self._shown):
            return
        self._name, self._shown = name, shown
        self._words = name.split()
        if self.is_filtering:
            self._accepted = [self._accepts(job) for job in reversed(self._jobs.rows())]
        self.invalidate()
        self.rowCount()  # it looks at the rows when it is asked for them, and that is to be now
        self._accepted = None

    @property
    def is_filtering(self) -> bool:
        return bool(self._name) or self._shown is not Shown.ALL

    def job(self, row: int) -> JobRow:
        """The job in a row that is shown, counted from the top."""
        return self._jobs.row_at(self.mapToSource(self.index(row, 0)).row() if self.is_filtering else row)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        if self._accepted is not None:
            return self._accepted[row]
        return not self.is_filtering or self._accepts(self._jobs.row_at(row))

    def _accepts(self, job: JobRow) -> bool:
        if self._words:
            name = job.file_name.casefold()
            for word in self._words:
                if word not in name:
                    return False
        if self._shown is Shown.ALL or job.state in _STATES[self._shown]:
            return True
        return self._shown is Shown.TROUBLE and job.state is RowState.FINISHED and job.pages_failed > 0
