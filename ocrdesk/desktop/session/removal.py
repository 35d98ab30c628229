"""Removes jobs from the list and, unless they are put back, from the server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.session.job_control import SessionCalls

if TYPE_CHECKING:
    from ocrdesk.client import Client


class JobRemoval(QObject):
    """The model ignores removed jobs until the server no longer has them, also in later windows."""

    def __init__(self, model: JobsModel, tasks: Tasks, calls: SessionCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._tasks, self._calls = model, tasks, calls
        self._undoable: set[str] = set()
        """Removed jobs that may still be put back."""

    def remove(self, keys: Iterable[str]) -> list[JobRow]:
        """Remove the jobs from the list only. Return their rows, for `put_back` or `delete`."""
        rows = [row for key in keys if (row := self._model.row(key)) is not None]
        job_ids = [row.job_id for row in rows if row.job_id]
        self._undoable.update(job_ids)
        self._model.removed.update(job_ids)
        self._model.remove(*(row.key for row in rows))
        for row in rows:
            if row.job_id is None:
                self._calls.uploads().drop(row.key)
        return rows

    def put_back(self, rows: Iterable[JobRow]) -> None:
        """Undo `remove`."""
        rows = list(rows)
        self._undoable.difference_update(row.job_id for row in rows if row.job_id)
        self._model.put_back(rows)

    def delete(self, rows: Iterable[JobRow]) -> None:
        """Delete everything the server has of removed jobs, now or when it is connected again.

        A job that the server does not delete is listed again.
        """
        client = self._calls.client()
        for row in rows:
            if row.job_id is not None:
                self._undoable.discard(row.job_id)
                if client is not None:
                    self._delete(client, row.job_id, partial(self._on_failed, row))

    def delete_left(self) -> None:
        """Delete the jobs that were removed and could not be deleted yet, also by earlier windows."""
        client = self._calls.client()
        for job_id in tuple(self._model.removed):
            if client is not None and job_id not in self._undoable:
                self._delete(client, job_id, lambda _: None)

    def _delete(self, client: Client, job_id: str, failed: Callable[[Exception], None]) -> None:
        model = self._model
        self._tasks.run(partial(_deleted, client, job_id), lambda _: model.removed.discard(job_id), failed)

    def _on_failed(self, row: JobRow, error: Exception) -> None:
        from ocrdesk.client import ServerUnavailableError

        if not isinstance(error, ServerUnavailableError):  # else it is deleted when the server is back
            self._model.put_back([row])
            self._calls.report_problem(f"{row.file_name}: {error}")


def _deleted(client: Client, job_id: str) -> None:
    from ocrdesk.client import NotFoundError

    with contextlib.suppress(NotFoundError):
        client.delete(job_id)
