"""The list on the left: one row a job, for mouse and keyboard alike."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from ocrdesk.desktop.job_list.delegate import JobDelegate
from ocrdesk.desktop.job_list.filter import JobsFilter, Shown
from ocrdesk.desktop.jobs.model import JobRole, JobsModel
from ocrdesk.desktop.jobs.row import JobRow

_TIME_LEFT_MS = 15_000


class JobsView(QListView):
    """Rows are named by their keys to the outside, so nobody has to hold on to an index."""

    current_changed = Signal(object)
    """The current row's key, or None."""
    selection_changed = Signal()
    dragged = Signal(object, object)
    """Keys that were let go above the row with another key, or under all rows (None)."""
    taken_out = Signal()
    """The selected rows are dragged, and it is not about their order."""
    copy_wanted = Signal()
    """Of the selected rows."""

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._filter = JobsFilter(model, self)
        self._pressed: JobRow | None = None
        self._is_taken_out = False
        self.setModel(self._filter)
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
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setAccessibleName(self.tr("Jobs"))
        self.selectionModel().currentChanged.connect(lambda index, _: self.current_changed.emit(_key(index)))
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.selection_changed.emit())
        self._tick = QTimer(self, interval=_TIME_LEFT_MS)
        self._tick.timeout.connect(self.viewport().update)  # the time that is left goes down by itself
        self._tick.start()

    def current_key(self) -> str | None:
        return _key(self.currentIndex())

    def selected_keys(self) -> list[str]:
        """From the top down."""
        return [row.key for row in self.selected_rows()]

    def selected_rows(self) -> list[JobRow]:
        """From the top down; by spans and not by indexes, of which Qt would make thousands."""
        selection = self.selectionModel().selection()
        spans = sorted((span.top(), span.bottom()) for span in map(selection.at, range(selection.count())))
        return [self._filter.job(row) for top, bottom in spans for row in range(top, bottom + 1)]

    def selected_count(self) -> int:
        """Without looking at each."""
        spans = self.selectionModel().selection()
        return sum(spans.at(number).height() for number in range(spans.count()))

    def shown_keys(self) -> list[str]:
        """All rows that the filter lets through, from the top down."""
        return [self._filter.job(row).key for row in range(self._filter.rowCount())]

    def show_only(self, name: str, shown: Shown) -> None:
        """See JobsFilter; the current row stays in view where it is still there."""
        self._filter.show(name, shown)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def select(self, key: str) -> None:
        index = self._filter.mapFromSource(self._model.index_of(key))
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def select_first(self) -> None:
        if key := _key(self._filter.index(0, 0)):
            self.select(key)

    # ── dragging: Qt shows it, who owns the order moves the rows ─────────────────────────────────

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._pressed, self._is_taken_out = (self._filter.job(index.row()) if index.isValid() else None), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_taken_out and event.buttons():
            return  # the drag begins as soon as it can; until then Qt would select whatever is under the mouse
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_taken_out:
            self._is_taken_out = False  # the selection stays, to be dragged once more
            return
        super().mouseReleaseEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        if self._pressed is not None and self._pressed.is_unsent:
            super().startDrag(actions)
        else:
            self._is_taken_out = True
            self.taken_out.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is self:
            super().dragEnterEvent(event)
        else:
            event.ignore()  # files: the window takes them

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.source() is self:
            super().dragMoveEvent(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        if event.source() is not self:
            event.ignore()
            return
        self.dragged.emit(self.selected_keys(), self.key_below(event.position().toPoint()))
        event.setDropAction(Qt.DropAction.IgnoreAction)  # or Qt removes the rows that it thinks it moved
        event.accept()

    def key_below(self, point: QPoint) -> str | None:
        """The row that would follow what is let go there: the one under the upper half of a row is that row."""
        place = self.indexAt(point)
        below = place.isValid() and point.y() > self.visualRect(place).center().y()
        return _key(place.siblingAtRow(place.row() + 1) if below else place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()  # the actions' own
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()  # Qt would copy the file's name
            return
        super().keyPressEvent(event)


def _key(index: QModelIndex) -> str | None:
    return index.data(JobRole.KEY) if index.isValid() else None
