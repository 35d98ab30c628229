"""The current server and everything done with its jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.background.last_threads import join_threads, start_threads
from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import Server, server_key
from ocrdesk.desktop.session.background_uploads import BackgroundServers, move_to_background
from ocrdesk.desktop.session.folder_requests import FolderRequests
from ocrdesk.desktop.session.job_control import JobControl, SessionCalls
from ocrdesk.desktop.session.pending_files_saver import PendingFilesSaver
from ocrdesk.desktop.session.removal import JobRemoval
from ocrdesk.desktop.session.server_jobs import ServerJobs
from ocrdesk.desktop.session.uploads import Uploads

if TYPE_CHECKING:
    from ocrdesk.client import Client, ServerUnavailableError
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.servers.servers import Connection
    from ocrdesk.desktop.session.connection import Report

_CLOSE_S = 0.5
_SAVE_S = 10.0
"""For a slow disk: what is not written by then is lost with the process. The window is closed meanwhile."""


class ConnectionState(Enum):
    """The state of the connection to the session's server."""

    STARTING = "starting"
    READY = "ready"
    UNREACHABLE = "unreachable"
    """It was connected; the connection is being tried again."""
    FAILED = "failed"
    STOPPED = "stopped"
    """Not connected, on request."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """The connection's state, and its detail: what the session waits for, or why it failed."""

    connection: ConnectionState
    is_local: bool
    detail: str = ""


