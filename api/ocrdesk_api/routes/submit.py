"""Submit a file."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend import logs
from ocrdesk.backend.ledger.idempotency import IdempotencyConflictError, IdempotencyKey
from ocrdesk.backend.records import JobRecord, Limits, utc_now
from ocrdesk.backend.redis_connection import RedisUnavailable
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.tracing import traces
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobOptions, SubmitAnswer
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.access.dependencies import ServicesDep, SubmitterDep
from ocrdesk_api.errors import HttpError, conflict
from ocrdesk_api.shielded import run_shielded
from ocrdesk_api.submission import job_options, upload_stream
from ocrdesk_api.submission.admission import admit, estimated_seconds, page_timeout_s
from ocrdesk_api.submission.form import FORM
from ocrdesk_api.submission.upload_protection import protected_upload

router = APIRouter(prefix="/ocr", tags=["ocr"])


@router.post(
    "/submit",
    status_code=202,
    summary="Submit a file",
    response_model_exclude_none=True,
    responses={
        202: {
            "headers": {
                "Location": {"description": "The URL of the result", "schema": {"type": "string"}},
                "Retry-After": {"description": "Seconds after which to poll", "schema": {"type": "integer"}},
                "Idempotency-Replayed": {
                    "description": "`true` if this repeats an earlier submit",
                    "schema": {"type": "string"},
                },
            }
        },
        400: {
            "model": ErrorBody,
            "description": "The file is unsupported, too large or empty, or an option is unknown",
        },
        409: {"model": ErrorBody, "description": "Another upload was submitted with this Idempotency-Key"},
    },
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}},
)
async def submit_file(
    request: Request,
    response: Response,
    services: ServicesDep,
    principal: SubmitterDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Makes repeats safe: for 24 hours, the same upload with the same key returns the same job",
            examples=["7f3c1f6e-5d0c-4b52-a1d2-5b8f0f6d9c11"],
        ),
    ] = None,
) -> SubmitAnswer:
    """Accepts a file for recognition. After 202, the job is stored and will finish or fail."""
    max_bytes = None if principal.unlimited else services.settings.max_file_size_bytes
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isascii() and declared.isdigit() else max_bytes or 0
    job_id = uuid.uuid4().hex
    with services.uploads.begun(principal.owner, size) as ahead:
        load = await run_in_threadpool(admit, services, principal, size, ahead)
        accepted, new_secret = await _receive(request, services, principal, job_id, max_bytes, idempotency_key)
    if accepted != job_id:
        await run_in_threadpool(services.blobs.purge, job_id)
        response.headers["Idempotency-Replayed"] = "true"
    estimate = estimated_seconds(load)
    response.headers["Location"] = str(request.url_for("get_result", job_id=accepted))
    response.headers["Retry-After"] = str(max(1, min(60, round(estimate))))
    return SubmitAnswer(job_id=accepted, position=load.jobs + 1, estimated_seconds=estimate, webhook_secret=new_secret)


async def _receive(
    request: Request,
    services: Services,
    principal: Principal,
    job_id: str,
    max_bytes: int | None,
    idempotency_key: str | None,
) -> tuple[str, str | None]:
    """Store the file and the job. Return its id and the webhook's new secret, as `_accept` does."""
    async with protected_upload(services.ledger.cleanup, job_id):
        upload = await upload_stream.receive(request, services.blobs, job_id, max_bytes)
        try:
            return await run_shielded(_accept, services, principal, job_id, upload, idempotency_key)
        except RedisUnavailable:
            raise  # the job may be stored although the answer was lost; otherwise the reconciler removes the upload
        except Exception:  # not if cancelled: the job may be stored
            await run_in_threadpool(services.blobs.purge, job_id)
            raise


def _options(services: Services, fields: dict[str, str]) -> JobOptions:
    """Return what the caller wishes; compared with the live pools only if no recent one can do it. Raises HttpError."""
    try:
        return job_options.parse(fields, services.ledger.nodes.recent())
    except HttpError:
        return job_options.parse(fields, services.ledger.nodes.live())


def _accept(
    services: Services, principal: Principal, job_id: str, upload: upload_stream.Upload, idempotency_key: str | None
) -> tuple[str, str | None]:
    """Store the job. Return its id, which differs from `job_id` for a repeat with an Idempotency-Key, and the webhook's
    secret if the server created it."""
    settings = services.settings
    webhook, new_secret = job_options.webhook(upload.fields, settings.webhook_allowed_hosts)
    job = JobRecord(
        job_id=job_id,
        owner=principal.owner,
        state=JobState.QUEUED,
        file_name=upload.file_name,
        media_type=upload.media.value,
        size_bytes=upload.size_bytes,
        options=_options(services, upload.fields),
        limits=Limits(
            max_pages=None if principal.unlimited else settings.max_pages,
            page_timeout_s=page_timeout_s(settings, principal),
        ),
        created_at=utc_now(),
        webhook=webhook,
        webhook_hosts=settings.webhook_allowed_hosts if webhook else (),
        request_id=logs.request_id(),
        traceparent=traces.current_traceparent(),
    )
    needs_password = bool(upload.password) and upload.media is MediaType.PDF
    sealed = sealed_password.seal(services.blobs, job_id, upload.password) if needs_password else None
    idempotency = IdempotencyKey(principal.owner, idempotency_key, upload.digest) if idempotency_key else None
    try:
        accepted = services.ledger.jobs.create(job, idempotency, sealed_password=sealed)
    except IdempotencyConflictError:
        raise conflict(
            ErrorCode.IDEMPOTENCY_CONFLICT,
            error_message("idempotency_conflict"),
        ) from None
    if new_secret and accepted != job_id:  # a repeat gets the secret of the first submit
        first = services.ledger.jobs.get(accepted)
        new_secret = first.webhook.secret if first and first.webhook else None
    return accepted, new_secret
