"""One job in the list, immutable: from the dropped file to its text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.contract.file_names import sent_name
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.i18n.error_messages import translate_error, translate_message

if TYPE_CHECKING:  # pydantic is not needed to show a window, so its import must not come before the window
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView

_numbers = count(1)
_LOCKED = frozenset(("encrypted_pdf", "wrong_password"))
"""Error codes; the enumeration is loaded with pydantic only."""
_PACE_PAGES = 2
"""One page is not enough for an estimate: the first one waits for an engine to load."""


class RowState(StrEnum):
    """A job's states, and those of a file that the server does not have yet.

    `paused` is a file that waits here, or a job that was stopped on the server and can be resumed.
    """

    WAITING = "waiting"
    PAUSED = "paused"
    SENDING = "sending"
    REFUSED = "refused"
    QUEUED = JobState.QUEUED.value
    STARTED = JobState.STARTED.value
    FINISHED = JobState.FINISHED.value
    FAILED = JobState.FAILED.value
    CANCELLED = JobState.CANCELLED.value

    @property
    def is_over(self) -> bool:
        return _RANK[self] == _OVER


_OVER = 4
_RANK = {
    RowState.WAITING: 0,
    RowState.PAUSED: 0,
    RowState.SENDING: 1,
    RowState.QUEUED: 2,
    RowState.STARTED: 3,
    RowState.FINISHED: _OVER,
    RowState.FAILED: _OVER,
    RowState.CANCELLED: _OVER,
    RowState.REFUSED: _OVER,
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """One row. `key` is this window's id and never changes; `job_id` is the server's, once there is one."""

    key: str
    file_name: str
    state: RowState
    created_at: datetime
    size_bytes: int = 0
    path: Path | None = None
    job_id: str | None = None
    sent_bytes: int = 0
    page_count: int | None = None
    pages_done: int = 0
    pages_failed: int = 0
    ended_at: datetime | None = None
    error: str | None = None
    """Why it failed or was refused, in the interface language."""
    warnings: tuple[str, ...] = ()
    """What the user should know although nothing failed, in the interface language."""
    idempotency_key: str = ""
    """The key of a file's upload; it is stored across restarts, so that no file becomes two jobs."""
    paced_from: tuple[datetime, int] | None = None
    """When this run of the job was first reported, and how many pages had ended then."""
    due_at: datetime | None = None
    """The expected end, by this computer's clock: the server's estimate, later calculated from the pace so far."""
    is_locked: bool = False
    """Whether it failed because the PDF is locked, or the password was wrong."""
    listed_at: datetime | None = None
    """The place in the list, if it differs from the order of creation: files of a batch keep their order."""

    @property
    def place_time(self) -> datetime:
        """The time by which the list is ordered, newest first."""
        return self.listed_at or self.created_at

    @property
    def is_unsent(self) -> bool:
        """Whether the file waits to be sent, now or after a pause."""
        return self.job_id is None and self.state in (RowState.WAITING, RowState.PAUSED)

    @property
    def has_result(self) -> bool:
        """Whether the result can be exported."""
        return self.state is RowState.FINISHED and self.job_id is not None

    @property
    def can_retry(self) -> bool:
        """Whether the file, or failed pages of it, can be recognised again."""
        if self.state is RowState.FINISHED:
            return self.pages_failed > 0
        return self.state.is_over and (self.job_id is not None or self.path is not None)

    @property
    def needs_password(self) -> bool:
        """Whether it can be read again with a password."""
        return self.is_locked and self.state is RowState.FAILED and self.job_id is not None

    @property
    def seconds_left(self) -> float | None:
        """The expected remaining time; None if unknown, or if the estimate was wrong."""
        left = (self.due_at - datetime.now(UTC)).total_seconds() if self.due_at else -1.0
        return left if left >= 0 else None

    @property
    def can_pause(self) -> bool:
        return self.state in (RowState.WAITING, RowState.SENDING, RowState.QUEUED, RowState.STARTED)

    @property
    def pages_ended(self) -> int:
        return self.pages_done + self.pages_failed

    @property
    def fraction(self) -> float | None:
        """The progress of upload or recognition, from 0 to 1; None without a measure."""
        if self.state is RowState.SENDING and self.size_bytes:
            return min(1.0, self.sent_bytes / self.size_bytes)
        if self.state is RowState.STARTED and self.page_count:
            return min(1.0, self.pages_ended / self.page_count)
        return None


