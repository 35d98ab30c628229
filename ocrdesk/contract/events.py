"""Events: what happens to a job, in order, as the event stream (SSE) carries it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ocrdesk.contract.document import Record
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.contract.states import JobState, PageState


class EventType(StrEnum):
    """`job`: the job changed its state or its page count became known. `page`: a page ended.
    `export`: a file that was asked for (a searchable PDF, say) is made, or cannot be.
    `revised`: the result was corrected. `deleted`: the job and all it had are gone."""

    JOB = "job"
    PAGE = "page"
    EXPORT = "export"
    REVISED = "revised"
    DELETED = "deleted"


class Event(Record):
    """One event. `id` orders the stream it came from: send it as Last-Event-ID to go on after it.

    Every event carries the job's state and counts as they were then; a `page` event also names the
    page and how it ended, an `export` event the file and whether it is there.
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
    export: str | None = None
    export_status: PageState | None = None
    revision: int = 0
    error: str | None = None
    error_code: str | None = None
    error_message: ErrorMessage | None = None
