"""Job and page records, and the legal state transitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.jobs import JobOptions, JobView, PageStatus
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState, PageState

MAX_DEATHS = 2
"""A page, file or export that crashed its task process this often is not tried again."""

MAX_LOSSES = 6
"""Nor is one whose worker or machine was lost this often, because the page may have caused that too."""

JOB_TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.STARTED, JobState.FAILED, JobState.CANCELLED}),
    JobState.STARTED: frozenset({JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}),
    # only `retry` leads out of a final state: to started where the pages are known, otherwise to queued
    JobState.FINISHED: frozenset({JobState.STARTED}),
    JobState.FAILED: frozenset({JobState.QUEUED, JobState.STARTED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED, JobState.STARTED}),
}

PAGE_TRANSITIONS: dict[PageState, frozenset[PageState]] = {
    # from started to queued: a page that was taken back from a worker that stopped or died
    PageState.QUEUED: frozenset({PageState.STARTED, PageState.FAILED}),
    PageState.STARTED: frozenset({PageState.QUEUED, PageState.FINISHED, PageState.TIMEOUT, PageState.FAILED}),
    PageState.FINISHED: frozenset(),
    PageState.TIMEOUT: frozenset(),
    PageState.FAILED: frozenset(),
}


class IllegalTransitionError(Exception):
    """A state change that the tables above do not allow; an error in this program."""


UNREADABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What reading stored data raises that no version of this program wrote."""

FOREIGN_BYTES = "replace"
"""How text connections read bytes that are no UTF-8, which only damage puts into Redis: as REPLACEMENT, and without an
error that would concern everything that is read together with them."""
REPLACEMENT = "\ufffd"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may use, fixed when it was accepted. None means no limit."""

    max_pages: int | None
    page_timeout_s: float


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where a job's end is reported. Neither field may be logged, because URLs contain tokens too."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    """The secret that signs each delivery: `whsec_` and base64."""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as it is stored. `attempt` is the execution that prepares or closes it now."""

    job_id: str
    owner: str
    state: JobState
    file_name: str
    media_type: str
    size_bytes: int
    options: JobOptions
    limits: Limits
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    notes: tuple[ErrorMessage, ...] = ()
    """What was found out about the file when it was opened, such as a signature."""
    file_pages: int | None = None
    """Pages in the file; `page_count` is how many of them are to be recognised."""
    page_count: int | None = None
    pages_done: int = 0
    pages_failed: int = 0
    inflight: int = 0
    """Pages that are in the queue or held by an attempt."""
    attempt: str | None = None
    deaths: int = 0
    losses: int = 0
    error: ErrorInfo | None = None
    webhook: WebhookTarget | None = None
    webhook_hosts: tuple[str, ...] = ()
    """The api's WEBHOOK_ALLOWED_HOSTS when it accepted the webhook, so that every worker may deliver it."""
    revision: int = 0
    """How often the result changed after its first end: by corrections and retries."""
    idempotency: str = ""
    """The Redis key that remembers its Idempotency-Key; empty without one."""
    request_id: str | None = None
    """The request that submitted it, for the log."""
    traceparent: str | None = None
    """The place of that request in its trace, in the form of W3C's header; None without traces."""
    is_readable: bool = True
    """Whether this is what is stored. Otherwise it stands for a record that cannot be read, as a failed job."""

    def moved(self, state: JobState, **changes: object) -> JobRecord:
        """Return the record in another state. Raises IllegalTransitionError."""
        if state not in JOB_TRANSITIONS[self.state]:
            raise IllegalTransitionError(f"job {self.job_id}: {self.state} → {state}")
        return replace(self, state=state, **changes)  # type: ignore[arg-type]

    @property
    def pages_ended(self) -> int:
        return self.pages_done + self.pages_failed

    @property
    def pages_left(self) -> int:
        """Pages that have not ended; a job whose file was not opened yet counts one."""
        return max(0, (1 if self.page_count is None else self.page_count) - self.pages_ended)

    @property
    def page_numbers(self) -> list[int]:
        """The numbers of the pages to recognise, ascending; none until the file was opened."""
        if self.file_pages is None:
            return []
        return PageRanges.parse(self.options.pages).numbers(self.file_pages)

    def has_page(self, number: int) -> bool:
        """Return whether a page is one of those to recognise."""
        parts = PageRanges.parse(self.options.pages).parts or ((1, None),)
        return 1 <= number <= (self.file_pages or 0) and any(
            first <= number and (last is None or number <= last) for first, last in parts
        )

    @property
    def warnings(self) -> tuple[ErrorMessage, ...]:
        """What the caller should know although nothing failed: notes, and chosen pages that the file does not have."""
        count = self.file_pages
        if not count or not self.options.pages:
            return self.notes
        missing = str(PageRanges.parse(self.options.pages).beyond(count))
        if not missing or not self.page_count:
            return self.notes
        if count == 1:
            return (*self.notes, error_message("pages_left_out_of_one", missing=missing))
        return (*self.notes, error_message("pages_left_out", missing=missing, count=count))

    @property
    def all_pages_ended(self) -> bool:
        return self.page_count is not None and self.pages_ended >= self.page_count

    def view(self) -> JobView:
        """Return the job as callers see it."""
        return JobView(
            job_id=self.job_id,
            status=self.state,
            file_name=self.file_name,
            media_type=self.media_type,
            size_bytes=self.size_bytes,
            page_count=self.page_count,
            file_pages=self.file_pages,
            pages_done=self.pages_done,
            pages_failed=self.pages_failed,
            created_at=self.created_at,
            started_at=self.started_at,
            ended_at=self.ended_at,
            error=self.error.message if self.error else None,
            error_code=self.error.code if self.error else None,
            error_message=self.error.error_message if self.error else None,
            warnings=self.warnings,
            revision=self.revision,
            options=self.options,
        )


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page of a job as it is stored. `blob` names its result; `attempt` is the execution that holds it."""

    number: int
    state: PageState = PageState.QUEUED
    attempt: str | None = None
    worker: str | None = None
    deaths: int = 0
    losses: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    blob: str | None = None
    error: ErrorInfo | None = None
    unread_regions: int = 0
    """Regions with ink like text in which no word was read."""
    unknown: Mapping[str, object] = field(default_factory=dict)
    """Fields of a newer version, which are kept."""

    def moved(self, state: PageState, **changes: object) -> PageRecord:
        """Return the record in another state. Raises IllegalTransitionError."""
        if state not in PAGE_TRANSITIONS[self.state]:
            raise IllegalTransitionError(f"page {self.number}: {self.state} → {state}")
        return replace(self, state=state, **changes)  # type: ignore[arg-type]

    @property
    def seconds(self) -> float | None:
        """Seconds from its last start to its end; None before its end."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at and self.started_at else None

    def status(self) -> PageStatus:
        """Return the page as callers see it."""
        return PageStatus(
            number=self.number,
            status=self.state,
            started_at=self.started_at,
            ended_at=self.ended_at,
            worker=self.worker,
            error=self.error.message if self.error else None,
            error_code=self.error.code if self.error else None,
            error_message=self.error.error_message if self.error else None,
            unread_regions=self.unread_regions,
        )


