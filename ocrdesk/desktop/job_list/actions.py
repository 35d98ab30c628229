"""Actions on the selected jobs, and on all that the list shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from ocrdesk.desktop.background.chunked_work import Act, ChunkedWork
from ocrdesk.desktop.job_list.panel import JobsPanel
from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.jobs.row import JobRow, RowState
from ocrdesk.desktop.session.job_control import Move
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.ui.object_names import name_objects


class JobActions(QObject):
    """The actions, their shortcuts, and the calls behind them."""

    def __init__(self, session: Session, jobs: JobsView, panel: JobsPanel) -> None:
        super().__init__(jobs)
        self._session, self._jobs, self._control = session, jobs, session.control
        control = self._control
        self.chunked = ChunkedWork(self)
        self.pause = self._on_selected(self.tr("&Pause"), "Ctrl+P", control.pause)
        self.resume = self._on_selected(self.tr("R&esume"), "Ctrl+Shift+P", control.resume)
        self.retry = self._on_selected(self.tr("&Try again"), "Ctrl+R", control.retry)
        self.move_up = self._moving(self.tr("Move &up"), "Alt+Up", Move.UP)
        self.move_down = self._moving(self.tr("Move &down"), "Alt+Down", Move.DOWN)
        self.move_top = self._moving(self.tr("Move to t&op"), "Alt+Home", Move.TOP)
        self.move_bottom = self._moving(self.tr("Move to &bottom"), "Alt+End", Move.BOTTOM)
        self.pause_all = self._on_all(self.tr("Pause a&ll"), control.pause)
        self.resume_all = self._on_all(self.tr("Resu&me all"), control.resume)
        self.retry_all = self._on_all(self.tr("Try all failed a&gain"), control.retry_failed)
        self.cancel_all = self._on_all(self.tr("Ca&ncel all"), session.control.cancel)
        self.select_all = self._action(self.tr("&Select all"), QKeySequence.StandardKey.SelectAll, jobs.selectAll)
        self.select_all.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.find = self._action(self.tr("&Filter the list"), QKeySequence("Ctrl+Shift+F"), panel.begin_filter)
        name_objects(
            action_pause=self.pause,
            action_resume=self.resume,
            action_retry=self.retry,
            action_move_up=self.move_up,
            action_move_down=self.move_down,
            action_move_top=self.move_top,
            action_move_bottom=self.move_bottom,
            action_pause_all=self.pause_all,
            action_resume_all=self.resume_all,
            action_retry_all=self.retry_all,
            action_cancel_all=self.cancel_all,
            action_select_all=self.select_all,
            action_filter_jobs=self.find,
        )
        self._moves = (self.move_top, self.move_up, self.move_down, self.move_bottom)
        jobs.dragged.connect(control.move_before)

    def add_to(self, menu: QMenu) -> None:
        """Add all actions to a menu, in groups."""
        menu.addSeparator()
        menu.addActions([self.pause, self.resume, self.retry])
        menu.addSeparator()
        menu.addActions(self._moves)
        menu.addSeparator()
        menu.addActions([self.pause_all, self.resume_all, self.retry_all, self.cancel_all])
        menu.addSeparator()
        menu.addActions([self.select_all, self.find])
        line = QAction(self)
        line.setSeparator(True)
        self._jobs.addActions([line, self.pause, self.resume, self.retry, *self._moves, self.select_all])

    def enable_for(self, rows: Sequence[JobRow], *, is_list_shown: bool = True) -> None:
        """Enable what can be done with the selected rows, and with all rows if the list is shown."""
        self.pause.setEnabled(any(row.can_pause for row in rows))
        self.resume.setEnabled(any(row.state is RowState.PAUSED for row in rows))
        self.retry.setEnabled(any(row.can_retry for row in rows))
        can_move = any(row.is_unsent for row in rows)
        for action in self._moves:
            action.setEnabled(can_move)
        for action in (self.pause_all, self.resume_all, self.retry_all, self.cancel_all):
            action.setEnabled(is_list_shown)

    def _on_selected(self, text: str, keys: str, act: Act) -> QAction:
        return self._action(text, QKeySequence(keys), lambda: self.chunked.act(act, self._jobs.selected_keys()))

    def _on_all(self, text: str, act: Act) -> QAction:
        return self._action(text, None, lambda: self.chunked.act(act, self._jobs.shown_keys()))

    def _moving(self, text: str, keys: str, move: Move) -> QAction:
        """Make an action that moves all rows at once: the place of one depends on the others."""
        return self._action(text, QKeySequence(keys), lambda: self._control.move(self._jobs.selected_keys(), move))

    def _action(
        self, text: str, keys: QKeySequence | QKeySequence.StandardKey | None, act: Callable[[], None]
    ) -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(keys)
        action.triggered.connect(lambda _checked=False: act())
        return action
