"""Requests and responses about jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from ocrdesk.contract.choices import RecognitionMode, ResultFormat
from ocrdesk.contract.document import Record, SentName
from ocrdesk.contract.engines import ENGINE_NAME_PATTERN, EngineName
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.contract.states import JobState, PageState

__all__ = [
    "DEFAULT_LANGUAGES",
    "EngineName",
    "JobList",
    "JobOptions",
    "JobResult",
    "JobView",
    "PageStatus",
    "RecognitionMode",
    "ResultFormat",
    "SubmitAnswer",
]

DEFAULT_LANGUAGES = ("eng",)


class JobOptions(Record):
    """What a caller asks of a job. Languages are Tesseract's names, most important first; `auto` alone has each
    page's found among those that are installed.

    `pages` are ranges as `1-3,7,10-` (see `page_ranges`); empty means all pages.
    """

    languages: Annotated[tuple[str, ...], Field(min_length=1)] = DEFAULT_LANGUAGES
    engine: Annotated[str, Field(pattern=ENGINE_NAME_PATTERN)] = EngineName.AUTO
    pages: str = ""
    mode: RecognitionMode = RecognitionMode.AUTO
    attachments: bool = False
    """Whether the files attached to a PDF are read after its own pages."""


class SubmitAnswer(Record):
    """The response to an accepted file (202): it is in the ledger and will end."""

    job_id: Annotated[str, Field(examples=["0f8fad5bd9cb469fa16570867728950e"])]
    message: str = "Job submitted successfully"
    position: Annotated[int, Field(ge=1, examples=[3])] = 1
    """How many jobs have not ended, including this one: 1 means that it is next."""
    estimated_seconds: Annotated[float, Field(ge=0, examples=[12.5])] = 0.0
    """The expected time until it is done, from the waiting pages and the recent speed."""
    webhook_secret: str | None = None
    """The secret that signs the job's webhook, if the server created it; no other response contains it."""


class PageStatus(Record):
    """The progress of one page. Times are UTC; `worker` is the process that worked on it.

    `error` is an English sentence, `error_message` the same as data.
    """

    number: int
    status: PageState
    started_at: datetime | None = None
    ended_at: datetime | None = None
    worker: str | None = None
    error: str | None = None
    error_code: str | None = None
    error_message: ErrorMessage | None = None
    unread_regions: int = 0
    """Regions with ink like text in which no word was read; the page's JSON has their boxes."""


class JobView(Record):
    """A job as lists and webhooks show it, without its text.

    `error` is an English sentence, `error_message` the same as data.
    """

    job_id: str
    status: JobState
    file_name: SentName
    media_type: str
    size_bytes: int
    page_count: int | None = None
    """Pages to read: all of the file, or the selected ones. None until the file has been opened."""
    file_pages: int | None = None
    pages_done: int = 0
    pages_failed: int = 0
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    error: str | None = None
    error_code: str | None = None
    error_message: ErrorMessage | None = None
    warnings: tuple[ErrorMessage, ...] = ()
    """What the caller should know although nothing failed, such as chosen pages that the file does not have."""
    revision: int = 0
    """How often a correction or a retry has changed the result."""
    options: JobOptions = JobOptions()

    @property
    def pages_ended(self) -> int:
        """Pages that have ended, read or not."""
        return self.pages_done + self.pages_failed


class JobResult(Record):
    """The response of the result endpoint: the job's state, its text once finished, and its pages.

    `text` is null until the job is finished. `error` is the reason why the job failed; on a finished job it names the
    pages that could not be read. `error_message` is the same as data. `warnings` are what the caller should know
    although nothing failed, such as chosen pages that the file does not have.
    """

    status: JobState
    text: str | None = None
    error: str | None = None
    error_code: str | None = None
    error_message: ErrorMessage | None = None
    warnings: tuple[ErrorMessage, ...] = ()
    job_id: str
    file_name: SentName
    page_count: int | None = None
    pages_done: int = 0
    pages_failed: int = 0
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    revision: int = 0
    unread_regions: int = 0
    """The sum of those of its pages."""
    pages: tuple[PageStatus, ...] = ()


class JobList(Record):
    """Jobs of the caller, newest first. `next_cursor` fetches the page after this one; null on the last."""

    jobs: tuple[JobView, ...]
    next_cursor: str | None = None
