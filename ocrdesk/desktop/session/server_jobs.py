"""Keeps the model in step with the server's jobs: merges lists, applies events, looks up unknown jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Task, Tasks
from ocrdesk.desktop.jobs.model import JobsModel

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView

_LOOK_UP_AFTER_MS = 400
"""An unknown job is most likely one of ours, and the answer to its upload arrives within this time."""


class ServerJobs(QObject):
    """Belongs to the server that is shown; `reset` when that changes."""

    job_event = Signal(object)
    """An Event, after the model has it."""
    jobs_listed = Signal(object)
    """Some JobViews that were looked up, after the model has them."""

    def __init__(
        self, model: JobsModel, tasks: Tasks, client: Callable[[], Client | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._tasks, self._client = model, tasks, client
        self._listed: set[str] = set()
        self._unknown: dict[str, Event] = {}
        """The last event of each job that has no row."""
        self._look_ups = Task()
        self._look_up_soon = QTimer(self, singleShot=True, interval=_LOOK_UP_AFTER_MS)
        self._look_up_soon.timeout.connect(self._look_up_unknown)

    def reset(self) -> None:
        """Forget everything about the last server; answers that are still on their way are dropped."""
        self._unknown.clear()
        self._listed.clear()
        self._look_ups.cancel()
        self._look_ups = Task()

    def begin_list(self) -> None:
        """Start a new list: the server was connected to."""
        self._listed.clear()

    def add_listed(self, jobs: Sequence[JobView]) -> None:
        self._model.merge(jobs)
        self._listed.update(view.job_id for view in jobs)

    def look_up_unlisted(self, client: Client) -> None:
        """Ask for each job of the model that the finished list does not name: it may have been deleted."""
        listed, self._listed = self._listed, set()
        for row in self._model.rows():
            if row.job_id and row.job_id not in listed:
                self._look_up(row.job_id, client)

    def apply(self, event: Event) -> None:
        from ocrdesk.contract.events import EventType

        if event.type is EventType.DELETED:
            self._unknown.pop(event.job_id, None)
            self._remove(event.job_id)
        elif self._model.apply(event):
            self.job_event.emit(event)
        else:
            # most likely one of ours whose answer is still on its way; else another window's or the command line's
            self._unknown[event.job_id] = event
            self._look_up_soon.start()

    def on_accepted(self, job_id: str) -> None:
        """Apply the event that came before the job's row was known."""
        event = self._unknown.pop(job_id, None)
        if event is not None:
            self.apply(event)

    def _look_up_unknown(self) -> None:
        unknown, self._unknown = self._unknown, {}
        client = self._client()
        for job_id in unknown:
            if client and self._model.row_of_job(job_id) is None:
                self._look_up(job_id, client)

    def _look_up(self, job_id: str, client: Client) -> None:
        self._tasks.run(
            partial(client.job, job_id),
            self._on_looked_up,
            partial(self._on_look_up_failed, job_id),
            task=self._look_ups,
        )

    def _on_looked_up(self, job: JobView) -> None:
        self._model.merge([job])
        self.jobs_listed.emit((job,))

    def _on_look_up_failed(self, job_id: str, error: Exception) -> None:
        from ocrdesk.client import NotFoundError

        if isinstance(error, NotFoundError):
            self._remove(job_id)

    def _remove(self, job_id: str) -> None:
        row = self._model.row_of_job(job_id)
        if row is not None:
            self._model.remove(row.key)
