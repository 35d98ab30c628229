"""The window: puts its parts together and passes on what they want; it does nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.drag_out.drag_and_copy import DragAndCopy
from ocrdesk.desktop.export.actions import ExportActions, jobs_with_result
from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.intake.file_collector import FileIntake, Intake
from ocrdesk.desktop.job_list.actions import JobActions
from ocrdesk.desktop.job_list.panel import JobsPanel
from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.library.library import Library
from ocrdesk.desktop.library.library_page import LibraryPage
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.review.opener import ReviewOpener
from ocrdesk.desktop.review.saved_state import ReviewState
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher
from ocrdesk.desktop.window.actions import WindowActions
from ocrdesk.desktop.window.drop_overlay import DropOverlay
from ocrdesk.desktop.window.empty_state import EmptyState
from ocrdesk.desktop.window.saved_state import WindowState
from ocrdesk.desktop.window.settings_opener import SettingsOpener
from ocrdesk.desktop.window.splitter import ListSplitter
from ocrdesk.desktop.window.status_bar import StatusBar
from ocrdesk.desktop.window.text_loader import TextLoader
from ocrdesk.desktop.window.text_pane import TextPane
from ocrdesk.desktop.window.tool_bar import FlatToolBar

_SIZE = QSize(1080, 720)
_LIST_PX = 368
_FEW_SELECTED = 20
"""With more, what can be done with them is worked out once a turn of the event loop, however many rows change in it."""
_MANY_SELECTED, _MANY_SELECTED_MS = 500, 400
"""With so many, not at each page that is read either."""


class MainWindow(QMainWindow):
    appeared = Signal()
    """The window was painted for the first time."""
    complete = Signal()
    """What it can do without at first is made too; that begins when it has appeared, unless it is needed sooner."""
    quit_wanted = Signal()
    """The program is to end, and not only the window to close."""
    picture_dropped = Signal(object)
    """A QImage that came without a file."""

    def __init__(self, session: Session, tasks: Tasks, memory: WindowState, book: ServerList | None = None) -> None:
        super().__init__()
        self._session, self._memory, self._tasks = session, memory, tasks
        self._book = book or ServerList(memory.settings, KeyringStore())
        self._intake = FileIntake(tasks, self)
        self._reader = TextLoader(session, tasks, self)
        self._review_door = ReviewOpener(session, tasks, ReviewState(), self)
        self.library = Library(session, tasks, LibrarySettings(memory.settings, self))
        self._has_appeared = False
        self.appeared.connect(self._review_door.open_soon)
        self._review_door.created.connect(lambda _: self.complete.emit())
        self._actions_later = QTimer(self, singleShot=True)
        self._actions_later.timeout.connect(self._update_actions_now)
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

    @property
    def door(self) -> SettingsOpener:
        """The way into the settings."""
        return self._door

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Takes in files and folders, wherever they come from."""
        if paths:
            self._select_next_batch = True
            self._intake.take(paths)

    def show_note(self, text: str) -> None:
        """A sentence in the last line, for some seconds."""
        self._strip.show_note(text)

    def come_to_front(self) -> None:
        """Also when it is hidden or minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self._actions = WindowActions(self)
        self._out = ExportActions(ExportChoices(self._memory.settings), self)
        self._list = JobsView(self._session.model)
        self._jobs_panel = JobsPanel(self._list)
        self._job_actions = JobActions(self._session, self._list, self._jobs_panel)
        self._pane = TextPane(self._review_door)
        memory = ExportChoices(self._memory.settings)
        self._taking_out = DragAndCopy(self._session, self._tasks, self._list, memory, self)
        self._pane.add_to_head(self._taking_out.button)
        self._splitter = ListSplitter()
        self._splitter.setAccessibleName(self.tr("List and text"))
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._jobs_panel)
        self._splitter.addWidget(self._pane)
        self._splitter.setStretchFactor(1, 1)
        self._jobs_panel.setMinimumWidth(240)
        self._pane.setMinimumWidth(320)
        self._invitation = EmptyState(is_local=self._session.state.is_local)
        self._stack = QStackedWidget()
        self._stack.setAccessibleName(self.tr("Jobs"))
        self._stack.addWidget(self._invitation)
        self._stack.addWidget(self._splitter)
        self.library_place = LibraryPage(self.library, self._stack, self._show_list_or_invitation)
        self._strip = StatusBar()
        self._door = SettingsOpener(
            self, self._strip, self._session, self._tasks, self._memory, self._book, self.library.settings
        )
        centre = QWidget()
        centre.setAccessibleName(self.tr("Content"))
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._strip)
        self.setCentralWidget(centre)
        self._overlay = DropOverlay(self)
        self._name_parts()
        self._build_menus()
        do = self._actions
        self.shortcuts = self._door.shortcuts
        review = self._review_door
        for owner in (do, self._out, self.library_place, self._taking_out, review.actions, self._job_actions):
            self.shortcuts.adopt(owner)
        self.addToolBar(FlatToolBar((do.open_files, do.open_folder, self.library_place.action), (do.cancel, do.remove)))
        PaletteWatcher(self, lambda: self._actions.dress(self.palette()))

    def _name_parts(self) -> None:
        name_objects(
            main_window=self,
            main_stack=self._stack,
            empty_state=self._invitation,
            list_splitter=self._splitter,
            job_list_panel=self._jobs_panel,
            job_list=self._list,
            text_pane=self._pane,
            status_bar=self._strip,
            drop_overlay=self._overlay,
        )

    def _build_menus(self) -> None:
        do = self._actions
        file = self.file_menu = self.menuBar().addMenu(self.tr("&File"))
        file.addActions([do.open_files, do.open_folder])
        file.addSeparator()
        file.addAction(self.library_place.action)
        file.addSeparator()
        file.addAction(self._door.settings)
        file.addAction(do.quit)
        self._review_door.actions.add_menus(self.menuBar())
        job = self.menuBar().addMenu(self.tr("&Job"))
        job.addActions([do.copy, self._taking_out.copy_files, self._out.join_lines, self._out.export])
        job.addSeparator()
        job.addActions([do.cancel, do.remove])
        self.menuBar().setAccessibleName(self.tr("Menu"))
        for menu in (file, job):
            menu.setAccessibleName(menu.title().replace("&", ""))
        self._list.addActions([do.copy, self._taking_out.copy_files, self._out.export, do.cancel, do.remove])
        self._job_actions.add_to(job)

    def _connect(self) -> None:
        do, model = self._actions, self._session.model
        do.connect_to(
            {
                do.open_files: self._ask_files,
                do.open_folder: self._ask_folder,
                do.copy: self._pane.copy,
                do.cancel: lambda: self._job_actions.lots.act(self._session.cancel, self._list.selected_keys()),
                do.remove: self._remove,
                do.quit: self._quit,
            }
        )
        self._pane.joins_lines = self._out.join_lines.isChecked()
        self._out.join_lines.toggled.connect(self._join_lines)
        self._out.export_wanted.connect(self._ask_export)
        self._invitation.files_wanted.connect(self._ask_files)
        self._invitation.folder_wanted.connect(self._ask_folder)
        self._overlay.files_dropped.connect(self.open_paths)
        self._overlay.picture_dropped.connect(self.picture_dropped)
        self._intake.found.connect(self._on_found)
        self._intake.done.connect(self._on_intake_done)
        self._strip.retry_wanted.connect(self._session.start)
        self._session.state_changed.connect(self._strip.show_state)
        self._session.server_changed.connect(lambda server: self._invitation.show_place(is_local=server.is_local))
        self._session.trouble.connect(self._strip.show_note)
        self.library.failed.connect(self._strip.show_note)
        self.library_place.open_requested.connect(self._on_hit_opened)
        self._taking_out.message.connect(self._strip.show_note)
        self._list.copy_wanted.connect(self._copy_rows)
        self._list.current_changed.connect(self._on_current)
        self._list.selection_changed.connect(self._update_actions)
        self._reader.started.connect(self._pane.start)
        self._reader.pages_read.connect(self._pane.add_pages)
        self._reader.completed.connect(self._pane.complete)
        self._reader.failed.connect(self._pane.fail)
        review = self._review_door
        review.all_text_changed.connect(self._reader.reload)
        review.message.connect(self._strip.show_note)
        review.action_offered.connect(self._strip.offer)
        self._pane.text_changed.connect(self._update_actions)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._show_list_or_invitation)
        self._list.model().dataChanged.connect(self._on_rows_changed)

    # ── intents, passed on ───────────────────────────────────────────────────────────────────────

    def _ask_files(self) -> None:
        from ocrdesk.desktop.intake import file_dialogs  # when it is first wanted

        file_dialogs.ask_files(self, self._memory.last_folder, self._on_chosen)

    def _ask_folder(self) -> None:
        from ocrdesk.desktop.intake import file_dialogs

        file_dialogs.ask_folder(self, self._memory.last_folder, self._on_chosen)

    def _on_chosen(self, paths: Sequence[Path]) -> None:
        if paths:
            self._memory.last_folder = str(paths[0].parent)
        self.open_paths(paths)

    def _quit(self) -> None:
        self.close()
        self.quit_wanted.emit()

    def _on_found(self, paths: Sequence[Path]) -> None:
        keys = self._session.open_files(paths)
        if self._select_next_batch:
            self._select_next_batch = False
            self._list.select(keys[0])

    def _on_intake_done(self, intake: Intake) -> None:
        self._strip.show_note(_said_of(self, intake))

    def _copy_rows(self) -> None:
        if self._list.selected_count() > 1:
            self._taking_out.copy_text(self._selected_rows())
        else:
            self._pane.copy()

    def _join_lines(self, joins: bool) -> None:
        self._pane.joins_lines = joins

    def _ask_export(self) -> None:
        from ocrdesk.desktop.export.dialog import ExportDialog  # when it is first wanted

        wanted = jobs_with_result(self._selected_rows())
        if client := self._session.client_for(self.tr("Export")):
            ExportDialog(client, wanted, self._tasks, ExportChoices(self._memory.settings), self).open()

    def _remove(self) -> None:
        rows = self._selected_rows()
        self._job_actions.lots.act(self._session.remove, [row.key for row in rows if row.state.is_over])

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

    def _on_hit_opened(self, job_id: str, page: int, boxes: Sequence[tuple[int, int, int, int]]) -> None:
        row = self._session.model.row_of_job(job_id)
        if row is not None:
            self._list.select(row.key)
            self._list.setFocus()
            self._review_door.open().show_hit(
                page, [QRect(left, top, right - left, bottom - top) for left, top, right, bottom in boxes]
            )

    def _show_list_or_invitation(self) -> None:
        if self.library_place.is_shown:
            return
        focused = self.focusWidget()
        is_focus_free = focused is None or self._invitation.isAncestorOf(focused)
        self._stack.setCurrentWidget(self._splitter if self._session.model.rowCount() else self._invitation)
        if is_focus_free and self._stack.currentWidget() is self._splitter:
            self._list.setFocus()  # not the filter, which would take what is pasted next

    def _selected_rows(self) -> list[JobRow]:
        return self._list.selected_rows()

    def _update_actions(self) -> None:
        count = self._list.selected_count()
        if count <= _FEW_SELECTED:
            self._update_actions_now()
        elif not self._actions_later.isActive():
            self._actions_later.start(0 if count <= _MANY_SELECTED else _MANY_SELECTED_MS)

    def _update_actions_now(self) -> None:
        rows = self._selected_rows()
        self._actions.enable_for(rows, can_copy=self._pane.can_copy())
        self._out.enable_for(rows)
        self._taking_out.enable_for(rows)
        self._job_actions.enable_for(rows)

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_appeared:
            self._has_appeared = True
            QTimer.singleShot(0, self.appeared.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._memory.save(self, self._splitter)
        self._job_actions.lots.finish()
        self._review_door.close_review()
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
