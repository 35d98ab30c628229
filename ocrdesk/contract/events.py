"""Events: what happens to a job, in order, as the event stream (SSE) carries it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ocrdesk.contract.document import Record
from ocrdesk.contract.states import JobState, PageState


class EventType(StrEnum):
    """`job`: the job changed its state or its page count became known. `page`: a page ended.
    `deleted`: the job and all it had are gone."""

    JOB = "job"
    PAGE = "page"
    DELETED = "deleted"


class Event(Record):
    """One event. `id` orders the stream it came from: send it as Last-Event-ID to go on after it.

    Every event carries the job's state and counts as they were then; a `page` event also names the
    page and how it ended.
    """

    id: str
    type: EventType
    job_id: str
    at: datetime
    status: JobState
    page_count: int | None = None
    pages_done: int = 0
    pages_failed: int = 0
    page: int | None = None
    page_status: PageState | None = None
    error: str | None = None
    error_code: str | None = None
