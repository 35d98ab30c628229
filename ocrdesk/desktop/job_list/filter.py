"""Which rows are shown: by a part of the file's name, and by state."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow, RowState


class StateFilter(Enum):
    """The choices of the state field."""

    ALL = "all"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    PROBLEMS = "problems"


_STATES = {
    StateFilter.WAITING: {RowState.WAITING, RowState.SENDING, RowState.QUEUED},
    StateFilter.RUNNING: {RowState.STARTED},
    StateFilter.PAUSED: {RowState.PAUSED},
    StateFilter.FINISHED: {RowState.FINISHED},
    StateFilter.PROBLEMS: {RowState.FAILED, RowState.REFUSED, RowState.CANCELLED},
}


class JobsFilter(QSortFilterProxyModel):
    """The rows that match, in the model's order."""

    def __init__(self, model: JobsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = model
        self._name = ""
        self._state = StateFilter.ALL
        self._words: list[str] = []
        self._accepted: list[bool] | None = None
        """Whether each row matches, while all are checked: faster than asking the model for each."""
        self.setSourceModel(model)

    def show(self, name: str, state: StateFilter) -> None:
        """Show only rows whose file name contains all words of `name`, ignoring case, and whose state matches."""
        name = name.casefold().strip()
        if (name, state) == (self._name, self._state):
            return
        self._name, self._state = name, state
        self._words = name.split()
        if self.is_filtering:
            self._accepted = [self._accepts(job) for job in reversed(self._jobs.rows())]
        self.invalidate()
        self.rowCount()  # the proxy filters when it is asked for rows: do it now
        self._accepted = None

    @property
    def is_filtering(self) -> bool:
        return bool(self._name) or self._state is not StateFilter.ALL

    def job(self, row: int) -> JobRow:
        """Return the job in a visible row, counted from the top."""
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
        if self._state is StateFilter.ALL or job.state in _STATES[self._state]:
            return True
        return self._state is StateFilter.PROBLEMS and job.state is RowState.FINISHED and job.pages_failed > 0
