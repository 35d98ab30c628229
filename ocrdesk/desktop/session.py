"""The session: which server, how it is, and everything that is done with jobs. Widgets ask it; it acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.app_folder import server_folder
from ocrdesk.desktop.job_control import JobControl
from ocrdesk.desktop.jobs_model import JobsModel
from ocrdesk.desktop.servers import Server
from ocrdesk.desktop.tasks import Lane, Task, Tasks
from ocrdesk.desktop.unsent_keeper import UnsentKeeper
from ocrdesk.desktop.uploads import Uploads

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.connection import Report
    from ocrdesk.desktop.servers import Connection

_STRANGER_MS = 400
_GOODBYE_S = 0.5


class Standing(Enum):
    """How the session's server is."""

    STARTING = "starting"
    READY = "ready"
    AWAY = "away"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SessionState:
    """The standing, and what is known beyond it: what is waited for, or why it failed."""

    standing: Standing
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

    def __init__(self, server: Server, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = JobsModel(self)
        self._server = server
        self._tasks = tasks
        self._uploads = Uploads(self.model, tasks, self)
        self._uploads.accepted.connect(self._on_accepted)
        self.control = JobControl(self, self._uploads, tasks)
        self._keeper = UnsentKeeper(self.model, tasks, server_folder(server), self)
        self._keeper.restored.connect(self._uploads.add)
        self._keeper.failed.connect(self.trouble)
        self._listed: set[str] = set()
        self._connection: Connection | None = None
        self.was_started = False
        self._state = SessionState(Standing.STARTING, server.is_local)
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
        ready = self._state.standing is Standing.READY and self._connection is not None
        return self._connection.client if ready and self._connection else None

    # ── what widgets ask for ─────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Connects, in the background; also again, after it failed."""
        self.was_started = True
        self._keeper.load()
        self._enter(Standing.STARTING)
        task = Task()
        report = self._tasks.later(task, self._on_report)
        self._tasks.run(
            partial(_keep_connected, self._server, report, task),
            lambda _: None,
            lambda error: self._enter(Standing.FAILED, str(error) or type(error).__name__),
            lane=Lane.CONNECTION,
            task=task,
        )

    def open_files(self, paths: Sequence[Path]) -> list[str]:
        """Puts files in the list and sends them as soon as there is a server. The new rows' keys."""
        keys = self.model.add_files(paths)
        self._uploads.add(keys)
        return keys

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
                    lambda view: self.model.merge([view]),
                    partial(self._on_refused, row.file_name),
                )

    def remove(self, keys: Iterable[str]) -> None:
        """Takes the jobs out of the list, and all that the server has of them."""
        for key in keys:
            row = self.model.row(key)
            if row is None:
                continue
            if row.job_id is None:
                self._uploads.drop(key)
                self.model.remove(key)
            elif client := self.client_for(row.file_name):
                self._tasks.run(
                    partial(client.delete, row.job_id),
                    partial(self._on_removed, key),
                    partial(self._on_remove_failed, key, row.file_name),
                )

    def close(self) -> None:
        """Lets go of the server within half a second; its jobs go on, and are there the next time."""
        last_words = [self._keeper.last_words()]
        self._tasks.shut_down()
        if self._connection is not None:
            last_words.append(self._connection.close)
            self._connection = None
        goodbyes = [Thread(target=say, name="ocrdesk-goodbye", daemon=True) for say in last_words]
        for goodbye in goodbyes:
            goodbye.start()
        deadline = monotonic() + _GOODBYE_S
        for goodbye in goodbyes:
            goodbye.join(max(0.0, deadline - monotonic()))  # beyond it, this process's end lets go just as well

    # ── what the connection reports ──────────────────────────────────────────────────────────────

    def _on_report(self, report: Report) -> None:
        from ocrdesk.desktop import connection as said  # loaded already: it is who reports

        match report:
            case said.Progress(message):
                self._enter(self._state.standing, message)
            case said.Connected(connection):
                self._use(connection)
            case said.Listed(jobs, is_last):
                self._on_listed(jobs, is_last=is_last)
            case said.Lost(reason):
                self._uploads.pause()
                self._enter(Standing.AWAY, reason)
            case said.Refused(reason):
                self._uploads.pause()
                self._enter(Standing.FAILED, reason)
            case _:
                self._on_event(report)

    def _use(self, connection: Connection) -> None:
        """The new connection; the old one, if there was one, is let go of without waiting."""
        if self._connection is not None:
            self._tasks.run(self._connection.close, lambda _: None, lambda _: None)
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
        self._enter(Standing.READY)
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
        self._tasks.run(partial(client.job, job_id), self._on_looked_up, partial(self._on_look_up_failed, job_id))

    def _on_looked_up(self, job: JobView) -> None:
        self.model.merge([job])
        self.jobs_listed.emit((job,))

    def _on_look_up_failed(self, job_id: str, error: Exception) -> None:
        from ocrdesk.client import NotFound

        if isinstance(error, NotFound):
            self._forget(job_id)

    def _forget(self, job_id: str) -> None:
        row = self.model.row_of_job(job_id)
        if row is not None:
            self.model.remove(row.key)

    # ── what calls answer ────────────────────────────────────────────────────────────────────────

    def _on_accepted(self, key: str, job_id: str) -> None:
        self.model.accepted(key, job_id)
        event = self._strangers.pop(job_id, None)
        if event is not None:
            self._on_event(event)

    def _on_refused(self, file_name: str, error: Exception) -> None:
        self.trouble.emit(f"{file_name}: {error}")

    def _on_removed(self, key: str, _answer: None) -> None:
        self.model.remove(key)

    def _on_remove_failed(self, key: str, file_name: str, error: Exception) -> None:
        from ocrdesk.client import NotFound

        if isinstance(error, NotFound):
            self.model.remove(key)
        else:
            self._on_refused(file_name, error)

    def client_for(self, file_name: str) -> Client | None:
        """The client; without one, a sentence about the file goes out."""
        if self.client is None:
            self.trouble.emit(self.tr("{name}: not connected just now. Try again in a moment.").format(name=file_name))
        return self.client

    def _enter(self, standing: Standing, detail: str = "") -> None:
        state = SessionState(standing, self._server.is_local, detail)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _keep_connected(server: Server, report: object, task: Task) -> None:
    # imported on the connection's thread: httpx and pydantic are loaded while the window is already there
    from ocrdesk.desktop.connection import keep_connected

    keep_connected(server, report, task.stopped)  # type: ignore[arg-type]
