"""The session: which server, how it is, and everything that is done with jobs. Widgets ask it; it acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import Server, server_key
from ocrdesk.desktop.session.background_uploads import BackgroundUploads, park
from ocrdesk.desktop.session.job_control import JobControl
from ocrdesk.desktop.session.pending_files_saver import PendingFilesSaver
from ocrdesk.desktop.session.uploads import Uploads

if TYPE_CHECKING:
    from ocrdesk.client import Client, ServerBusyError
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.servers.servers import Connection
    from ocrdesk.desktop.session.connection import Report

R = TypeVar("R")

_STRANGER_MS = 400
_GOODBYE_S = 0.5


class ConnectionState(Enum):
    """How the session's server is."""

    STARTING = "starting"
    READY = "ready"
    AWAY = "away"
    FAILED = "failed"
    STOPPED = "stopped"
    """Not connected because somebody wanted so."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """The standing, and what is known beyond it: what is waited for, or why it failed."""

    standing: ConnectionState
    is_local: bool
    detail: str = ""


class Session(QObject):
    """Owns the connection and the uploads, and keeps the model true. Lives on the main thread, never blocks it."""

    state_changed = Signal(object)
    """The new SessionState."""
    job_event = Signal(object)
    """An Event, after the model has it."""
    jobs_listed = Signal(object)
    """Some JobViews of the server, after the model has them: all at each connection, one where it is looked up."""
    trouble = Signal(str)
    """A sentence about something that was asked for and could not be done."""
    server_changed = Signal(object)
    """The Server that the session is of from now on."""
    language_missing = Signal(str)
    """A file was not taken because its language is not there; the sentence that says so."""

    def __init__(self, server: Server, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = JobsModel(self)
        self.defaults = JobDefaults()
        """What new files are sent with."""
        self._server = server
        self._tasks = tasks
        self._uploads = self._new_uploads()
        self._keeper = self._new_keeper(server, self._uploads)
        self.control = JobControl(self, tasks)
        self._listed: set[str] = set()
        self._connecting = Task()
        self._connection: Connection | None = None
        self._parked: dict[str, BackgroundUploads] = {}
        self.was_started = False
        self._state = SessionState(ConnectionState.STARTING, server.is_local)
        self._strangers: dict[str, Event] = {}
        self._ask_strangers = QTimer(self, singleShot=True, interval=_STRANGER_MS)
        self._ask_strangers.timeout.connect(self._look_up_strangers)

    @property
    def state(self) -> SessionState:
        return self._state

    @property
    def server(self) -> Server:
        return self._server

    @property
    def client(self) -> Client | None:
        """The client, while the server answers."""
        ready = self._state.standing is ConnectionState.READY and self._connection is not None
        return self._connection.client if ready and self._connection else None

    # ── what widgets ask for ─────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Connects, in the background; also again, after it failed."""
        self.was_started = True
        self._keeper.load()
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
        """Lets go of the server until `start`; the list stays, and files that are added wait."""
        self._disconnect()
        self._enter(ConnectionState.STOPPED)

    def _disconnect(self) -> None:
        self._connecting.cancel()
        self._uploads.pause()
        self._let_go(self._connection)
        self._connection = None

    def switch(self, server: Server) -> None:
        """Goes on with another server, or with the same one by another key or address.

        Jobs of the old server leave the list. Its files that are on their way still go there; what cannot be sent
        waits until the session comes back to it.
        """
        key, old_key = server_key(server), server_key(self._server)
        if key == old_key:
            self.stop()
        else:
            self._connecting.cancel()
            parked = park(self.model, self._uploads, self._keeper, self._connection, is_local=self._server.is_local)
            self._parked[old_key] = parked
            self._connection = None
            self._strangers.clear()
            self._listed.clear()
            back = self._parked.pop(key, None)
            self._uploads = back.uploads if back else self._new_uploads()
            self._keeper = back.keeper if back else self._new_keeper(server, self._uploads)
            self._let_go_when_idle(old_key, parked.uploads)
            if back:
                self._connection = back.connection
                back.return_to(self.model)
        self._server = server
        self.server_changed.emit(server)
        self.start()

    @property
    def has_loaded_pending_files(self) -> bool:
        """Whether the files that earlier windows could not send are back in the list."""
        return self._keeper.is_loaded

    def is_connected_to(self, key: str) -> bool:
        """Return whether a connection to the server with this `server_key` is held, shown or not."""
        if key == server_key(self._server):
            return self._connection is not None
        return key in self._parked and self._parked[key].connection is not None

    def files_left(self, key: str) -> int:
        """How many files the server with this `server_key` was given and does not have yet."""
        if key == server_key(self._server):
            return self._uploads.left
        return self._parked[key].uploads.left if key in self._parked else 0

    def file_names(self) -> set[str]:
        """Of all rows, also those of servers that are not shown."""
        models = [self.model, *(parked.model for parked in self._parked.values())]
        return {
            name
            for model in models
            for row in model.rows()
            for name in (row.file_name, row.path and row.path.name)
            if name
        }

    def forget_server(self, key: str) -> None:
        """Gives up what waits for a server that is not shown."""
        if parked := self._parked.pop(key, None):
            parked.uploads.pause()
            parked.keeper.forget()
            self._let_go(parked.connection)

    def send_refused_again(self) -> int:
        """Sends the files that were not taken once more, with the defaults as they are now; how many."""
        keys = [row.key for row in self.model.rows() if row.state is RowState.REFUSED and row.path]
        self.control.retry(keys)
        return len(keys)

    def open_files(self, paths: Sequence[Path]) -> list[str]:
        """Puts files in the list and sends them as soon as there is a server. The new rows' keys."""
        keys = self.model.add_files(paths)
        self._uploads.add(keys, self.defaults)
        return keys

    def send(self, keys: Iterable[str]) -> None:
        """Sends files of rows that wait."""
        self._uploads.add(keys, self.defaults)

    def reorder(self) -> None:
        """The list's order changed, and so the order in which files are sent."""
        self._uploads.reorder()

    def cancel(self, keys: Iterable[str]) -> None:
        """Stops the jobs; they stay in the list."""
        for key in keys:
            row = self.model.row(key)
            if row is None or row.state.is_over:
                continue
            if row.job_id is None:
                self._uploads.drop(key)
                self.model.cancelled(key)
            elif client := self.client_for(row.file_name):
                self.model.let_go(row.job_id)
                self._tasks.run(
                    partial(client.cancel, row.job_id),
                    self._while_here(lambda view: self.model.merge([view])),
                    partial(self._on_refused, row.file_name),
                )

    def remove(self, keys: Iterable[str]) -> None:
        """Takes the jobs out of the list, and all that the server has of them."""
        files = []
        for key in keys:
            row = self.model.row(key)
            if row is None:
                continue
            if row.job_id is None:
                self._uploads.drop(key)
                files.append(key)
            elif client := self.client_for(row.file_name):
                self._tasks.run(
                    partial(client.delete, row.job_id),
                    partial(self._on_removed, key),
                    partial(self._on_remove_failed, key, row.file_name),
                )
        self.model.remove(*files)

    def close(self) -> None:
        """Lets go of the server within half a second; its jobs go on, and are there the next time."""
        keepers = [self._keeper, *(parked.keeper for parked in self._parked.values())]
        last_words = [keeper.last_words() for keeper in keepers]
        self._tasks.shut_down()
        held = [self._connection, *(parked.connection for parked in self._parked.values())]
        last_words += [connection.close for connection in held if connection]
        self._connection = None
        self._parked.clear()
        goodbyes = [Thread(target=say, name="ocrdesk-goodbye", daemon=True) for say in last_words]
        for goodbye in goodbyes:
            goodbye.start()
        deadline = monotonic() + _GOODBYE_S
        for goodbye in goodbyes:
            goodbye.join(max(0.0, deadline - monotonic()))  # beyond it, this process's end lets go just as well

    # ── other servers ────────────────────────────────────────────────────────────────────────────

    def _new_uploads(self) -> Uploads:
        uploads = Uploads(self.model, self._tasks, self)
        uploads.accepted.connect(lambda key, job_id: self._on_accepted(uploads, key, job_id))
        uploads.language_missing.connect(self.language_missing)
        uploads.held_up.connect(lambda name, error: self._on_held_up(name, error, is_local=self._server.is_local))
        uploads.key_refused.connect(lambda error: self._on_key_refused(uploads, error))
        return uploads

    def _new_keeper(self, server: Server, uploads: Uploads) -> PendingFilesSaver:
        keeper = PendingFilesSaver(self.model, self._tasks, server_folder(server), self)
        keeper.restored.connect(lambda keys: uploads.add(keys, self.defaults))
        keeper.failed.connect(self.trouble)
        return keeper

    def _let_go_when_idle(self, key: str, uploads: Uploads) -> None:
        """Keeps a parked server's connection for what still goes there, and the local engine for its jobs."""

        def look() -> None:
            parked = self._parked.get(key)
            if parked and parked.uploads is uploads and not uploads.is_busy and not parked.has_local_work:
                uploads.pause()
                self._let_go(parked.connection)
                parked.connection = None

        uploads.idle.connect(look)
        look()

    def _let_go(self, connection: Connection | None) -> None:
        """Closes a connection without waiting."""
        if connection is not None:
            self._tasks.run(connection.close, lambda _: None, lambda _: None)

    def _while_here(self, done: Callable[[R], None]) -> Callable[[R], None]:
        """`done`, unless another server is shown by then."""
        uploads = self._uploads

        def on_answer(answer: R) -> None:
            if self._uploads is uploads:
                done(answer)

        return on_answer

    # ── what the connection reports ──────────────────────────────────────────────────────────────

    def _on_report(self, report: Report) -> None:
        from ocrdesk.desktop.session import connection as said  # loaded already: it is who reports

        match report:
            case said.Progress(message):
                self._enter(self._state.standing, message)
            case said.Connected(connection):
                self._use(connection)
            case said.Listed(jobs, is_last):
                self._on_listed(jobs, is_last=is_last)
            case said.Lost(reason):
                self._uploads.pause()
                self._enter(ConnectionState.AWAY, reason)
            case said.Refused(reason, error):
                self._uploads.pause()
                self._enter(ConnectionState.FAILED, self._key_trouble(error) or reason)
            case _:
                self._on_event(report)

    def _on_held_up(self, file_name: str, error: ServerBusyError, *, is_local: bool) -> None:
        from ocrdesk.contract.errors import ErrorCode

        if is_local and error.code == ErrorCode.STORAGE_FULL:  # whose operator is who reads this
            said = self.tr("{name}: there is no room left on this computer's disk. Make room, and it is read then.")
            self.trouble.emit(said.format(name=file_name))
        else:
            self._on_refused(file_name, error)

    def _on_key_refused(self, uploads: Uploads, error: Exception) -> None:
        """The key was good when the session began; nothing more can be done with it."""
        if uploads is self._uploads:
            said = self._key_trouble(error) or short_reason(error)
            self._disconnect()
            self._enter(ConnectionState.FAILED, said)

    def _key_trouble(self, error: Exception | None) -> str:
        """What a refusal says of the key, if it is about that."""
        from ocrdesk.desktop.servers.connection_test import explain_refusal

        if error is None or self._server.is_local:
            return ""
        has_key = self._connection.has_key if self._connection else bool(getattr(self._server, "api_key", None))
        found = explain_refusal(error, has_key=has_key)
        return found.words if found else ""

    def _use(self, connection: Connection) -> None:
        """The new connection; the old one, if there was one, is let go of without waiting."""
        self._let_go(self._connection)
        self._connection = connection
        self._listed.clear()

    def _on_listed(self, jobs: Sequence[JobView], *, is_last: bool) -> None:
        self.model.merge(jobs)
        self._listed.update(view.job_id for view in jobs)
        if is_last:
            self._on_all_listed()
        self.jobs_listed.emit(jobs)

    def _on_all_listed(self) -> None:
        listed, self._listed = self._listed, set()
        self.model.let_go_of_unknown()
        self._enter(ConnectionState.READY)
        client = self.client
        if client is None:
            return
        for row in self.model.rows():
            if row.job_id and row.job_id not in listed:
                self._look_up(row.job_id, client)
        self._uploads.start(client)

    def _on_event(self, event: Event) -> None:
        from ocrdesk.contract.events import EventType

        if event.type is EventType.DELETED:
            self._strangers.pop(event.job_id, None)
            self._forget(event.job_id)
        elif self.model.apply(event):
            self.job_event.emit(event)
        else:
            # most likely one of ours, whose answer is still under way; else another window's or the command line's
            self._strangers[event.job_id] = event
            self._ask_strangers.start()

    def _look_up_strangers(self) -> None:
        strangers, self._strangers = self._strangers, {}
        client = self.client
        for job_id in strangers:
            if client and self.model.row_of_job(job_id) is None:
                self._look_up(job_id, client)

    def _look_up(self, job_id: str, client: Client) -> None:
        self._tasks.run(
            partial(client.job, job_id),
            self._while_here(self._on_looked_up),
            self._while_here(partial(self._on_look_up_failed, job_id)),
        )

    def _on_looked_up(self, job: JobView) -> None:
        self.model.merge([job])
        self.jobs_listed.emit((job,))

    def _on_look_up_failed(self, job_id: str, error: Exception) -> None:
        from ocrdesk.client import NotFoundError

        if isinstance(error, NotFoundError):
            self._forget(job_id)

    def _forget(self, job_id: str) -> None:
        row = self.model.row_of_job(job_id)
        if row is not None:
            self.model.remove(row.key)

    # ── what calls answer ────────────────────────────────────────────────────────────────────────

    def _on_accepted(self, uploads: Uploads, key: str, job_id: str) -> None:
        uploads.model.accepted(key, job_id)
        if uploads is not self._uploads:
            return
        self.control.on_accepted(key)
        event = self._strangers.pop(job_id, None)
        if event is not None:
            self._on_event(event)

    def _on_refused(self, file_name: str, error: Exception) -> None:
        self.trouble.emit(f"{file_name}: {error}")

    def _on_removed(self, key: str, _answer: None) -> None:
        self.model.remove(key)

    def _on_remove_failed(self, key: str, file_name: str, error: Exception) -> None:
        from ocrdesk.client import NotFoundError

        if isinstance(error, NotFoundError):
            self.model.remove(key)
        else:
            self._on_refused(file_name, error)

    def client_for(self, file_name: str) -> Client | None:
        """The client; without one, a sentence about the file goes out."""
        if self.client is None:
            self.trouble.emit(self.tr("{name}: not connected just now. Try again in a moment.").format(name=file_name))
        return self.client

    def _enter(self, standing: ConnectionState, detail: str = "") -> None:
        state = SessionState(standing, self._server.is_local, detail)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _keep_connected(server: Server, report: object, task: Task) -> None:
    # imported on the connection's thread: httpx and pydantic are loaded while the window is already there
    from ocrdesk.desktop.session.connection import keep_connected

    keep_connected(server, report, task.stopped)  # type: ignore[arg-type]
