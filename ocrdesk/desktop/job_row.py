"""A row of the list: one file's way from the drop to its text, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.contract.states import JobState

if TYPE_CHECKING:  # pydantic is not needed to show a window, so its import must not come before the window
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView

_numbers = count(1)


class RowState(StrEnum):
    """A job's states, and before them those of a file that the server does not have yet."""

    WAITING = "waiting"
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
    return JobRow(f"file-{next(_numbers)}", path.name, RowState.WAITING, datetime.now(UTC), path=path)


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
        error=view.error,
    )


def with_view(row: JobRow, view: JobView) -> JobRow:
    """The row as a listing shows its job, unless the row already knows more."""
    news = replace(row_of_view(view), key=row.key, path=row.path)
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
        error=event.error if event.page is None else row.error,
    )
    return news if _is_newer(row, news, event.at) else row


def _is_newer(row: JobRow, news: JobRow, at: datetime) -> bool:
    if row.state.is_over and not news.state.is_over:  # a job that is run once more, or old news
        return row.ended_at is not None and at > row.ended_at
    return (_RANK[news.state], news.pages_ended) >= (_RANK[row.state], row.pages_ended)
