"""Saves corrections on disk and on the server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.review.document.job_corrections import JobCorrections, SaveState
from ocrdesk.desktop.review.document.journal_writer import JournalWriter, Restored
from ocrdesk.desktop.servers.servers import Server
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.desktop.review.document.journal import Journal
    from ocrdesk.desktop.review.document.line_change import LineChange
    from ocrdesk.desktop.review.document.send_corrections import SendResult

_SEND_AFTER_MS = 1_200
_LAST_SEND_S = 1.0


class Corrections(QObject):
    """The corrections of all jobs of a session: on disk at once, on the server a moment later or when it is back.

    Lives on the main thread, and blocks it only in `close`.
    """

    state_changed = Signal(str)
    """The id of a job whose `state` has changed."""
    saved = Signal(str, object)
    """A job's id and a SendResult: what the server has now."""
    restored = Signal(str)
    """The id of a job whose corrections were found on disk."""
    orphaned_changed = Signal()
    """See `orphaned`."""
    message = Signal(str)
    """A sentence for the user."""

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._jobs: dict[str, JobCorrections] = {}
        self._writer = JournalWriter(session, tasks, self._jobs, self)
        self._writer.failed.connect(self.message)
        self._is_restored = False
        self._send_timer = QTimer(self, singleShot=True, interval=_SEND_AFTER_MS)
        self._send_timer.timeout.connect(self.save_now)
        session.state_changed.connect(self._on_state)
        session.server_changed.connect(self._on_server_changed)
        self._on_state(session.state)

    def add(self, job_id: str, file_name: str, changes: Sequence[LineChange]) -> None:
        job = self._job(job_id, file_name)
        job.unsaved.add(changes)
        job.refusal = ""
        self._writer.write(job_id)
        self._send_timer.start()
        self.state_changed.emit(job_id)

    def unsaved(self, job_id: str) -> list[LineChange]:
        """Return the changes that the server does not have yet."""
        job = self._jobs.get(job_id)
        return job.unsaved.all() if job else []

    def state(self, job_id: str) -> SaveState:
        job = self._jobs.get(job_id)
        return job.state(is_connected=self._session.client is not None) if job else SaveState.SAVED

    def is_sending(self, job_id: str) -> bool:
        job = self._jobs.get(job_id)
        return job is not None and job.is_sending

    # ── conflicts and orphans ────────────────────────────────────────────────────────────────────

    def conflicts(self, job_id: str) -> list[LineChange]:
        """Return changes of lines that somebody else has changed since: `keep_mine` or `take_theirs` decides."""
        job = self._jobs.get(job_id)
        return list(job.conflicts) if job else []

    def keep_mine(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.conflicts = []
            self._send(job_id, is_forced=True)

    def take_theirs(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.unsaved.drop(job.conflicts)
            job.conflicts = []
            self._writer.write(job_id)
            self._send(job_id)
            self.state_changed.emit(job_id)

    def orphaned(self) -> dict[str, tuple[str, list[LineChange]]]:
        """Return file name and changes, by job, of results that the server no longer has. Kept until discarded."""
        return {job_id: (job.file_name, job.unsaved.all()) for job_id, job in self._jobs.items() if job.is_orphaned}

    def discard_orphaned(self) -> None:
        for job_id in self.orphaned():
            self._jobs[job_id].unsaved.clear()
            self._jobs[job_id].is_orphaned = False
            self._writer.write(job_id)
            self.state_changed.emit(job_id)
        self.orphaned_changed.emit()

    # ── sending ──────────────────────────────────────────────────────────────────────────────────

    def save_now(self) -> None:
        """Send the corrections of all jobs."""
        self._send_timer.stop()
        for job_id in list(self._jobs):
            self._send(job_id)

    def close(self) -> None:
        """Write what is not on disk yet, and try for at most a second to send it. The window closes, or hides."""
        self._send_timer.stop()
        self._writer.write_now()
        client = self._session.client
        unsent = {job_id: job.unsaved.all() for job_id, job in self._jobs.items() if job.can_be_sent}
        if client is None or not unsent:
            return
        sent: dict[str, list[LineChange]] = {}
        is_over = Event()
        last_send = Thread(target=_send_all, args=(client, self._writer.journal, unsent, sent, is_over), daemon=True)
        last_send.start()
        last_send.join(_LAST_SEND_S)  # the rest is sent the next time
        is_over.set()
        for job_id, changes in list(sent.items()):
            self._jobs[job_id].unsaved.saved(changes)
            self.state_changed.emit(job_id)
        self._send_timer.start()  # in the tray the session continues

    def _send(self, job_id: str, *, is_forced: bool = False) -> None:
        job, client = self._jobs[job_id], self._session.client
        if client is None or job.is_sending or not job.can_be_sent:
            return
        from ocrdesk.desktop.review.document.send_corrections import send

        job.is_sending = True
        self._tasks.run(
            partial(send, client, job_id, job.unsaved.all(), is_forced=is_forced),
            partial(self._on_sent, job_id),
            partial(self._on_send_failed, job_id),
            lane=Lane.SAVING,
        )
        self.state_changed.emit(job_id)

    def _on_sent(self, job_id: str, result: SendResult) -> None:
        job = self._jobs.get(job_id)
        if job is None:  # the session has left this server: the journal is read when it returns
            return
        job.is_sending = False
        job.unsaved.saved(result.saved)
        job.conflicts = result.conflicts
        self._writer.write(job_id)
        self.saved.emit(job_id, result)
        self.state_changed.emit(job_id)
        if job.can_be_sent:
            self._send_timer.start()

    def _on_send_failed(self, job_id: str, error: Exception) -> None:
        from ocrdesk.client import NotFoundError, ServerUnavailableError

        job = self._jobs.get(job_id)
        if job is None:
            return
        job.is_sending = False
        if isinstance(error, NotFoundError):
            job.is_orphaned = True
            text = self.tr("The server no longer has {name}. Your corrections are kept on this computer.")
            self.message.emit(text.format(name=job.file_name))
            self.orphaned_changed.emit()
        elif isinstance(error, ServerUnavailableError):  # the window says so once for everything
            if self._session.client is not None:  # it is back already, or only this call was lost
                self._send_timer.start()
        else:
            job.refusal = short_reason(error)
            text = self.tr("{name}: corrections could not be saved and are kept on this computer: {reason}")
            self.message.emit(text.format(name=job.file_name, reason=error))
        self.state_changed.emit(job_id)

    # ── the session ──────────────────────────────────────────────────────────────────────────────

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            if self._is_restored:
                self.save_now()
            else:
                self._is_restored = True
                self._writer.read(self._on_restored)
        for job_id in list(self._jobs):
            self.state_changed.emit(job_id)

    def _on_restored(self, restored: Restored) -> None:
        for job_id, file_name, changes in restored:
            job = self._job(job_id, file_name)
            newer = job.unsaved.all()
            job.unsaved.clear()
            job.unsaved.add([*changes, *newer])
            self.restored.emit(job_id)
        self.save_now()

    def _on_server_changed(self, _server: Server) -> None:
        """Leave everything on disk: it is sent when the window returns to this server."""
        self._send_timer.stop()
        self._writer.leave_server()
        self._jobs.clear()
        self._is_restored = False
        self.orphaned_changed.emit()

    def _job(self, job_id: str, file_name: str) -> JobCorrections:
        from ocrdesk.desktop.review.document.unsaved_changes import Unsaved

        if job_id not in self._jobs:
            self._jobs[job_id] = JobCorrections(file_name, Unsaved())
        return self._jobs[job_id]


def _send_all(
    client: Client,
    journal: Journal,
    unsent: dict[str, list[LineChange]],
    sent: dict[str, list[LineChange]],
    is_over: Event,
) -> None:
    """Add to `sent` what the server accepts. After `is_over` is set, the journal belongs to the main thread again."""
    from ocrdesk.desktop.review.document.send_corrections import send

    for job_id, changes in unsent.items():
        with suppress(Exception):  # they are on disk, and are sent the next time
            if not send(client, job_id, changes).conflicts and not is_over.is_set():
                journal.write(job_id, "")
                sent[job_id] = changes