def row_of_file(path: Path, request_id: str = "") -> JobRow:
    """Return the row of a new file; with the id of a request, its upload has the same key each time."""
    return JobRow(
        f"file-{next(_numbers)}",
        sent_name(path.name) or path.name,
        RowState.WAITING,
        datetime.now(UTC),
        path=path,
        idempotency_key=upload_key(request_id, path) if request_id else new_idempotency_key(),
    )


def new_idempotency_key() -> str:
    """Return a new idempotency key."""
    from uuid import uuid4  # imported for the first file, not for the window

    return str(uuid4())


def upload_key(request_id: str, path: Path) -> str:
    """Return the idempotency key of a request's file: what is collected twice is uploaded once."""
    from uuid import UUID, uuid5  # as above

    return str(uuid5(UUID(request_id), str(path).encode("utf-8", "surrogateescape").hex()))


def row_of_view(view: JobView) -> JobRow:
    """Return the row of a job that the server reported."""
    return JobRow(
        key=view.job_id,
        file_name=sent_name(view.file_name) or view.file_name,  # another server may not have checked it
        state=RowState(view.status.value),
        created_at=view.created_at,
        size_bytes=view.size_bytes,
        job_id=view.job_id,
        page_count=view.page_count,
        pages_done=view.pages_done,
        pages_failed=view.pages_failed,
        ended_at=view.ended_at,
        error=translate_error(view.error_message, view.error),
        warnings=tuple(map(translate_message, view.warnings)),
        is_locked=view.error_code in _LOCKED,
    )


def with_view(row: JobRow, view: JobView) -> JobRow:
    """Return the row updated from a list of jobs, unless the row is newer."""
    updated = replace(
        row_of_view(view),
        key=row.key,
        path=row.path,
        idempotency_key=row.idempotency_key,
        listed_at=row.listed_at,
    )
    if updated.state is row.state:
        updated = replace(updated, paced_from=row.paced_from, due_at=row.due_at)
    return updated if _is_newer(row, updated, view.started_at or view.created_at) else row


def with_event(row: JobRow, event: Event) -> JobRow:
    """Return the row updated by an event, unless the row is newer: an event may be older than a list."""
    state = RowState(event.status.value)
    updated = replace(
        row,
        state=state,
        page_count=event.page_count,
        pages_done=event.pages_done,
        pages_failed=event.pages_failed,
        ended_at=(row.ended_at or event.at) if state.is_over else None,
        # a page's error does not make the job a failed one
        error=translate_error(event.error_message, event.error) if event.page is None else row.error,
        warnings=tuple(map(translate_message, event.warnings)) or row.warnings,
        is_locked=event.error_code in _LOCKED if event.page is None else row.is_locked,
    )
    return _paced(updated, event.at) if _is_newer(row, updated, event.at) else row


def _paced(row: JobRow, at: datetime) -> JobRow:
    """Return the row with the end expected from the pace so far; `at` is by the server's clock."""
    if row.state is RowState.QUEUED:
        return row
    if row.state is not RowState.STARTED or not row.page_count:
        return replace(row, paced_from=None, due_at=None)
    if row.paced_from is None or row.pages_ended < row.paced_from[1]:
        return replace(row, paced_from=(at, row.pages_ended))
    since, before = row.paced_from
    ended, seconds = row.pages_ended - before, (at - since).total_seconds()
    if ended < _PACE_PAGES or seconds <= 0:
        return row
    left = timedelta(seconds=seconds / ended * max(0, row.page_count - row.pages_ended))
    return replace(row, due_at=datetime.now(UTC) + left)


def _is_newer(row: JobRow, updated: JobRow, at: datetime) -> bool:
    if row.state.is_over and not updated.state.is_over:  # a job that runs again, or an old event
        return row.ended_at is not None and at > row.ended_at
    return (_RANK[updated.state], updated.pages_ended) >= (_RANK[row.state], row.pages_ended)
