"""A job's webhook: how its delivery fares, and making it once more; and, for the docs, what receivers are sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header

from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.webhooks import WebhookLog, WebhookPayload
from ocrdesk_api.access.dependencies import JobDep, ServicesDep, WritableJobDep
from ocrdesk_api.errors import not_found, not_ready

router = APIRouter(
    prefix="/ocr/jobs",
    tags=["webhooks"],
    responses={404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"}},
)
sent = APIRouter()


@router.get("/{job_id}/webhook", summary="How the delivery of a job's webhook fares")
def get_webhook(job: JobDep, services: ServicesDep) -> WebhookLog:
    """Every attempt so far, and when the next one is due. The secret is not shown again."""
    return services.deliveries.log(job)


@router.post(
    "/{job_id}/webhook/redeliver",
    status_code=202,
    summary="Make the delivery once more now",
    responses={409: {"model": ErrorBody, "description": "The job is not over yet"}},
)
def redeliver(job: WritableJobDep, services: ServicesDep) -> WebhookLog:
    """Queues the same delivery again, under the same webhook-id. One that waits for its next attempt makes that
    now; one that was over gets a single attempt."""
    if job.webhook is None:
        raise not_found(error_message("job_has_no_webhook"))
    if not services.deliveries.redeliver(job.job_id):
        raise not_ready(error_message("webhook_not_due"))
    return services.deliveries.log(job)


@sent.post(
    "job.ended",
    summary="A job is over",
    status_code=204,
    response_model=None,
    responses={
        204: {"description": "Or any other 2xx: it is taken"},
        410: {"description": "No more of it: it is not tried again"},
        "default": {"description": "It is tried again later; 429 and 503 may say when with Retry-After"},
    },
)
def job_ended(
    body: WebhookPayload,
    webhook_id: Annotated[str, Header(description="The same at every attempt: ignore one that you had already")],
    webhook_timestamp: Annotated[int, Header(description="Unix time of this attempt, in seconds")],
    webhook_signature: Annotated[str, Header(description="v1, and the HMAC-SHA256 of id.timestamp.body in base64")],
) -> None:
    """Sent to a job's webhook_url at its end, by the Standard Webhooks scheme. Answer 2xx within 10 s; anything
    else is tried again over about twelve hours, except 410, which ends it. Redirects are not followed."""
