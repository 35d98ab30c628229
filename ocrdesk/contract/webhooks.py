"""The webhook payload and the delivery log."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ocrdesk.contract.document import Record
from ocrdesk.contract.jobs import JobView


class WebhookEvent(StrEnum):
    """The events that are delivered."""

    FINISHED = "job.finished"
    FAILED = "job.failed"
    CANCELLED = "job.cancelled"


class WebhookPayload(Record):
    """The body of a delivery. `timestamp` is when the job ended; the text is fetched from the result endpoint."""

    type: WebhookEvent
    timestamp: datetime
    data: JobView


class WebhookState(StrEnum):
    """A delivery: `none` was requested; `pending` waits for the job's end, an attempt, or the next attempt."""

    NONE = "none"
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookAttempt(Record):
    """One attempt to reach the receiver: the status it responded with, and why the attempt failed, if it did."""

    at: datetime
    status_code: int | None = None
    error: str | None = None
    duration_s: float


class WebhookLog(Record):
    """The deliveries of a job's webhook. `webhook_id` is the header `webhook-id` of every attempt."""

    url: str | None = None
    state: WebhookState = WebhookState.NONE
    webhook_id: str | None = None
    next_attempt_at: datetime | None = None
    attempts: tuple[WebhookAttempt, ...] = ()
