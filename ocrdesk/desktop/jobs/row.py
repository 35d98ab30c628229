"""A row of the list: one file's way from the drop to its text, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.i18n.error_messages import translate_error

if TYPE_CHECKING:  # pydantic is not needed to show a window, so its import must not come before the window
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView

_numbers = count(1)
_PACE_PAGES = 2
"""One page says little: the first one waits for an engine to load."""


class RowState(StrEnum):
    """A job's states, and before them those of a file that the server does not have yet.

    `paused` is a file that is held back here, or a job that was stopped at the server to go on later.
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
    """One row. `key` is this window's name for it and never changes; `job_id` is the server's, once it has one."""

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
    once: str = ""
    """The Idempotency-Key of a file that is not sent yet; it is kept over restarts, so no file is sent twice."""
    paced_from: tuple[datetime, int] | None = None
    """When this run of the job was first heard of, and how many pages had ended then."""
    due_at: datetime | None = None
    """When it is likely to be done, by this computer's clock: the server's estimate, later from the pace so far."""

    @property
    def is_unsent(self) -> bool:
        """Whether the file waits here to be sent, at once or later."""
        return self.job_id is None and self.state in (RowState.WAITING, RowState.PAUSED)

    @property
    def has_result(self) -> bool:
        """Whether its result can be exported."""
        return self.state is RowState.FINISHED and self.job_id is not None

    @property
    def can_retry(self) -> bool:
        """Whether there is something to read once more."""
        if self.state is RowState.FINISHED:
            return self.pages_failed > 0
        return self.state.is_over and (self.job_id is not None or self.path is not None)

    @property
    def seconds_left(self) -> float | None:
        """How long it is likely to take yet; None when nobody knows, or when the guess was wrong."""
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
        """How far the work shown is, from 0 to 1; None when there is nothing to measure."""
        if self.state is RowState.SENDING and self.size_bytes:
            return min(1.0, self.sent_bytes / self.size_bytes)
        if self.state is RowState.STARTED and self.page_count:
            return min(1.0, self.pages_ended / self.page_count)
        return None


def row_of_file(path: Path) -> JobRow:
    """The row of a file that was just given to us."""
    return JobRow(
        f"file-{next(_numbers)}", path.name, RowState.WAITING, datetime.now(UTC), path=path, once=new_upload()
    )


def new_upload() -> str:
    """An Idempotency-Key."""
    from uuid import uuid4  # with the first file, not with the window

    return str(uuid4())


def row_of_view(view: JobView) -> JobRow:
    """The row of a job that the server told of."""
    return JobRow(
        key=view.job_id,
        file_name=view.file_name,
        state=RowState(view.status.value),
        created_at=view.created_at,
        size_bytes=view.size_bytes,
        job_id=view.job_id,
        page_count=view.page_count,
        pages_done=view.pages_done,
        pages_failed=view.pages_failed,
        ended_at=view.ended_at,
        error=translate_error(view.error_message, view.error),
    )


def with_view(row: JobRow, view: JobView) -> JobRow:
    """The row as a listing shows its job, unless the row already knows more."""
    news = replace(row_of_view(view), key=row.key, path=row.path, once=row.once)
    if news.state is row.state:
        news = replace(news, paced_from=row.paced_from, due_at=row.due_at)
    return news if _is_newer(row, news, view.started_at or view.created_at) else row


def with_event(row: JobRow, event: Event) -> JobRow:
    """The row after an event, unless the row already knows more: an event may be older than a listing."""
    state = RowState(event.status.value)
    news = replace(
        row,
        state=state,
        page_count=event.page_count,
        pages_done=event.pages_done,
        pages_failed=event.pages_failed,
        ended_at=(row.ended_at or event.at) if state.is_over else None,
        # a page's error is the page's: it does not make the job a failed one
        error=translate_error(event.error_message, event.error) if event.page is None else row.error,
    )
    return _paced(news, event.at) if _is_newer(row, news, event.at) else row


def _paced(row: JobRow, at: datetime) -> JobRow:
    """The row with the time that is left at the pace so far; `at` is by the server's clock, like the row's own."""
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


def _is_newer(row: JobRow, news: JobRow, at: datetime) -> bool:
    if row.state.is_over and not news.state.is_over:  # a job that is run once more, or old news
        return row.ended_at is not None and at > row.ended_at
    return (_RANK[news.state], news.pages_ended) >= (_RANK[row.state], row.pages_ended)
