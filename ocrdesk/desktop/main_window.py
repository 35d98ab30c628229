"""The window: puts its parts together and passes on what they want; it does nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ocrdesk.desktop import file_dialogs
from ocrdesk.desktop.drop_overlay import DropOverlay
from ocrdesk.desktop.empty_state import EmptyState
from ocrdesk.desktop.file_intake import FileIntake, Intake
from ocrdesk.desktop.flat_tool_bar import FlatToolBar
from ocrdesk.desktop.job_row import JobRow
from ocrdesk.desktop.jobs_view import JobsView
from ocrdesk.desktop.key_vault import KeyVault
from ocrdesk.desktop.palette_watch import PaletteWatch
from ocrdesk.desktop.reader import Reader
from ocrdesk.desktop.server_book import ServerBook
from ocrdesk.desktop.session import Session
from ocrdesk.desktop.settings_door import SettingsDoor
from ocrdesk.desktop.status_strip import StatusStrip
from ocrdesk.desktop.tasks import Tasks
from ocrdesk.desktop.text_pane import TextPane
from ocrdesk.desktop.window_actions import WindowActions
from ocrdesk.desktop.window_memory import WindowMemory

_SIZE = QSize(1080, 720)
_LIST_PX = 368


class MainWindow(QMainWindow):
    appeared = Signal()
    """The window was painted for the first time."""

    def __init__(self, session: Session, tasks: Tasks, memory: WindowMemory, book: ServerBook | None = None) -> None:
        super().__init__()
        self._session, self._tasks, self._memory = session, tasks, memory
        self._book = book or ServerBook(memory.store, KeyVault())
        self._intake = FileIntake(tasks, self)
        self._reader = Reader(session, tasks, self)
        self._has_appeared = False
        self._select_next_batch = False
        self.setWindowTitle("ocrdesk")
        self.setAccessibleName(self.tr("ocrdesk"))
        self.setMinimumSize(640, 420)
        self._build()
        self._connect()
        self._show_list_or_invitation()
        self._strip.show_state(session.state)
        self._update_actions()
        if not memory.restore(self, self._splitter):
            self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))
            self._splitter.setSizes([_LIST_PX, _SIZE.width() - _LIST_PX])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Takes in files and folders, wherever they come from."""
        if paths:
            self._select_next_batch = True
            self._intake.take(paths)

    # ── parts ────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self._actions = WindowActions(self)
        self._list = JobsView(self._session.model)
        self._pane = TextPane()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setAccessibleName(self.tr("List and text"))
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._list)
        self._splitter.addWidget(self._pane)
        self._splitter.setStretchFactor(1, 1)
        self._list.setMinimumWidth(240)
        self._pane.setMinimumWidth(320)
        self._invitation = EmptyState(is_local=self._session.state.is_local)
        self._stack = QStackedWidget()
        self._stack.setAccessibleName(self.tr("Jobs"))
        self._stack.addWidget(self._invitation)
        self._stack.addWidget(self._splitter)
        self._strip = StatusStrip()
        self._door = SettingsDoor(self, self._strip, self._session, self._tasks, self._memory, self._book)
        centre = QWidget()
        centre.setAccessibleName(self.tr("Content"))
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._strip)
        self.setCentralWidget(centre)
        self._overlay = DropOverlay(self)
        self._build_menus()
        self._door.shortcuts.adopt(self._actions)
        do = self._actions
        self.addToolBar(FlatToolBar((do.open_files, do.open_folder), (do.cancel, do.remove)))
        PaletteWatch(self, lambda: self._actions.dress(self.palette()))

    def _build_menus(self) -> None:
        do = self._actions
        file = self.menuBar().addMenu(self.tr("&File"))
        file.addActions([do.open_files, do.open_folder])
        file.addSeparator()
        file.addAction(self._door.settings)
        file.addAction(do.quit)
        job = self.menuBar().addMenu(self.tr("&Job"))
        job.addActions([do.copy, do.cancel, do.remove])
        self.menuBar().setAccessibleName(self.tr("Menu"))
        for menu in (file, job):
            menu.setAccessibleName(menu.title().replace("&", ""))
        self._list.addActions([do.copy, do.cancel, do.remove])

    def _connect(self) -> None:
        do, model = self._actions, self._session.model
        do.connect_to(
            {
                do.open_files: self._ask_files,
                do.open_folder: self._ask_folder,
                do.copy: self._pane.copy,
                do.cancel: lambda: self._session.cancel(self._list.selected_keys()),
                do.remove: self._remove,
                do.quit: self.close,
            }
        )
        self._invitation.files_wanted.connect(self._ask_files)
        self._invitation.folder_wanted.connect(self._ask_folder)
        self._overlay.files_dropped.connect(self.open_paths)
        self._intake.found.connect(self._on_found)
        self._intake.done.connect(self._on_intake_done)
        self._strip.retry_wanted.connect(self._session.start)
        self._session.state_changed.connect(self._strip.show_state)
        self._session.server_changed.connect(lambda server: self._invitation.show_place(is_local=server.is_local))
        self._session.trouble.connect(self._strip.show_note)
        self._list.current_changed.connect(self._on_current)
        self._list.selection_changed.connect(self._update_actions)
        self._reader.started.connect(self._pane.start)
        self._reader.pages_read.connect(self._pane.add_pages)
        self._reader.completed.connect(self._pane.complete)
        self._reader.failed.connect(self._pane.fail)
        self._pane.text_changed.connect(self._update_actions)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._show_list_or_invitation)
        model.dataChanged.connect(self._on_rows_changed)

    # ── intents, passed on ───────────────────────────────────────────────────────────────────────

    def _ask_files(self) -> None:
        file_dialogs.ask_files(self, self._memory.last_folder, self._on_chosen)

    def _ask_folder(self) -> None:
        file_dialogs.ask_folder(self, self._memory.last_folder, self._on_chosen)

    def _on_chosen(self, paths: Sequence[Path]) -> None:
        if paths:
            self._memory.last_folder = str(paths[0].parent)
        self.open_paths(paths)

    def _on_found(self, paths: Sequence[Path]) -> None:
        keys = self._session.open_files(paths)
        if self._select_next_batch:
            self._select_next_batch = False
            self._list.select(keys[0])

    def _on_intake_done(self, intake: Intake) -> None:
        self._strip.show_note(_said_of(self, intake))

    def _remove(self) -> None:
        rows = self._selected_rows()
        self._session.remove([row.key for row in rows if row.state.is_over])

    # ── what follows from a change ───────────────────────────────────────────────────────────────

    def _on_current(self, key: str | None) -> None:
        row = self._session.model.row(key) if key else None
        self._pane.show_row(row)
        self._reader.show(row)
        self._update_actions()

    def _on_rows_inserted(self) -> None:
        has_none = self._list.current_key() is None  # asked first: with the focus the list takes one, unselected
        self._show_list_or_invitation()
        if has_none:
            self._list.select_first()

    def _on_rows_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self._list.currentIndex()
        if current.isValid() and first.row() <= current.row() <= last.row():
            self._pane.show_row(self._session.model.row(self._list.current_key() or ""))
        self._update_actions()

    def _show_list_or_invitation(self) -> None:
        self._stack.setCurrentWidget(self._splitter if self._session.model.rowCount() else self._invitation)

    def _selected_rows(self) -> list[JobRow]:
        rows = (self._session.model.row(key) for key in self._list.selected_keys())
        return [row for row in rows if row is not None]

    def _update_actions(self) -> None:
        self._actions.enable_for(self._selected_rows(), can_copy=self._pane.can_copy())

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_appeared:
            self._has_appeared = True
            QTimer.singleShot(0, self.appeared.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._memory.save(self, self._splitter)
        super().closeEvent(event)


def _said_of(window: QWidget, intake: Intake) -> str:
    """What came of a drop, in one sentence."""
    tr = window.tr
    if not intake.taken and not intake.skipped and not intake.unreadable:
        return tr("The folder is empty.")
    parts = [tr("1 file added") if intake.taken == 1 else tr("{count} files added").format(count=intake.taken)]
    if intake.skipped:
        parts.append(tr("{count} of other types skipped").format(count=intake.skipped))
    if intake.unreadable:
        parts.append(tr("{count} folders could not be opened").format(count=intake.unreadable))
    return ", ".join(parts) + "."
