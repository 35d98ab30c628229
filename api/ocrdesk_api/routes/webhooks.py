"""Webhook deliveries."""

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


@router.get("/{job_id}/webhook", summary="Delivery log of a job's webhook")
def get_webhook(job: JobDep, services: ServicesDep) -> WebhookLog:
    """Returns all attempts so far and the time of the next one, without the secret."""
    return services.deliveries.log(job)


@router.post(
    "/{job_id}/webhook/redeliver",
    status_code=202,
    summary="Deliver the webhook again",
    responses={409: {"model": ErrorBody, "description": "The job has not ended yet"}},
)
def redeliver_webhook(job: WritableJobDep, services: ServicesDep) -> WebhookLog:
    """Queues the same delivery again, with the same webhook-id. A delivery that waits for its next attempt is
    attempted now; a completed delivery gets one more attempt."""
    if job.webhook is None:
        raise not_found(error_message("job_has_no_webhook"))
    if not services.deliveries.redeliver(job.job_id):
        raise not_ready(error_message("webhook_not_due"))
    return services.deliveries.log(job)


@sent.post(
    "job.ended",
    summary="A job has ended",
    status_code=204,
    response_model=None,
    responses={
        204: {"description": "Or any other 2xx: the delivery succeeded"},
        410: {"description": "The delivery is not attempted again"},
        "default": {
            "description": "The delivery is attempted again later; 429 and 503 can set the time with Retry-After"
        },
    },
)
def job_ended(
    body: WebhookPayload,
    webhook_id: Annotated[
        str, Header(description="The same at every attempt: ignore an id that you have already seen")
    ],
    webhook_timestamp: Annotated[int, Header(description="Unix time of this attempt, in seconds")],
    webhook_signature: Annotated[str, Header(description="v1, and the HMAC-SHA256 of id.timestamp.body in base64")],
) -> None:
    """Sent to a job's webhook_url when the job ends, by the Standard Webhooks scheme. Respond with 2xx within 10 s.
    Otherwise the delivery is repeated for about twelve hours; 410 stops it. Redirects are not followed."""
