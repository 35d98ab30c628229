"""Events sent while a job runs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ocrdesk.contract.document import Record
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.contract.states import JobState, PageState


class EventType(StrEnum):
    """`job`: the job's state changed or its page count became known. `page`: a page ended.
    `export`: a requested file, such as a searchable PDF, was created or failed.
    `revised`: the result was corrected. `deleted`: the job and all its data were deleted."""

    JOB = "job"
    PAGE = "page"
    EXPORT = "export"
    REVISED = "revised"
    DELETED = "deleted"


class Event(Record):
    """One event. `id` is its position in the stream: send it as Last-Event-ID to resume after it.

    Every event has the job's state and counts at that time. A `page` event also names the page and how it ended, an
    `export` event the file and whether it exists. `error_message` is the text `error` as data. `warnings` are
    the job's, in its `job` events.
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
    warnings: tuple[ErrorMessage, ...] = ()
