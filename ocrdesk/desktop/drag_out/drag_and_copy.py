"""Drags and copies finished jobs."""

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
from ocrdesk.desktop.export.actions import jobs_with_result
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
    from ocrdesk.desktop.export.plan import Export, ExportJob

_NATIVE = QKeySequence.SequenceFormat.NativeText
_MESSAGE_AFTER_MS = 400
"""Users notice a longer wait, so a message explains it."""
_CLEAN_UP_AFTER_MS = 10_000
_CLOSE_TIMEOUT_S = 0.5


class _Request(NamedTuple):
    """What to drag or copy, and how."""

    jobs: tuple[ExportJob, ...]
    export: Export | None
    """None for text only."""
    joins_lines: bool


class DragAndCopy(QObject):
    """Fetches the files first, and begins a drag when they are there and the mouse button is still held.

    Qt requests a drag's data from within the window system's own calls. Waiting for a server there would block
    the window, and on Wayland the other program too.
    """

    message = Signal(str)
    """A sentence for the user."""

    def __init__(self, session: Session, tasks: Tasks, jobs: JobsView, choices: ExportChoices, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._jobs, self._choices = session, tasks, jobs, choices
        self._clipboard = ClipboardWriter(parent=self)
        self._folder: TemporaryFolder | None = None
        self._task = Task()
        self._ready: tuple[_Request, FetchedResult] | None = None
        """Files that arrived after the mouse button was released: the next drag of the same rows uses them."""
        self.copy_files = QAction(self.tr("Copy as f&iles"), self)
        self.copy_files.setShortcut(QKeySequence("Ctrl+Shift+E"))
        tip = self.tr("Copy the selected results as files, to paste them into a folder or an e-mail")
        self.copy_files.setStatusTip(tip)
        self.copy_files.setToolTip(f"{tip} ({self.copy_files.shortcut().toString(_NATIVE)})")
        self.copy_files.triggered.connect(lambda _checked=False: self.copy(jobs.selected_rows()))
        self.button = DragButton()
        self.button.dragged.connect(lambda: self.drag(self._current()))
        self.button.clicked.connect(lambda: self.copy(self._current()))
        name_objects(action_copy_files=self.copy_files, drag_button=self.button)
        self._message_timer = QTimer(self, singleShot=True, interval=_MESSAGE_AFTER_MS)
        self._message_timer.timeout.connect(lambda: self.message.emit(self.tr("Preparing the files…")))
        jobs.drag_out_started.connect(lambda: self.drag(jobs.selected_rows()))
        session.job_event.connect(self._on_event)
        session.server_changed.connect(lambda _server: self._forget())
        QTimer.singleShot(_CLEAN_UP_AFTER_MS, self, self._clean_up)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)  # not with the window, which may stay in the tray

    def enable_for(self, rows: Sequence[JobRow]) -> None:
        """Enable what is possible with the selected rows."""
        self.copy_files.setEnabled(any(row.has_result for row in rows))
        self.button.setVisible(any(row.has_result for row in self._current()))

    def drag(self, rows: Sequence[JobRow]) -> None:
        """Drag the finished rows, as files in the last export's format and as text."""
        request = self._request(rows)
        if self._ready is not None and self._ready[0] == request:
            self._begin_drag(*self._ready)
            self._ready = None
        else:
            self._fetch(request, self._on_fetched_for_drag)

    def copy(self, rows: Sequence[JobRow]) -> None:
        """Copy the finished rows, as files and as text."""
        self._fetch(self._request(rows), self._on_fetched_for_clipboard)

    def copy_text(self, rows: Sequence[JobRow]) -> None:
        """Copy the finished rows as text only."""
        self._fetch(self._request(rows)._replace(export=None), self._on_fetched_for_clipboard)

    def close(self) -> None:
        """Delete the files, but wait for at most half a second: the next start deletes the rest."""
        self._forget()
        folder, self._folder = self._folder, None
        if folder is not None:
            closing = Thread(target=folder.close, name="ocrdesk-drag-out", daemon=True)
            closing.start()
            closing.join(_CLOSE_TIMEOUT_S)

    # ── fetching ─────────────────────────────────────────────────────────────────────────────────

    def _request(self, rows: Sequence[JobRow]) -> _Request:
        return _Request(tuple(jobs_with_result(rows)), self._choices.last_export(), self._choices.joins_copied_lines)

    def _fetch(self, request: _Request, done: Callable[[_Request, FetchedResult], None]) -> None:
        self._forget()
        if not request.jobs:
            self.message.emit(self.tr("There is no result yet."))
            return
        client = self._session.client_for(self._name_of(request))
        if client is None:
            return
        from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder

        if self._folder is None:
            self._folder = TemporaryFolder(shared_folder())
        self._message_timer.start()
        self._tasks.run(
            partial(_fetch_result, client, self._folder, request, self._task),
            partial(self._on_done, request, done),
            self._on_failed,
            lane=Lane.EXPORTS,
            task=self._task,
        )

    def _forget(self) -> None:
        """Stop fetching, and drop what has been fetched."""
        self._message_timer.stop()
        self._task.cancel()
        self._task = Task()
        self._ready = None

    def _on_done(
        self, request: _Request, done: Callable[[_Request, FetchedResult], None], result: FetchedResult
    ) -> None:
        self._message_timer.stop()
        done(request, result)

    def _on_failed(self, error: Exception) -> None:
        self._message_timer.stop()
        self.message.emit(self.tr("Cannot get the files: {reason}").format(reason=short_reason(error)))

    def _on_event(self, event: Event) -> None:
        """Drop fetched files when a result has been corrected since."""
        from ocrdesk.contract.events import EventType

        if self._ready is not None and event.type is EventType.REVISED:
            self._ready = None

    # ── dragging and copying ─────────────────────────────────────────────────────────────────────

    def _on_fetched_for_drag(self, request: _Request, result: FetchedResult) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._begin_drag(request, result)
        else:
            self._ready = request, result
            self.message.emit(self.tr("{name} is ready. Drag it again.").format(name=self._name_of(request)))

    def _begin_drag(self, request: _Request, result: FetchedResult) -> None:
        # from the event loop, because Tasks delivers no other result until this method returns
        QTimer.singleShot(0, self, partial(self._run_drag, self._name_of(request), result))

    def _run_drag(self, name: str, result: FetchedResult) -> None:
        from ocrdesk.desktop.drag_out.mime_data import make_drag_image, make_mime_data

        drag = QDrag(self)  # not the list, which would treat it as a row being moved
        drag.setMimeData(make_mime_data(result.paths, result.text))
        drag.setPixmap(make_drag_image(name))
        drag.exec(Qt.DropAction.CopyAction)

    def _on_fetched_for_clipboard(self, request: _Request, result: FetchedResult) -> None:
        from ocrdesk.desktop.drag_out.mime_data import make_mime_data

        is_copied = self._clipboard.put(make_mime_data(result.paths, result.text))
        text = self.tr("{name}: copied.") if is_copied else self.tr("{name}: copied when this window is in front.")
        self.message.emit(text.format(name=self._name_of(request)))

    def _name_of(self, request: _Request) -> str:
        if len(request.jobs) == 1:
            return request.jobs[0].file_name
        return self.tr("{count} files").format(count=len(request.jobs))

    def _current(self) -> list[JobRow]:
        row = self._session.model.row(self._jobs.current_key() or "")
        return [row] if row is not None else []

    # ── cleaning up ──────────────────────────────────────────────────────────────────────────────

    def _clean_up(self) -> None:
        self._tasks.run(partial(_clean_up_shared, shared_folder()), lambda _: None, lambda _: None, lane=Lane.FILES)


def shared_folder() -> Path:
    """Return the folder for temporary files of all windows."""
    return platformdirs.user_cache_path("ocrdesk", appauthor=False) / "handed-over"


def _fetch_result(client: Client, folder: TemporaryFolder, request: _Request, task: Task) -> FetchedResult:
    from ocrdesk.desktop.drag_out.result_fetcher import fetch  # loaded on the fetching thread
    from ocrdesk.desktop.export.plan import prepare_export

    export = prepare_export(request.export, folder.new()) if request.export is not None else None
    return fetch(client, export, request.jobs, joins_lines=request.joins_lines, stopped=task.stopped)


def _clean_up_shared(shared: Path) -> None:
    from ocrdesk.desktop.drag_out.temporary_folder import delete_leftovers

    delete_leftovers(shared)