class Session(QObject):
    """Owns the connection and the uploads, and keeps the model up to date. Lives on the main thread, never blocks it.

    Widgets ask for something; the session does it. What a user does with jobs is in `control`.
    """

    state_changed = Signal(object)
    """The new SessionState."""
    job_event = Signal(object)
    """An Event, after the model has it."""
    jobs_listed = Signal(object)
    """Some JobViews of the server, after the model has them: all at each connection, one where it is looked up."""
    trouble = Signal(str)
    """A sentence about something that was asked for and could not be done."""
    server_changed = Signal(object)
    """The Server that the session uses from now on."""
    server_changing = Signal()
    """The session is about to use another server, or another key; it still has its client."""
    list_expected = Signal(bool)
    """Earlier windows listed jobs of this server, which are not listed yet; or (False) they are now."""
    language_missing = Signal(str)
    """A file was refused because the server lacks its language; the sentence that says so."""

    def __init__(self, server: Server, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = JobsModel(self)
        self.defaults = JobDefaults()
        """The options for new jobs."""
        self._server = server
        self._tasks = tasks
        self._uploads = self._new_uploads()
        self._saver = self._new_saver(server, self._uploads)
        calls = SessionCalls(
            client_for=self.client_for,
            client=lambda: self.client,
            open_files=self.open_files,
            send=lambda keys: self._uploads.add(keys, self.defaults),
            uploads=lambda: self._uploads,
            report_problem=self.trouble.emit,
        )
        self.folder_requests = FolderRequests(lambda: self._saver, self)
        self.control = JobControl(self.model, tasks, calls, self)
        self.removal = JobRemoval(self.model, tasks, calls, self)
        self._server_jobs = ServerJobs(self.model, tasks, lambda: self.client, self)
        self._server_jobs.job_event.connect(self.job_event)
        self._server_jobs.jobs_listed.connect(self.jobs_listed)
        self._connecting = Task()
        self._connection: Connection | None = None
        self._background = BackgroundServers(self._close_connection)
        self.was_started = False
        self._state = SessionState(ConnectionState.STARTING, server.is_local)

    @property
    def state(self) -> SessionState:
        return self._state

    @property
    def server(self) -> Server:
        return self._server

    @property
    def client(self) -> Client | None:
        """The client, while the server answers."""
        ready = self._state.connection is ConnectionState.READY and self._connection is not None
        return self._connection.client if ready and self._connection else None

    def client_for(self, file_name: str) -> Client | None:
        """Return the client, or None after telling the user that this file's server is not connected."""
        if self.client is None:
            self.trouble.emit(self.tr("{name}: not connected. Try again in a moment.").format(name=file_name))
        return self.client

    # ── connecting, and other servers ────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Connect in the background; also again after a failure."""
        self.was_started = True
        self._saver.load()
        self._connecting.cancel()
        self._enter(ConnectionState.STARTING)
        self._connecting = task = Task()
        report = self._tasks.later(task, self._on_report)
        self._tasks.run(
            partial(_keep_connected, self._server, report, task),
            lambda _: None,
            lambda error: self._enter(ConnectionState.FAILED, short_reason(error)),
            lane=Lane.CONNECTION,
            task=task,
        )

    def stop(self) -> None:
        """Disconnect until `start`; the list stays, and files that are added wait."""
        self._disconnect()
        self._enter(ConnectionState.STOPPED)

    def switch(self, server: Server) -> None:
        """Use another server, or the same one with another key or address.

        Jobs of the old server leave the list. Uploads in progress continue there; files that cannot be sent
        wait until the session returns to it.
        """
        self.server_changing.emit()
        key, old_key = server_key(server), server_key(self._server)
        if key == old_key:
            self.stop()
        else:
            self._connecting.cancel()
            hidden = move_to_background(
                self.model, self._uploads, self._saver, self._connection, is_local=self._server.is_local
            )
            self._connection = None
            self._server_jobs.reset()
            returning = self._background.take(key)
            self._uploads = returning.uploads if returning else self._new_uploads()
            self._saver = returning.saver if returning else self._new_saver(server, self._uploads)
            self._background.add(old_key, hidden)
            if returning:
                self._connection = returning.connection
                returning.return_to(self.model)
        self._server = server
        self.server_changed.emit(server)
        self.start()

    def forget_server(self, key: str) -> None:
        """Forget the pending files of a server that is not shown."""
        self._background.forget(key)

    def close(self) -> None:
        """Save the list of files, and disconnect within half a second.

        Jobs continue on the server and are listed at the next start.
        """
        hidden = self._background.all()
        savers = [self._saver, *(server.saver for server in hidden)]
        final_steps = [saver.final_step() for saver in savers]
        self._tasks.shut_down()
        saving = start_threads(final_steps)
        connections = [self._connection, *(server.connection for server in hidden)]
        closing = start_threads([connection.close for connection in connections if connection])
        self._connection = None
        self._background.clear()
        join_threads(closing, _CLOSE_S)  # the process's end closes what is left
        join_threads(saving, _SAVE_S)

    def _disconnect(self) -> None:
        self._connecting.cancel()
        self._uploads.pause()
        self._close_connection(self._connection)
        self._connection = None

    def _close_connection(self, connection: Connection | None) -> None:
        """Close a connection without waiting."""
        if connection is not None:
            self._tasks.run(connection.close, lambda _: None, lambda _: None)

    # ── files ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def has_loaded_pending_files(self) -> bool:
        """Whether the files that earlier windows did not send are back in the list."""
        return self._saver.is_loaded

    def open_files(self, paths: Sequence[Path], *, languages: tuple[str, ...] = (), request_id: str = "") -> list[str]:
        """Add files to the list and send them as soon as the server answers. Return the new rows' keys.

        `languages` are used instead of those for new jobs. `request_id`: see `folder_requests`.
        """
        keys = self.model.add_files(paths, request_id, is_again=self.folder_requests.is_restored(request_id))
        self._uploads.add(keys, replace(self.defaults, languages=languages) if languages else self.defaults)
        return keys

    def is_connected_to(self, key: str) -> bool:
        """Return whether a connection to the server with this `server_key` is held, shown or not."""
        if key == server_key(self._server):
            return self._connection is not None
        return self._background.is_connected_to(key)

    def files_left(self, key: str) -> int:
        """Return how many files for the server with this `server_key` are not uploaded yet."""
        if key == server_key(self._server):
            return self._uploads.left
        return self._background.files_left(key)

    def file_names(self) -> set[str]:
        """Return the names of all rows' files, also of servers that are not shown."""
        models = [self.model, *(server.model for server in self._background.all())]
        return {
            name
            for model in models
            for row in model.rows()
            for name in (row.file_name, row.path and row.path.name)
            if name
        }

    def _new_uploads(self) -> Uploads:
        uploads = Uploads(self.model, self._tasks, self)
        uploads.accepted.connect(lambda key, job_id: self._on_accepted(uploads, key, job_id))
        uploads.language_missing.connect(self.language_missing)
        uploads.delayed.connect(lambda name, error: self._on_delayed(name, error, is_local=self._server.is_local))
        uploads.key_refused.connect(lambda error: self._on_key_refused(uploads, error))
        return uploads

    def _new_saver(self, server: Server, uploads: Uploads) -> PendingFilesSaver:
        saver = PendingFilesSaver(self.model, self._tasks, server_folder(server), self)
        saver.restored.connect(lambda keys: uploads.add(keys, self.defaults))
        saver.jobs_restored.connect(
            lambda has_jobs: self.list_expected.emit(has_jobs and self.client is None) if saver is self._saver else None
        )
        saver.failed.connect(self.trouble)
        saver.requests_restored.connect(lambda requests: self.folder_requests.take_over(saver, requests))
        return saver

    def _on_accepted(self, uploads: Uploads, key: str, job_id: str) -> None:
        uploads.model.mark_accepted(key, job_id)
        if uploads is self._uploads:
            self.control.on_accepted(key)
            self._server_jobs.on_accepted(job_id)

    def _on_delayed(self, file_name: str, error: ServerUnavailableError, *, is_local: bool) -> None:
        from ocrdesk.contract.errors import ErrorCode

        is_full = error.code == ErrorCode.STORAGE_FULL or error.message_id == "local_server_cannot_save"
        if is_local and is_full:  # on this computer the user can make room
            text = self.tr("{name}: the disk of this computer is full. Free some space, then the file is read.")
            self.trouble.emit(text.format(name=file_name))
        else:
            self.trouble.emit(f"{file_name}: {short_reason(error)}")

    def _on_key_refused(self, uploads: Uploads, error: Exception) -> None:
        """Stop: the key worked when the session began, and works no longer."""
        if uploads is self._uploads:
            reason = _key_problem(error, self._server, self._connection) or short_reason(error)
            self._disconnect()
            self._enter(ConnectionState.FAILED, reason)

    # ── reports of the connection ────────────────────────────────────────────────────────────────────

    def _on_report(self, report: Report) -> None:
        from ocrdesk.desktop.session import connection as reports  # already loaded by the thread that reports

        match report:
            case reports.Progress(message):
                self._enter(self._state.connection, message)
            case reports.Connected(connection):
                self._close_connection(self._connection)
                self._connection = connection
                self._server_jobs.begin_list()
            case reports.Listed(jobs, is_last):
                self._on_listed(jobs, is_last=is_last)
            case reports.Lost(reason):
                self._uploads.pause()
                self._enter(ConnectionState.UNREACHABLE, reason)
            case reports.Refused(reason, error):
                self._uploads.pause()
                self._enter(ConnectionState.FAILED, _key_problem(error, self._server, self._connection) or reason)
            case _:
                self._server_jobs.apply(report)

    def _on_listed(self, jobs: Sequence[JobView], *, is_last: bool) -> None:
        self._server_jobs.add_listed(jobs)
        if is_last:
            self.model.release_unknown()
            self._enter(ConnectionState.READY)
            self.list_expected.emit(False)
            self.removal.delete_left()
            if client := self.client:
                self._server_jobs.look_up_unlisted(client)
                self._uploads.start(client)
        self.jobs_listed.emit(jobs)

    def _enter(self, connection: ConnectionState, detail: str = "") -> None:
        state = SessionState(connection, self._server.is_local, detail)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _key_problem(error: Exception | None, server: Server, connection: Connection | None) -> str:
    """Return a sentence about the key, if that is what was refused; else nothing."""
    from ocrdesk.desktop.servers.connection_test import explain_refusal

    if error is None or server.is_local:
        return ""
    has_key = connection.has_key if connection else bool(getattr(server, "api_key", None))
    found = explain_refusal(error, has_key=has_key)
    return found.message if found else ""


def _keep_connected(server: Server, report: object, task: Task) -> None:
    # imported on the connection's thread: httpx2 and pydantic are loaded while the window is already there
    from ocrdesk.desktop.session.connection import keep_connected

    keep_connected(server, report, task.stopped)  # type: ignore[arg-type]