@dataclass(frozen=True, slots=True)
class PageStats:
    """What is counted and logged about a recognised page."""

    engine: str
    words: int
    unread_regions: int = 0


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """A file that is made from a job's result on request: a searchable PDF, a page image.

    It has the states of a page. It becomes stale when the result's revision is no longer `revision`.
    """

    name: str
    """For instance `pdf` or `image_3_1600`: letters, digits and underscores, which RQ ids may contain."""
    revision: int
    limit_s: float
    """How long making it may take."""
    state: PageState = PageState.QUEUED
    attempt: str | None = None
    deaths: int = 0
    losses: int = 0
    ended_at: datetime | None = None
    blob: str | None = None
    media_type: str = ""
    error: ErrorInfo | None = None
    unknown: Mapping[str, object] = field(default_factory=dict)
    """Fields of a newer version, which are kept."""

    def moved(self, state: PageState, **changes: object) -> ExportRecord:
        """Return the record in another state. Raises IllegalTransitionError."""
        if state not in PAGE_TRANSITIONS[self.state]:
            raise IllegalTransitionError(f"export {self.name}: {self.state} → {state}")
        return replace(self, state=state, **changes)  # type: ignore[arg-type]


class UnitKind(StrEnum):
    """Kinds of work on a job: open and plan it, recognise one page, complete the result, make an export file."""

    PREPARE = "prepare"
    PAGE = "page"
    CLOSE = "close"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of work of a task process: a job to prepare or to close, one page, or one export."""

    job_id: str
    kind: UnitKind
    page: int = 0
    export: str = ""

    @property
    def key(self) -> str:
        if self.kind is UnitKind.PAGE:
            return f"{self.job_id}-{self.page}"
        return f"{self.job_id}-{self.kind}" + (f"_{self.export}" if self.kind is UnitKind.EXPORT else "")

    @property
    def is_image(self) -> bool:
        """Whether it makes a page image, which somebody waits for in front of the window."""
        return self.export.startswith("image_")

    @classmethod
    def from_key(cls, key: str) -> Unit:
        job_id, _, what = key.rpartition("-")
        if what.isdigit():
            return cls(job_id, UnitKind.PAGE, int(what))
        kind, _, export = what.partition("_")
        return cls(job_id, UnitKind(kind), export=export)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One execution of units by one task process. Its id fences all its writes."""

    id: str
    node: str
    """The worker pool's id: one per machine or container, with a heartbeat."""
    worker: str


class ReleaseReason(StrEnum):
    """Why a unit is taken back from an attempt."""

    DIED = "died"
    """Its task process crashed or was killed, most likely because of the file."""
    LOST = "lost"
    """Its worker or its machine disappeared."""
    HANDED_BACK = "handed back"
    """Its worker was stopped."""


@dataclass(frozen=True, slots=True)
class ActiveLease:
    """A unit that an attempt holds, and since when (Unix seconds)."""

    unit: Unit
    attempt: Attempt
    since: float


@dataclass(frozen=True, slots=True)
class QueuedUnit:
    """A unit that waits in the queue under an RQ id, and since when (Unix seconds)."""

    unit: Unit
    rq_id: str
    since: float


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process, told apart from a later one with the same number."""

    space: str
    """The machine or container in which the number is valid; see `process_ids`."""
    pid: int
    started: str


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """What a live worker pool reports about itself."""

    node: str
    workers: int
    engines: tuple[str, ...]
    languages: tuple[str, ...]
    version: str
    unusable_engines: tuple[tuple[str, str], ...] = ()
    """Engines that it has but cannot use, each with the reason."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of the settings that it must share with the api, by name; empty from an older version."""
    process: ProcessId | None = None
    """The pool's main process; None from an older version."""
    helpers: int = 1
    """Processes always beside the workers: for webhooks and page images, and none in a pool that ends by itself."""
    sandbox: tuple[str, ...] | None = None
    """What its machine restricts for the processes that open files; None from an older version."""
    formats: tuple[str, ...] = ()
    """The formats that it can make and that version 0.1 could not; empty from that version."""
    clock_offset_s: float | None = field(default=None, compare=False)
    """Its machine's clock less Redis's, in seconds, at its last heartbeat; None from an older version."""
