"""Gives finished jobs to other programs: fetches them when a drag begins or they are copied, and hands them over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import platformdirs
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDrag, QGuiApplication, QKeySequence

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.drag_out.drag_button import DragButton
from ocrdesk.desktop.export.actions import wanted_of
from ocrdesk.desktop.export.saved_choices import ExportChoices
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.system.clipboard import ClipboardWriter
from ocrdesk.desktop.ui.object_names import name_objects

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.events import Event
    from ocrdesk.desktop.drag_out.result_fetcher import FetchedResult
    from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder
    from ocrdesk.desktop.export.plan import Export, Wanted

_NATIVE = QKeySequence.SequenceFormat.NativeText
_FELT_MS = 400
"""Before that nobody wonders why nothing hangs on the mouse."""
_TIDY_AFTER_MS = 10_000
_GOODBYE_S = 0.5


class _Order(NamedTuple):
    """What is to be handed over, and how."""

    wanted: tuple[Wanted, ...]
    export: Export | None
    """None for text alone."""
    joins_lines: bool


class DragAndCopy(QObject):
    """A drag begins once its files are there and the button is still held, so no program waits for them, nor do we.

    Qt asks for a drag's data from within the window system's own calls, where waiting for a server would stop
    the window, and on Wayland the other program too.
    """

    said = Signal(str)
    """A sentence for the user."""

    def __init__(self, session: Session, tasks: Tasks, jobs: JobsView, memory: ExportChoices, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._jobs, self._memory = session, tasks, jobs, memory
        self._clipboard = ClipboardWriter(parent=self)
        self._folder: TemporaryFolder | None = None
        self._task = Task()
        self._ready: tuple[_Order, FetchedResult] | None = None
        """Files that came after the mouse was let go: the next drag of the same takes them."""
        self.copy_files = QAction(self.tr("Copy as f&iles"), self)
        self.copy_files.setShortcut(QKeySequence("Ctrl+Shift+E"))
        tip = self.tr("Copy the selected results as files, to paste them into a folder or a mail")
        self.copy_files.setStatusTip(tip)
        self.copy_files.setToolTip(f"{tip} ({self.copy_files.shortcut().toString(_NATIVE)})")
        self.copy_files.triggered.connect(lambda _checked=False: self.copy(jobs.selected_rows()))
        self.grip = DragButton()
        self.grip.dragged.connect(lambda: self.drag(self._current()))
        self.grip.clicked.connect(lambda: self.copy(self._current()))
        name_objects(action_copy_files=self.copy_files, drag_button=self.grip)
        self._slow = QTimer(self, singleShot=True, interval=_FELT_MS)
        self._slow.timeout.connect(lambda: self.said.emit(self.tr("Getting the files ready…")))
        jobs.drag_out_started.connect(lambda: self.drag(jobs.selected_rows()))
        session.job_event.connect(self._on_event)
        session.server_changed.connect(lambda _server: self._forget())
        QTimer.singleShot(_TIDY_AFTER_MS, self, self._tidy)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)  # and not with the window, which may go to the tray

    def enable_for(self, rows: Sequence[JobRow]) -> None:
        """What can be done with the selected rows."""
        self.copy_files.setEnabled(any(row.has_result for row in rows))
        self.grip.setVisible(any(row.has_result for row in self._current()))

    def drag(self, rows: Sequence[JobRow]) -> None:
        """Lets the finished ones among them be dropped elsewhere, as files in the last export's format and as text."""
        order = self._order(rows)
        if self._ready is not None and self._ready[0] == order:
            self._begin_drag(*self._ready)
            self._ready = None
        else:
            self._fetch(order, self._on_fetched_for_drag)

    def copy(self, rows: Sequence[JobRow]) -> None:
        """Puts the finished ones among them on the clipboard, as files and as text."""
        self._fetch(self._order(rows), self._on_fetched_for_clipboard)

    def copy_text(self, rows: Sequence[JobRow]) -> None:
        """The same as text alone."""
        self._fetch(self._order(rows)._replace(export=None), self._on_fetched_for_clipboard)

    def close(self) -> None:
        """Deletes the files, and waits for that only a moment: what is left goes at the next start."""
        self._forget()
        folder, self._folder = self._folder, None
        if folder is not None:
            goodbye = Thread(target=folder.close, name="ocrdesk-handover", daemon=True)
            goodbye.start()
            goodbye.join(_GOODBYE_S)

    # ── fetching ─────────────────────────────────────────────────────────────────────────────────────

    def _order(self, rows: Sequence[JobRow]) -> _Order:
        return _Order(tuple(wanted_of(rows)), self._memory.last_export(), self._memory.joins_copied_lines)

    def _fetch(self, order: _Order, done: Callable[[_Order, FetchedResult], None]) -> None:
        self._forget()
        if not order.wanted:
            self.said.emit(self.tr("There is no result yet."))
            return
        client = self._session.client_for(self._name_of(order))
        if client is None:
            return
        from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder

        if self._folder is None:
            self._folder = TemporaryFolder(shared_folder())
        self._slow.start()
        self._tasks.run(
            partial(_fetched, client, self._folder, order, self._task),
            partial(self._on_done, order, done),
            self._on_failed,
            lane=Lane.EXPORTS,
            task=self._task,
        )

    def _forget(self) -> None:
        """Whatever is fetched is not wanted any more."""
        self._slow.stop()
        self._task.cancel()
        self._task = Task()
        self._ready = None

    def _on_done(self, order: _Order, done: Callable[[_Order, FetchedResult], None], handover: FetchedResult) -> None:
        self._slow.stop()
        done(order, handover)

    def _on_failed(self, error: Exception) -> None:
        self._slow.stop()
        self.said.emit(self.tr("Nothing was taken out: {reason}").format(reason=short_reason(error)))

    def _on_event(self, event: Event) -> None:
        """A result that was corrected is not the one that was fetched."""
        from ocrdesk.contract.events import EventType

        if self._ready is not None and event.type is EventType.REVISED:
            self._ready = None

    # ── handing over ─────────────────────────────────────────────────────────────────────────────────

    def _on_fetched_for_drag(self, order: _Order, handover: FetchedResult) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._begin_drag(order, handover)
        else:
            self._ready = order, handover
            self.said.emit(self.tr("{name}: ready now. Drag once more.").format(name=self._name_of(order)))

    def _begin_drag(self, order: _Order, handover: FetchedResult) -> None:
        # from the event loop and not from within Tasks, which hands nothing over until this returns
        QTimer.singleShot(0, self, partial(self._run_drag, self._name_of(order), handover))

    def _run_drag(self, name: str, handover: FetchedResult) -> None:
        from ocrdesk.desktop.drag_out.mime_data import label, mime_of

        drag = QDrag(self)  # not the list, for which it would be a row to be moved
        drag.setMimeData(mime_of(handover.paths, handover.text))
        drag.setPixmap(label(name))
        drag.exec(Qt.DropAction.CopyAction)

    def _on_fetched_for_clipboard(self, order: _Order, handover: FetchedResult) -> None:
        from ocrdesk.desktop.drag_out.mime_data import mime_of

        is_there = self._clipboard.put(mime_of(handover.paths, handover.text))
        said = self.tr("{name}: copied.") if is_there else self.tr("{name}: copied once this window is in front.")
        self.said.emit(said.format(name=self._name_of(order)))

    def _name_of(self, order: _Order) -> str:
        if len(order.wanted) == 1:
            return order.wanted[0].file_name
        return self.tr("{count} files").format(count=len(order.wanted))

    def _current(self) -> list[JobRow]:
        row = self._session.model.row(self._jobs.current_key() or "")
        return [row] if row is not None else []

    # ── tidying ──────────────────────────────────────────────────────────────────────────────────────

    def _tidy(self) -> None:
        self._tasks.run(partial(_tidied, shared_folder()), lambda _: None, lambda _: None, lane=Lane.FILES)


def shared_folder() -> Path:
    """Where the temporary files of all windows are."""
    return platformdirs.user_cache_path("ocrdesk", appauthor=False) / "handed-over"


def _fetched(client: Client, folder: TemporaryFolder, order: _Order, task: Task) -> FetchedResult:
    from ocrdesk.desktop.drag_out.result_fetcher import fetch  # on the thread that fetches
    from ocrdesk.desktop.export.plan import completed

    export = completed(order.export, folder.new()) if order.export is not None else None
    return fetch(client, export, order.wanted, joins_lines=order.joins_lines, stopped=task.stopped)


def _tidied(shared: Path) -> None:
    from ocrdesk.desktop.drag_out.temporary_folder import tidy

    tidy(shared)
