"""Arranges the main window's parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.drag_out.drag_and_copy import DragAndCopy
from ocrdesk.desktop.export.actions import ExportActions, jobs_with_result
from ocrdesk.desktop.export.saved_choices import ExportChoices
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
from ocrdesk.desktop.system.settings_watch import SettingsWatch
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher
from ocrdesk.desktop.window.actions import WindowActions
from ocrdesk.desktop.window.drop_overlay import DropOverlay
from ocrdesk.desktop.window.empty_state import EmptyState
from ocrdesk.desktop.window.file_opener import FileOpener
from ocrdesk.desktop.window.language_hint import LanguageHint
from ocrdesk.desktop.window.removals import Removals
from ocrdesk.desktop.window.saved_state import WindowState
from ocrdesk.desktop.window.settings_opener import SettingsOpener
from ocrdesk.desktop.window.shown_row import ShownRow
from ocrdesk.desktop.window.splitter import ListSplitter
from ocrdesk.desktop.window.status_bar import StatusBar
from ocrdesk.desktop.window.text_loader import TextLoader
from ocrdesk.desktop.window.text_pane import TextPane
from ocrdesk.desktop.window.tool_bar import FlatToolBar
from ocrdesk.desktop.window.undo_offer import UndoOffer

_SIZE = QSize(1080, 720)
_LIST_PX = 368
_FEW_SELECTED = 20
"""With more, the actions are updated once per event-loop turn, however many rows change in it."""
_MANY_SELECTED, _MANY_SELECTED_MS = 500, 400
"""With so many, the actions are not updated at each finished page either."""


class MainWindow(QMainWindow):
    """Builds and connects the parts; passes on what they ask for."""

    appeared = Signal()
    """The window was painted for the first time."""
    complete = Signal()
    """The review, which the window builds after it has appeared, is built too."""
    quit_wanted = Signal()
    """The user wants to quit the program, not only to close the window."""
    image_dropped = Signal(object)
    """A QImage that was dropped without a file."""

    def __init__(self, session: Session, tasks: Tasks, state: WindowState, servers: ServerList | None = None) -> None:
        super().__init__()
        self._session, self._state, self._tasks = session, state, tasks
        self._server_list = servers or ServerList(state.settings, KeyringStore())
        self._files = FileOpener(self, session, tasks, state)
        self._text_loader = TextLoader(session, tasks, self)
        self._review = ReviewOpener(session, tasks, ReviewState(), self)
        self.library = Library(session, tasks, LibrarySettings(state.settings, self))
        self._has_appeared = False
        self.appeared.connect(self._review.open_soon)
        self._review.created.connect(lambda _: self.complete.emit())
        self._actions_later = QTimer(self, singleShot=True)
        self._actions_later.timeout.connect(self._update_actions_now)
        self.setWindowTitle("ocrdesk")
        self.setAccessibleName(self.tr("ocrdesk"))
        self.setMinimumSize(640, 420)
        self._build()
        self._connect()
        self._show_list_or_empty_state()
        self._status_bar.show_state(session.state)
        self._update_actions()
        if not state.restore(self, self._splitter):
            self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))
            self._splitter.setSizes([_LIST_PX, _SIZE.width() - _LIST_PX])

    @property
    def settings_opener(self) -> SettingsOpener:
        """Opens the settings window."""
        return self._settings_opener

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add files and folders to the list."""
        self._files.open_paths(paths)

    def show_note(self, text: str) -> None:
        """Show a sentence in the status bar for some seconds."""
        self._status_bar.show_note(text)

    def come_to_front(self) -> None:
        """Show the window in front of others, even if it is hidden or minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        self._actions = WindowActions(self)
        self._export_actions = ExportActions(ExportChoices(self._state.settings), self)
        self._list = JobsView(self._session.model)
        self._jobs_panel = JobsPanel(self._list)
        self._job_actions = JobActions(self._session, self._list, self._jobs_panel)
        self._text_pane = TextPane(self._review)
        choices = ExportChoices(self._state.settings)
        self._drag_and_copy = DragAndCopy(self._session, self._tasks, self._list, choices, self)
        self._text_pane.add_to_head(self._drag_and_copy.button)
        self._splitter = ListSplitter()
        self._splitter.setAccessibleName(self.tr("List and text"))
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._jobs_panel)
        self._splitter.addWidget(self._text_pane)
        self._splitter.setStretchFactor(1, 1)
        self._jobs_panel.setMinimumWidth(240)
        self._text_pane.setMinimumWidth(320)
        self._empty_state = EmptyState(is_local=self._session.state.is_local)
        self._stack = QStackedWidget()
        self._stack.setAccessibleName(self.tr("Jobs"))
        self._stack.addWidget(self._empty_state)
        self._stack.addWidget(self._splitter)
        self.library_page = LibraryPage(self.library, self._stack, self._show_list_or_empty_state)
        self._status_bar = StatusBar()
        undo_offer = UndoOffer(self._status_bar, self)
        self._removals = Removals(self._session, self.library, undo_offer, self._job_actions.chunked)
        self._settings_opener = SettingsOpener(
            self, self._status_bar, self._session, self._tasks, self._state, self._server_list, self.library.settings
        )
        centre = QWidget()
        centre.setAccessibleName(self.tr("Content"))
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._status_bar)
        self.setCentralWidget(centre)
        self._overlay = DropOverlay(self)
        self._name_parts()
        self._build_menus()
        do = self._actions
        self.shortcuts = self._settings_opener.shortcuts
        review = self._review.actions
        for owner in (do, self._export_actions, self.library_page, self._drag_and_copy, review, self._job_actions):
            self.shortcuts.adopt(owner)
        self.addToolBar(FlatToolBar((do.open_files, do.open_folder, self.library_page.action), (do.cancel, do.remove)))
        PaletteWatcher(self, lambda: self._actions.update_icons(self.palette()))

    def _name_parts(self) -> None:
        name_objects(
            main_window=self,
            main_stack=self._stack,
            empty_state=self._empty_state,
            list_splitter=self._splitter,
            job_list_panel=self._jobs_panel,
            job_list=self._list,
            text_pane=self._text_pane,
            status_bar=self._status_bar,
            drop_overlay=self._overlay,
        )

    def _build_menus(self) -> None:
        do = self._actions
        file = self.file_menu = self.menuBar().addMenu(self.tr("&File"))
        file.addActions([do.open_files, do.open_folder])
        file.addSeparator()
        file.addAction(self.library_page.action)
        file.addSeparator()
        file.addAction(self._settings_opener.settings)
        file.addAction(do.quit)
        self._review.actions.add_menus(self.menuBar())
        job = self.menuBar().addMenu(self.tr("&Job"))
        job.addActions(
            [do.copy, self._drag_and_copy.copy_files, self._export_actions.join_lines, self._export_actions.export]
        )
        job.addSeparator()
        job.addActions([do.cancel, do.remove])
        self.menuBar().setAccessibleName(self.tr("Menu"))
        for menu in (file, job):
            menu.setAccessibleName(menu.title().replace("&", ""))
        self._list.addActions(
            [do.copy, self._drag_and_copy.copy_files, self._export_actions.export, do.cancel, do.remove]
        )
        self._job_actions.add_to(job)

    def _connect(self) -> None:
        do = self._actions
        do.connect_to(
            {
                do.open_files: self._files.ask_files,
                do.open_folder: self._files.ask_folder,
                do.copy: self._text_pane.copy,
                do.cancel: lambda: self._job_actions.chunked.act(
                    self._session.control.cancel, self._list.selected_keys()
                ),
                do.remove: lambda: self._removals.remove(self._selected_rows()),
                do.quit: self._quit,
            }
        )
        self._text_pane.joins_lines = self._export_actions.join_lines.isChecked()
        self._export_actions.join_lines.toggled.connect(self._join_lines)
        self._export_actions.export_wanted.connect(self._ask_export)
        self._empty_state.files_wanted.connect(self._files.ask_files)
        self._empty_state.folder_wanted.connect(self._files.ask_folder)
        self._overlay.files_dropped.connect(self.open_paths)
        self._overlay.image_dropped.connect(self.image_dropped)
        self._files.files_added.connect(self._on_files_added)
        self._files.message.connect(self._status_bar.show_note)
        self._status_bar.retry_wanted.connect(self._session.start)
        self._session.state_changed.connect(self._status_bar.show_state)
        self._session.server_changed.connect(lambda server: self._empty_state.show_location(is_local=server.is_local))
        self._session.list_expected.connect(self._empty_state.show_expected)
        self._session.trouble.connect(self._status_bar.show_note)
        settings_watch = SettingsWatch(self._state.settings, self._state.damage, self)
        settings_watch.problem.connect(self._status_bar.show_problem)
        self.library.failed.connect(self._status_bar.show_note)
        self.library_page.open_requested.connect(self._on_hit_opened)
        self._drag_and_copy.message.connect(self._status_bar.show_note)
        self._list.copy_wanted.connect(self._copy_rows)
        self._shown_row = ShownRow(self._session.model, self._list, self._text_pane, self._text_loader)
        self._language_hint = LanguageHint(self._session, self._tasks, self)
        self._text_pane.add_notice(self._language_hint.notice)
        self._shown_row.changed.connect(self._update_actions)
        self._list.selection_changed.connect(self._update_actions)
        self._text_loader.started.connect(self._text_pane.start)
        self._text_loader.started.connect(lambda _: self._language_hint.forget())
        self._text_pane.text_finished.connect(self._language_hint.judge)
        self._text_pane.password_entered.connect(self._session.control.unlock)
        self._text_loader.pages_read.connect(self._text_pane.add_pages)
        self._text_loader.completed.connect(self._text_pane.complete)
        self._text_loader.failed.connect(self._text_pane.fail)
        self._connect_review_and_list()

    def _connect_review_and_list(self) -> None:
        model, review = self._session.model, self._review
        review.all_text_changed.connect(self._text_loader.reload)
        review.message.connect(self._status_bar.show_note)
        review.action_offered.connect(self._status_bar.offer)
        self._text_pane.text_changed.connect(self._update_actions)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._show_list_or_empty_state)
        self._stack.currentChanged.connect(lambda _: review.cover(self.library_page.is_shown))
        self._stack.currentChanged.connect(lambda _: self._update_actions_now())

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────

    def _quit(self) -> None:
        self.close()
        self.quit_wanted.emit()

    def _on_files_added(self, keys: Sequence[str]) -> None:
        self._list.select(keys[0])

    def _copy_rows(self) -> None:
        if self._list.selected_count() > 1:
            self._drag_and_copy.copy_text(self._selected_rows())
        else:
            self._text_pane.copy()

    def _join_lines(self, joins: bool) -> None:
        self._text_pane.joins_lines = joins

    def _ask_export(self) -> None:
        from ocrdesk.desktop.export.dialog import ExportDialog  # imported when it is first needed

        wanted = jobs_with_result(self._selected_rows())
        if client := self._session.client_for(self.tr("Export")):
            ExportDialog(client, wanted, self._tasks, ExportChoices(self._state.settings), self).open()

    # ── after a change ───────────────────────────────────────────────────────────────────────────────

    def _on_rows_inserted(self) -> None:
        has_none = (
            self._list.current_key() is None
        )  # asked first: the list gets a current row, unselected, with the focus
        self._show_list_or_empty_state()
        if has_none:
            self._list.select_first()

    def _on_hit_opened(self, job_id: str, page: int, boxes: Sequence[tuple[int, int, int, int]]) -> None:
        row = self._session.model.row_of_job(job_id)
        if row is not None:
            self._list.select(row.key)
            self._list.setFocus()
            self._review.open().show_hit(
                page, [QRect(left, top, right - left, bottom - top) for left, top, right, bottom in boxes]
            )

    def _show_list_or_empty_state(self) -> None:
        if self.library_page.is_shown:
            return
        focused = self.focusWidget()
        is_focus_free = focused is None or self._empty_state.isAncestorOf(focused)
        self._stack.setCurrentWidget(self._splitter if self._session.model.rowCount() else self._empty_state)
        if is_focus_free and self._stack.currentWidget() is self._splitter:
            self._list.setFocus()  # not the filter, which would receive what is pasted next

    def _selected_rows(self) -> list[JobRow]:
        return self._list.selected_rows()

    def _update_actions(self) -> None:
        count = self._list.selected_count()
        if count <= _FEW_SELECTED:
            self._update_actions_now()
        elif not self._actions_later.isActive():
            self._actions_later.start(0 if count <= _MANY_SELECTED else _MANY_SELECTED_MS)

    def _update_actions_now(self) -> None:
        """Enable what can be done with the selected rows: with none while the library hides them."""
        is_list_shown = not self.library_page.is_shown
        rows = self._selected_rows() if is_list_shown else []
        self._actions.enable_for(rows, can_copy=is_list_shown and self._text_pane.can_copy())
        self._export_actions.enable_for(rows)
        self._drag_and_copy.enable_for(rows)
        self._job_actions.enable_for(rows, is_list_shown=is_list_shown)

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_appeared:
            self._has_appeared = True
            QTimer.singleShot(0, self.appeared.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._state.save(self, self._splitter)
        self._removals.finish()
        self._review.close_review()
        super().closeEvent(event)
