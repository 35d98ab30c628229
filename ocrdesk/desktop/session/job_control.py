"""Pauses, resumes, retries, unlocks, cancels and reorders jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocrdesk.desktop.jobs.row import JobRow, RowState

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.jobs import JobView
    from ocrdesk.desktop.background.tasks import Tasks
    from ocrdesk.desktop.jobs.model import JobsModel
    from ocrdesk.desktop.session.uploads import Uploads


class Move(Enum):
    """Where a waiting file goes among those that wait."""

    UP = "up"
    DOWN = "down"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class SessionCalls:
    """The calls of the session that job control needs."""

    client_for: Callable[[str], Client | None]
    """Return the client, or None after telling the user that this file's server is not connected."""
    client: Callable[[], Client | None]
    """Return the client while the server is connected."""
    open_files: Callable[[Sequence[Path]], object]
    send: Callable[[Iterable[str]], None]
    """Upload the files of these rows, with the options for new jobs."""
    uploads: Callable[[], Uploads]
    """Return the uploads to the server that is shown."""
    report_problem: Callable[[str], None]
    """Show the user a sentence."""


class JobControl(QObject):
    """Does what the user asks for jobs in the list. A file that is not sent yet waits here.

    The API has no pause and needs none: a job is cancelled, which keeps its finished pages, and `retry` resumes it.
    """

    def __init__(self, model: JobsModel, tasks: Tasks, calls: SessionCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._tasks, self._calls = model, tasks, calls
        self._pause_when_sent: set[str] = set()

    def pause(self, keys: Iterable[str]) -> None:
        """Stop these until `resume`; pages in progress are abandoned."""
        files = []
        for row in self._rows(keys):
            if row.state is RowState.SENDING:
                self._pause_when_sent.add(row.key)
            elif row.state is RowState.WAITING:
                files.append(row.key)
            elif row.can_pause and row.job_id:
                self._pause_job(row, row.job_id)
        self._model.mark_paused(*files)

    def resume(self, keys: Iterable[str]) -> None:
        """Resume paused files and jobs where they stopped."""
        files = []
        for row in self._rows(keys):
            self._pause_when_sent.discard(row.key)
            if row.state is not RowState.PAUSED:
                continue
            if row.job_id is None:
                files.append(row.key)
            else:
                self._retry_job(row, row.job_id)
        self._model.mark_waiting(*files)
        self._calls.send(files)

    def retry(self, keys: Iterable[str]) -> None:
        """Recognise failed pages again, and send refused files again."""
        files = []
        for row in self._rows(keys):
            if not row.can_retry:
                continue
            if row.job_id is not None:
                self._retry_job(row, row.job_id)
            else:
                self._model.mark_requeued(row.key)
                files.append(row.key)
        self._model.mark_waiting(*files)
        self._calls.send(files)

    def unlock(self, key: str, password: str) -> None:
        """Read a locked PDF again with this password, which is not kept."""
        for row in self._rows([key]):
            if row.needs_password and row.job_id is not None:
                self._retry_job(row, row.job_id, password)

    def retry_failed(self, keys: Iterable[str]) -> None:
        """Retry failed jobs and refused files, but nothing that the user cancelled."""
        self.retry([row.key for row in self._rows(keys) if row.state is not RowState.CANCELLED])

    def retry_refused(self) -> int:
        """Send all refused files again, with today's options for new jobs. Return their number."""
        keys = [row.key for row in self._model.rows() if row.state is RowState.REFUSED and row.path]
        self.retry(keys)
        return len(keys)

    def cancel(self, keys: Iterable[str]) -> None:
        """Stop the jobs; they stay in the list."""
        for row in self._rows(keys):
            if row.state.is_over:
                continue
            if row.job_id is None:
                self._calls.uploads().drop(row.key)
                self._model.mark_cancelled(row.key)
            elif client := self._calls.client_for(row.file_name):
                self._model.release(row.job_id)
                self._tasks.run(
                    partial(client.cancel, row.job_id),
                    partial(self._merge_if_shown, self._calls.uploads()),
                    partial(self._on_failed, row.file_name),
                )

    def move(self, keys: Iterable[str], move: Move) -> None:
        """Move unsent files among the unsent files: the list's order is the order in which they are sent."""
        order = self._unsent()
        chosen = set(keys)
        self._reorder(_moved(order, chosen.intersection(order), move))

    def move_before(self, keys: Sequence[str], before: str | None) -> None:
        """Move unsent files above another one, or below all of them."""
        order = self._unsent()
        moved = [key for key in order if key in set(keys)]
        rest = [key for key in order if key not in set(keys)]
        place = rest.index(before) if before in rest else len(rest)
        self._reorder([*rest[:place], *moved, *rest[place:]])

    # ── calls and answers ────────────────────────────────────────────────────────────────────────────

    def _pause_job(self, row: JobRow, job_id: str) -> None:
        client = self._calls.client_for(row.file_name)
        if client is None:
            return
        self._model.hold([job_id])
        self._tasks.run(
            partial(client.cancel, job_id),
            lambda view: self._model.merge([view]),
            partial(self._on_not_paused, row.file_name, job_id),
        )

    def _on_not_paused(self, file_name: str, job_id: str, error: Exception) -> None:
        self._model.release(job_id)
        self._calls.report_problem(f"{file_name}: {error}")

    def _retry_job(self, row: JobRow, job_id: str, password: str | None = None) -> None:
        client = self._calls.client_for(row.file_name)
        if client is not None:
            self._tasks.run(
                partial(_retried, client, job_id, password),
                partial(self._on_resumed, job_id),
                partial(self._on_not_resumed, row, job_id),
            )

    def _on_resumed(self, job_id: str, view: JobView) -> None:
        self._model.release(job_id)
        self._model.merge([view])

    def _on_not_resumed(self, row: JobRow, job_id: str, error: Exception) -> None:
        from ocrdesk.client import UploadGoneError

        if not isinstance(error, UploadGoneError):
            self._calls.report_problem(f"{row.file_name}: {error}")
        elif row.path is None:
            self._calls.report_problem(
                self.tr("{name}: the server no longer has this file. Open it again to read it.").format(
                    name=row.file_name
                )
            )
        else:  # the server stores no uploads, but the file is here
            self._model.release(job_id)
            self._calls.open_files([row.path])

    def _merge_if_shown(self, uploads: Uploads, view: JobView) -> None:
        """Update the row, unless another server is shown by now."""
        if self._calls.uploads() is uploads:
            self._model.merge([view])

    def _on_failed(self, file_name: str, error: Exception) -> None:
        self._calls.report_problem(f"{file_name}: {error}")

    def on_accepted(self, key: str) -> None:
        """Pause the row's job if the user paused it during its upload."""
        if key in self._pause_when_sent:
            self._pause_when_sent.discard(key)
            self.pause([key])

    def _reorder(self, order: Sequence[str]) -> None:
        self._model.reorder(order)
        self._calls.uploads().reorder()

    def _unsent(self) -> list[str]:
        """Return the keys of unsent files from the top down."""
        return [row.key for row in self._model.rows()[::-1] if row.is_unsent]

    def _rows(self, keys: Iterable[str]) -> list[JobRow]:
        return [row for key in keys if (row := self._model.row(key)) is not None]


def _retried(client: Client, job_id: str, password: str | None) -> JobView:
    """Retry the job. If it already runs, because the answer to an earlier request was lost, just return it."""
    from ocrdesk.client import NotReadyError

    try:
        return client.retry(job_id, password=password)
    except NotReadyError:
        return client.job(job_id)


def _moved(order: list[str], chosen: set[str], move: Move) -> list[str]:
    """Return the keys in their new order; the chosen ones keep their order among themselves."""
    if move is Move.TOP:
        return sorted(order, key=lambda key: key not in chosen)
    if move is Move.BOTTOM:
        return sorted(order, key=lambda key: key in chosen)
    if move is Move.DOWN:
        return _moved(order[::-1], chosen, Move.UP)[::-1]
    result = list(order)
    for place in range(1, len(result)):
        if result[place] in chosen and result[place - 1] not in chosen:
            result[place - 1], result[place] = result[place], result[place - 1]
    return result
