"""The states of jobs and pages, and which are final."""

from enum import StrEnum


class JobState(StrEnum):
    """A job as its caller sees it: queued → started → finished | failed, or cancelled."""

    QUEUED = "queued"
    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (JobState.FINISHED, JobState.FAILED, JobState.CANCELLED)


class PageState(StrEnum):
    """A page of a job. `timeout`: it took longer than its limit; `failed`: it could not be read."""

    QUEUED = "queued"
    STARTED = "started"
    FINISHED = "finished"
    TIMEOUT = "timeout"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (PageState.FINISHED, PageState.TIMEOUT, PageState.FAILED)
