"""The list on the left: one row a job, for mouse and keyboard alike."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from ocrdesk.desktop.job_delegate import JobDelegate
from ocrdesk.desktop.jobs_model import JobRole, JobsModel


class JobsView(QListView):
    """Rows are named by their keys to the outside, so nobody has to hold on to an index."""

    current_changed = Signal(object)
    """The current row's key, or None."""
    selection_changed = Signal()

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setItemDelegate(JobDelegate(self))
        self.setUniformItemSizes(True)  # or Qt asks the delegate for each of thousands of rows
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Jobs"))
        self.selectionModel().currentChanged.connect(lambda index, _: self.current_changed.emit(_key(index)))
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.selection_changed.emit())

    def current_key(self) -> str | None:
        return _key(self.currentIndex())

    def selected_keys(self) -> list[str]:
        """From the top down."""
        indexes = sorted(self.selectionModel().selectedIndexes(), key=lambda index: index.row())
        return [index.data(JobRole.KEY) for index in indexes]

    def select(self, key: str) -> None:
        index = self._model.index_of(key)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def select_first(self) -> None:
        if key := _key(self._model.index(0)):
            self.select(key)


def _key(index: QModelIndex) -> str | None:
    return index.data(JobRole.KEY) if index.isValid() else None
