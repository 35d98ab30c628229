"""The list view: one row per job, for mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from ocrdesk.desktop.job_list.delegate import JobDelegate
from ocrdesk.desktop.job_list.filter import JobsFilter, StateFilter
from ocrdesk.desktop.jobs.model import JobRole, JobsModel
from ocrdesk.desktop.jobs.row import JobRow

_TIME_LEFT_MS = 15_000


class JobsView(QListView):
    """Identifies rows by their keys, so that no caller keeps an index."""

    current_changed = Signal(object)
    """The current row's key, or None."""
    selection_changed = Signal()
    dragged = Signal(object, object)
    """Keys that were dropped above the row with another key, or below all rows (None)."""
    drag_out_started = Signal()
    """The user drags the selected rows out of the list, not to another place in it."""
    copy_wanted = Signal()
    """The user wants to copy the selected rows."""

    def __init__(self, model: JobsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._filter = JobsFilter(model, self)
        self._pressed: JobRow | None = None
        self._is_dragged_out = False
        self._last_key: str | None = None
        """The last row that was current, which a filter may hide."""
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
        self.selectionModel().currentChanged.connect(self._on_current_index)
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.selection_changed.emit())
        self._filter.rowsRemoved.connect(self.selection_changed)  # Qt does not report that a filter hides selected rows
        self._tick = QTimer(self, interval=_TIME_LEFT_MS)
        self._tick.timeout.connect(self.viewport().update)  # the time that is left goes down by itself
        self._tick.start()

    def current_key(self) -> str | None:
        return _key(self.currentIndex())

    def selected_keys(self) -> list[str]:
        """Return the keys from the top down."""
        return [row.key for row in self.selected_rows()]

    def selected_rows(self) -> list[JobRow]:
        """Return the rows from the top down; by spans, not by indexes, of which Qt would make thousands."""
        selection = self.selectionModel().selection()
        spans = sorted((span.top(), span.bottom()) for span in map(selection.at, range(selection.count())))
        return [self._filter.job(row) for top, bottom in spans for row in range(top, bottom + 1)]

    def selected_count(self) -> int:
        """Return the number of selected rows without checking each."""
        spans = self.selectionModel().selection()
        return sum(spans.at(number).height() for number in range(spans.count()))

    def shown_keys(self) -> list[str]:
        """Return the keys of all rows that match the filter, from the top down."""
        return [self._filter.job(row).key for row in range(self._filter.rowCount())]

    def show_only(self, name: str, state: StateFilter) -> None:
        """Filter the rows. The current row stays current if it matches, and is current again once it does."""
        self._filter.show(name, state)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        elif self._last_key is not None:
            self.select(self._last_key)
        self.selection_changed.emit()

    def select(self, key: str) -> None:
        index = self._filter.mapFromSource(self._model.index_of(key))
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def select_first(self) -> None:
        if key := _key(self._filter.index(0, 0)):
            self.select(key)

    def _on_current_index(self, index: QModelIndex, _before: QModelIndex) -> None:
        key = _key(index)
        self._last_key = key or self._last_key
        self.current_changed.emit(key)

    # ── dragging: Qt shows it, the receiver of `dragged` moves rows ──────────────────────────────────

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._pressed, self._is_dragged_out = (self._filter.job(index.row()) if index.isValid() else None), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_dragged_out and event.buttons():
            return  # the drag begins later; until then Qt would select rows under the mouse
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_dragged_out:
            self._is_dragged_out = False  # the selection stays, to be dragged again
            return
        super().mouseReleaseEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        if self._pressed is not None and self._pressed.is_unsent:
            super().startDrag(actions)
        else:
            self._is_dragged_out = True
            self.drag_out_started.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is self:
            super().dragEnterEvent(event)
        else:
            event.ignore()  # the window accepts files

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
        """Return the key of the row that would follow what is dropped there: on the upper half of a row, that row."""
        place = self.indexAt(point)
        below = place.isValid() and point.y() > self.visualRect(place).center().y()
        return _key(place.siblingAtRow(place.row() + 1) if below else place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()  # shortcuts of actions
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()  # Qt would copy the file's name
            return
        super().keyPressEvent(event)


def _key(index: QModelIndex) -> str | None:
    return index.data(JobRole.KEY) if index.isValid() else None
