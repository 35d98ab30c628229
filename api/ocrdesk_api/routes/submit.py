"""Submit a file."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend import logs
from ocrdesk.backend.ledger.idempotency import IdempotencyConflictError, IdempotencyKey
from ocrdesk.backend.records import JobRecord, Limits, utc_now
from ocrdesk.backend.services import Services
from ocrdesk.contract.choices import RecognitionMode, describe_modes
from ocrdesk.contract.engines import ENGINE_NAME_PATTERN, INCLUDED_ENGINES, EngineName
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import SubmitAnswer
from ocrdesk.contract.media_types import ACCEPTED
from ocrdesk.contract.states import JobState
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.access.dependencies import ServicesDep, SubmitterDep
from ocrdesk_api.errors import conflict
from ocrdesk_api.shielded import run_shielded
from ocrdesk_api.submission import job_options, upload_stream
from ocrdesk_api.submission.admission import admit, estimated_seconds

router = APIRouter(prefix="/ocr", tags=["ocr"])

_ENGINES = ", ".join(INCLUDED_ENGINES)
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": f"Supported formats: {ACCEPTED}.",
                        },
                        "languages": {
                            "type": "string",
                            "default": "eng",
                            "description": "Tesseract's language names joined by +, most important first; "
                            "`auto` alone finds each page's among those installed.",
                            "examples": ["eng+deu", "auto"],
                        },
                        "engine": {
                            "type": "string",
                            "default": "auto",
                            "pattern": ENGINE_NAME_PATTERN,
                            "description": f"An engine that /capabilities names, such as {_ENGINES}; "
                            f"{EngineName.AUTO} combines the best of them.",
                        },
                        "mode": {
                            "type": "string",
                            "default": RecognitionMode.AUTO,
                            "enum": list(RecognitionMode),
                            "description": f"What happens to the text of a PDF page. {describe_modes()}",
                        },
                        "pages": {
                            "type": "string",
                            "default": "",
                            "description": "Page ranges; empty means all pages.",
                            "examples": ["1-3,7,10-"],
                        },
                        "webhook_url": {
                            "type": "string",
                            "format": "uri",
                            "description": "Where to POST the job's end to, signed by the Standard Webhooks scheme.",
                            "examples": ["https://example.com/hooks/ocr"],
                        },
                        "webhook_secret": {
                            "type": "string",
                            "description": "What to sign it with: whsec_ and the base64 of 24 to 64 bytes. "
                            "Without it one is made and answered once.",
                        },
                    },
                }
            }
        },
    }
}
_UNLIMITED_PAGE_TIMEOUT_S = 60.0
"""What this machine's own desktop gives a page at least; the operator's setting when that is longer."""


@router.post(
    "/submit",
    status_code=202,
    summary="Submit a file",
    response_model_exclude_none=True,
    responses={
        202: {
            "headers": {
                "Location": {"description": "Where the result will be", "schema": {"type": "string"}},
                "Retry-After": {"description": "Seconds after which to look", "schema": {"type": "integer"}},
                "Idempotency-Replayed": {"description": "`true` for a repeat", "schema": {"type": "string"}},
            }
        },
        400: {"model": ErrorBody, "description": "Wrong type, too large, empty, or an unknown option"},
        409: {"model": ErrorBody, "description": "Something else was submitted under this Idempotency-Key"},
    },
    openapi_extra=_FORM,
)
async def submit(
    request: Request,
    response: Response,
    services: ServicesDep,
    principal: SubmitterDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Makes a repeat safe: the same upload under the same key is the same job for 24 hours",
            examples=["7f3c1f6e-5d0c-4b52-a1d2-5b8f0f6d9c11"],
        ),
    ] = None,
) -> SubmitAnswer:
    """Takes a file for recognition. 202 means that it is in the ledger, and will end: finished or failed."""
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isascii() and declared.isdigit() else 0
    load = await run_in_threadpool(admit, services, principal, size)
    job_id = uuid.uuid4().hex
    max_bytes = None if principal.unlimited else services.settings.max_file_size_bytes
    upload = await upload_stream.receive(request, services.blobs, job_id, max_bytes)
    try:
        accepted, made_secret = await run_shielded(_accept, services, principal, job_id, upload, idempotency_key)
    except Exception:  # not when cancelled: the job may be in the ledger
        await run_in_threadpool(services.blobs.purge, job_id)
        raise
    if accepted != job_id:
        await run_in_threadpool(services.blobs.purge, job_id)
        response.headers["Idempotency-Replayed"] = "true"
    estimate = estimated_seconds(load)
    response.headers["Location"] = str(request.url_for("result", job_id=accepted))
    response.headers["Retry-After"] = str(max(1, min(60, round(estimate))))
    return SubmitAnswer(job_id=accepted, position=load.jobs + 1, estimated_seconds=estimate, webhook_secret=made_secret)


def _accept(
    services: Services, principal: Principal, job_id: str, upload: upload_stream.Upload, idempotency_key: str | None
) -> tuple[str, str | None]:
    """The accepted job's id (another than `job_id` for a repeat under an Idempotency-Key), and its webhook's
    secret when the server made it."""
    settings = services.settings
    webhook, made_secret = job_options.webhook(upload.fields, settings.webhook_allowed_hosts)
    timeout_s = settings.ocr_timeout_per_page
    job = JobRecord(
        job_id=job_id,
        owner=principal.owner,
        state=JobState.QUEUED,
        file_name=upload.file_name,
        media_type=upload.media.value,
        size_bytes=upload.size_bytes,
        options=job_options.parse(upload.fields, services.ledger.nodes.live()),
        limits=Limits(
            max_pages=None if principal.unlimited else settings.max_pages,
            page_timeout_s=max(timeout_s, _UNLIMITED_PAGE_TIMEOUT_S) if principal.unlimited else timeout_s,
        ),
        created_at=utc_now(),
        webhook=webhook,
        request_id=logs.request_id(),
    )
    once = IdempotencyKey(principal.owner, idempotency_key, upload.digest) if idempotency_key else None
    try:
        accepted = services.ledger.jobs.create(job, once)
    except IdempotencyConflictError:
        raise conflict(
            ErrorCode.IDEMPOTENCY_CONFLICT,
            "Other content was submitted under this Idempotency-Key. Use a new one for a new upload.",
        ) from None
    if made_secret and accepted != job_id:  # a repeat had no secret of its own either: its answer is the first one's
        first = services.ledger.jobs.get(accepted)
        made_secret = first.webhook.secret if first and first.webhook else None
    return accepted, made_secret
