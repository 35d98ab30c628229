"""Webhooks: what a receiver is sent at a job's end, and what the server tells of how that went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ocrdesk.contract.document import Record
from ocrdesk.contract.jobs import JobView


class WebhookEvent(StrEnum):
    """What deliveries tell of."""

    FINISHED = "job.finished"
    FAILED = "job.failed"
    CANCELLED = "job.cancelled"


class WebhookPayload(Record):
    """The body of a delivery. `timestamp` is when the job ended; the text is fetched from the result endpoint."""

    type: WebhookEvent
    timestamp: datetime
    data: JobView


class WebhookState(StrEnum):
    """A delivery: `none` was asked for; `pending` is tried, or waits for the job's end or its next attempt."""

    NONE = "none"
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookAttempt(Record):
    """One try to reach the receiver: the status that it answered, and why that (or having none) is a failure."""

    at: datetime
    status_code: int | None = None
    error: str | None = None
    duration_s: float


class WebhookLog(Record):
    """How a job's webhook fares. `webhook_id` is the header `webhook-id` of every attempt."""

    url: str | None = None
    state: WebhookState = WebhookState.NONE
    webhook_id: str | None = None
    next_attempt_at: datetime | None = None
    attempts: tuple[WebhookAttempt, ...] = ()
