"""Keeps corrections until their server has them: on disk at once, sent a moment later, and again when it is back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import Server
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.desktop.review.document.journal import Journal
    from ocrdesk.desktop.review.document.line_change import LineChange
    from ocrdesk.desktop.review.document.send_corrections import Sent
    from ocrdesk.desktop.review.document.unsaved_changes import Unsaved

_SEND_AFTER_MS = 1_200
_AGAIN_MS = 10_000
"""After a disk refused them: somebody may have made room by then."""
_FAREWELL_S = 1.0


class Saving(Enum):
    """How a job's corrections are."""

    SAVED = "saved"
    UNDER_WAY = "under way"
    AWAY = "away"
    CONTESTED = "contested"
    REFUSED = "refused"
    GONE = "gone"
    """The server has no such result any more."""


@dataclass
class _Job:
    """What is known of one job's corrections."""

    file_name: str
    unsaved: Unsaved
    contested: list[LineChange] = field(default_factory=list)
    refusal: str = ""
    is_gone: bool = False
    is_sending: bool = False
    is_writing: bool = False
    is_written: bool = True

    @property
    def can_be_sent(self) -> bool:
        return bool(self.unsaved) and not self.contested and not self.is_gone


class Corrections(QObject):
    """Of all jobs of a session. Lives on the main thread, never blocks it but at the very end."""

    state_changed = Signal(str)
    """The id of a job whose `state` is another now."""
    saved = Signal(str, object)
    """A job's id, and the Sent that says what the server has now."""
    restored = Signal(str)
    """The id of a job of which corrections were found on disk."""
    gone_changed = Signal()
    """See `gone`."""
    trouble = Signal(str)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._jobs: dict[str, _Job] = {}
        self._kept: Journal | None = None
        self._is_restored = False
        self._soon = QTimer(self, singleShot=True, interval=_SEND_AFTER_MS)
        self._soon.timeout.connect(self.save_now)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._write_again)
        session.state_changed.connect(self._on_state)
        session.server_changed.connect(self._on_other_server)
        self._on_state(session.state)

    # ── what others ask ──────────────────────────────────────────────────────────────────────────────

    def add(self, job_id: str, file_name: str, changes: Sequence[LineChange]) -> None:
        job = self._job(job_id, file_name)
        job.unsaved.add(changes)
        job.refusal = ""
        self._write(job_id)
        self._soon.start()
        self.state_changed.emit(job_id)

    def unsaved(self, job_id: str) -> list[LineChange]:
        """What the server does not have yet."""
        job = self._jobs.get(job_id)
        return job.unsaved.all() if job else []

    def state(self, job_id: str) -> Saving:
        job = self._jobs.get(job_id)
        if job is None or not (job.unsaved or job.is_sending):
            return Saving.SAVED
        if job.is_gone:
            return Saving.GONE
        if job.contested:
            return Saving.CONTESTED
        if job.refusal:
            return Saving.REFUSED
        return Saving.UNDER_WAY if self._session.client else Saving.AWAY

    def is_sending(self, job_id: str) -> bool:
        job = self._jobs.get(job_id)
        return job is not None and job.is_sending

    def refusal(self, job_id: str) -> str:
        """Why the server did not take them."""
        job = self._jobs.get(job_id)
        return job.refusal if job else ""

    def contested(self, job_id: str) -> list[LineChange]:
        """Changes of lines that somebody else changed meanwhile: they wait for `keep_mine` or `take_theirs`."""
        job = self._jobs.get(job_id)
        return list(job.contested) if job else []

    def gone(self) -> dict[str, tuple[str, list[LineChange]]]:
        """File names and changes, by job, of results that the server no longer has: kept until they are discarded."""
        return {job_id: (job.file_name, job.unsaved.all()) for job_id, job in self._jobs.items() if job.is_gone}

    def discard_gone(self) -> None:
        """Nobody wants them any more."""
        for job_id in self.gone():
            self._jobs[job_id].unsaved.clear()
            self._jobs[job_id].is_gone = False
            self._write(job_id)
            self.state_changed.emit(job_id)
        self.gone_changed.emit()

    def keep_mine(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.contested = []
            self._send(job_id, is_forced=True)

    def take_theirs(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.unsaved.drop(job.contested)
            job.contested = []
            self._write(job_id)
            self._send(job_id)
            self.state_changed.emit(job_id)

    def save_now(self) -> None:
        """Sends what there is, of all jobs."""
        self._soon.stop()
        for job_id in list(self._jobs):
            self._send(job_id)

    def close(self) -> None:
        """The window closes, maybe for good: writes what is not written yet, and gives the server a moment for it."""
        self._soon.stop()
        for job_id, job in self._jobs.items():
            if job.is_writing or not job.is_written:
                with suppress(OSError):
                    _write(self._journal(), job_id, job.file_name, job.unsaved.all())
        client = self._session.client
        left = {job_id: job.unsaved.all() for job_id, job in self._jobs.items() if job.can_be_sent}
        if client is None or not left:
            return
        taken: dict[str, list[LineChange]] = {}
        is_over = Event()
        farewell = Thread(target=_send_all, args=(client, self._journal(), left, taken, is_over), daemon=True)
        farewell.start()
        farewell.join(_FAREWELL_S)  # what is not there by then is sent the next time
        is_over.set()
        for job_id, changes in list(taken.items()):
            self._jobs[job_id].unsaved.saved(changes)
            self.state_changed.emit(job_id)
        self._soon.start()  # in the tray the session goes on

    def _on_other_server(self, _server: Server) -> None:
        """All goes to disk, and is sent when the window comes back to its server."""
        self._soon.stop()
        for job_id, job in self._jobs.items():
            if not job.is_written and self._kept is not None:  # an older state of it is being written
                work = partial(_write, self._kept, job_id, job.file_name, job.unsaved.all())
                self._tasks.run(work, lambda _: None, partial(self._on_unwritten, job_id), lane=Lane.JOURNAL)
        self._jobs.clear()
        self._kept, self._is_restored = None, False
        self.gone_changed.emit()

    def _write_again(self) -> None:
        for job_id, job in self._jobs.items():
            if not job.is_written:
                self._write(job_id)

    # ── on disk ──────────────────────────────────────────────────────────────────────────────────────

    def _journal(self) -> Journal:
        from ocrdesk.desktop.review.document.journal import Journal

        if self._kept is None:
            self._kept = Journal(journal_folder(self._session.server))
        return self._kept

    def _write(self, job_id: str) -> None:
        job = self._jobs[job_id]
        job.is_written = False
        if job.is_writing:
            return
        job.is_writing, job.is_written = True, True
        work = partial(_write, self._journal(), job_id, job.file_name, job.unsaved.all())
        self._tasks.run(
            work, lambda _: self._on_written(job_id), partial(self._on_unwritten, job_id), lane=Lane.JOURNAL
        )

    def _on_written(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.is_writing = False
            if not job.is_written:
                self._write(job_id)

    def _on_unwritten(self, job_id: str, error: Exception) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            job.is_writing = False
            job.is_written = False
            self.trouble.emit(
                self.tr("{name}: corrections cannot be kept on this computer until they are saved: {reason}").format(
                    name=job.file_name, reason=short_reason(error)
                )
            )
            self._again.start()

    def _restore(self) -> None:
        self._is_restored = True
        self._tasks.run(partial(_read, self._journal()), self._on_restored, self._on_unread, lane=Lane.JOURNAL)

    def _on_restored(self, kept: list[tuple[str, str, list[LineChange]]]) -> None:
        for job_id, file_name, changes in kept:
            job = self._job(job_id, file_name)
            later = job.unsaved.all()
            job.unsaved.clear()
            job.unsaved.add([*changes, *later])
            self.restored.emit(job_id)
        self.save_now()

    def _on_unread(self, error: Exception) -> None:
        self.trouble.emit(
            self.tr("Corrections kept on this computer cannot be read: {reason}").format(reason=short_reason(error))
        )

    # ── to the server ────────────────────────────────────────────────────────────────────────────────

    def _send(self, job_id: str, *, is_forced: bool = False) -> None:
        job, client = self._jobs[job_id], self._session.client
        if client is None or job.is_sending or not job.can_be_sent:
            return
        from ocrdesk.desktop.review.document.send_corrections import send

        job.is_sending = True
        self._tasks.run(
            partial(send, client, job_id, job.unsaved.all(), is_forced=is_forced),
            partial(self._on_sent, job_id),
            partial(self._on_unsent, job_id),
            lane=Lane.SAVING,
        )
        self.state_changed.emit(job_id)

    def _on_sent(self, job_id: str, sent: Sent) -> None:
        job = self._jobs.get(job_id)
        if job is None:  # the window closes: what it left on disk is looked at the next time
            return
        job.is_sending = False
        job.unsaved.saved(sent.saved)
        job.contested = sent.contested
        self._write(job_id)
        self.saved.emit(job_id, sent)
        self.state_changed.emit(job_id)
        if job.can_be_sent:
            self._soon.start()

    def _on_unsent(self, job_id: str, error: Exception) -> None:
        from ocrdesk.client import NotFoundError, ServerUnavailableError

        job = self._jobs.get(job_id)
        if job is None:
            return
        job.is_sending = False
        if isinstance(error, NotFoundError):
            job.is_gone = True
            said = self.tr("The server no longer has {name}: what you corrected is kept on this computer.")
            self.trouble.emit(said.format(name=job.file_name))
            self.gone_changed.emit()
        elif isinstance(error, ServerUnavailableError):  # which is said once, for the whole window
            if self._session.client is not None:  # back already, or only this call was lost
                self._soon.start()
        else:
            job.refusal = short_reason(error)
            said = self.tr("{name}: corrections could not be saved and are kept on this computer: {reason}")
            self.trouble.emit(said.format(name=job.file_name, reason=error))
        self.state_changed.emit(job_id)

    def _on_state(self, state: SessionState) -> None:
        if state.connection is ConnectionState.READY:
            if self._is_restored:
                self.save_now()
            else:
                self._restore()
        for job_id in list(self._jobs):
            self.state_changed.emit(job_id)

    def _job(self, job_id: str, file_name: str) -> _Job:
        from ocrdesk.desktop.review.document.unsaved_changes import Unsaved

        if job_id not in self._jobs:
            self._jobs[job_id] = _Job(file_name, Unsaved())
        return self._jobs[job_id]


def journal_folder(server: Server) -> Path:
    """Where the corrections for this server wait: another has other jobs."""
    return server_folder(server) / "corrections"


def _write(journal: Journal, job_id: str, file_name: str, changes: Sequence[LineChange]) -> None:
    from ocrdesk.desktop.review.document.unsaved_changes import to_json

    journal.write(job_id, to_json(file_name, changes) if changes else "")


def _read(journal: Journal) -> list[tuple[str, str, list[LineChange]]]:
    from ocrdesk.desktop.review.document.unsaved_changes import from_json

    read = ((job_id, from_json(text)) for job_id, text in journal.read())
    return [(job_id, *found) for job_id, found in read if found is not None]


def _send_all(
    client: Client,
    journal: Journal,
    left: dict[str, list[LineChange]],
    taken: dict[str, list[LineChange]],
    is_over: Event,
) -> None:
    """Notes in `taken` what the server has now. Once it `is_over`, the journal is not this thread's any more."""
    from ocrdesk.desktop.review.document.send_corrections import send

    for job_id, changes in left.items():
        with suppress(Exception):  # they are on disk, and sent the next time
            if not send(client, job_id, changes).contested and not is_over.is_set():
                journal.write(job_id, "")
                taken[job_id] = changes
