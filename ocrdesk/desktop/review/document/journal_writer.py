"""Writes unsaved corrections to the journal in the background, and reads them at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.contract.file_names import printable_name
from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.review.document.job_corrections import JobCorrections
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import Server
from ocrdesk.desktop.session.session import Session

if TYPE_CHECKING:
    from ocrdesk.desktop.review.document.journal import Journal
    from ocrdesk.desktop.review.document.line_change import LineChange

_RETRY_AFTER_MS = 10_000
"""After a failed write: the user may have freed disk space by then."""

Restored = list[tuple[str, str, "list[LineChange]"]]
"""Job id, file name and changes of each job."""


class JournalWriter(QObject):
    """Writes one state of a job at a time. A newer state replaces one that is still waiting."""

    failed = Signal(str)
    """A sentence that says why corrections cannot be written or read."""

    def __init__(
        self, session: Session, tasks: Tasks, jobs: Mapping[str, JobCorrections], parent: QObject | None = None
    ) -> None:
        """`jobs` are the corrections as they are now, by job id."""
        super().__init__(parent)
        self._session, self._tasks, self._jobs = session, tasks, jobs
        self._journal: Journal | None = None
        self._writing: set[str] = set()
        self._waiting: set[str] = set()
        """Jobs whose newest state is not being written yet."""
        self._retry = QTimer(self, singleShot=True, interval=_RETRY_AFTER_MS)
        self._retry.timeout.connect(self._write_waiting)

    @property
    def journal(self) -> Journal:
        """The journal of the session's server."""
        from ocrdesk.desktop.review.document.journal import Journal

        if self._journal is None:
            self._journal = Journal(journal_folder(self._session.server))
        return self._journal

    def write(self, job_id: str) -> None:
        """Write a job's corrections as they are now."""
        self._waiting.add(job_id)
        if job_id in self._writing:
            return
        self._waiting.discard(job_id)
        self._writing.add(job_id)
        job = self._jobs[job_id]
        work = partial(_write, self.journal, job_id, job.file_name, job.unsaved.all())
        self._tasks.run(
            work, lambda _: self._on_written(job_id), partial(self._on_write_failed, job_id), lane=Lane.JOURNAL
        )

    def write_now(self) -> None:
        """Write on this thread all that may not be on disk yet."""
        for job_id in (self._writing | self._waiting) & self._jobs.keys():
            job = self._jobs[job_id]
            with suppress(OSError):
                _write(self.journal, job_id, job.file_name, job.unsaved.all())

    def leave_server(self) -> None:
        """Finish the journal of the server that the session leaves. Call it before `jobs` are cleared."""
        if self._journal is not None:
            for job_id in self._waiting & self._jobs.keys():  # an older state is being written
                job = self._jobs[job_id]
                work = partial(_write, self._journal, job_id, job.file_name, job.unsaved.all())
                self._tasks.run(work, lambda _: None, partial(self._on_write_failed, job_id), lane=Lane.JOURNAL)
        self._writing.clear()
        self._waiting.clear()
        self._journal = None

    def read(self, done: Callable[[Restored], None]) -> None:
        """Pass to `done` what the journal holds."""
        journal = self.journal

        def pass_on(restored: Restored) -> None:
            for file in journal.damaged:
                self.failed.emit(
                    self.tr("Corrections stored on this computer were damaged. The damaged file is {file}.").format(
                        file=printable_name(file)
                    )
                )
            done(restored)

        self._tasks.run(partial(_read, journal), pass_on, self._on_read_failed, lane=Lane.JOURNAL)

    def _write_waiting(self) -> None:
        for job_id in self._waiting & self._jobs.keys():
            self.write(job_id)

    def _on_written(self, job_id: str) -> None:
        self._writing.discard(job_id)
        if job_id in self._waiting:
            self.write(job_id)

    def _on_write_failed(self, job_id: str, error: Exception) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            self._writing.discard(job_id)
            self._waiting.add(job_id)
            self.failed.emit(
                self.tr("{name}: unsaved corrections cannot be stored on this computer: {reason}").format(
                    name=job.file_name, reason=short_reason(error)
                )
            )
            self._retry.start()

    def _on_read_failed(self, error: Exception) -> None:
        self.failed.emit(
            self.tr("Corrections stored on this computer cannot be read: {reason}").format(reason=short_reason(error))
        )


def journal_folder(server: Server) -> Path:
    """Return the folder with unsaved corrections for a server."""
    return server_folder(server) / "corrections"


def _write(journal: Journal, job_id: str, file_name: str, changes: Sequence[LineChange]) -> None:
    from ocrdesk.desktop.review.document.unsaved_changes import to_json

    journal.write(job_id, to_json(file_name, changes) if changes else "")


def _read(journal: Journal) -> Restored:
    from ocrdesk.desktop.review.document.unsaved_changes import from_json

    restored: Restored = []
    for job_id, text in journal.read():
        found = from_json(text)
        if found is None:
            journal.set_aside(job_id)
        else:
            restored.append((job_id, *found))
    return restored
