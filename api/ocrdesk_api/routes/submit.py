"""Submit a file, and fetch its result."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend import logs
from ocrdesk.backend.events.hub import wait_for
from ocrdesk.backend.ledger.ledger import IdempotencyConflictError, IdempotencyKey
from ocrdesk.backend.records import JobRecord, Limits, utc_now
from ocrdesk.backend.services import Services
from ocrdesk.contract.document import Document
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobResult, ResultFormat, SubmitAnswer
from ocrdesk.contract.states import JobState
from ocrdesk.export.formats import FORMATS, MAY_LEAVE_OUT_FURNITURE, WORD_WITHOUT_FURNITURE, joined_text
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.access.dependencies import JobDep, ServicesDep, SubmitterDep
from ocrdesk_api.errors import bad_request, conflict, not_found
from ocrdesk_api.results import exports, job_result
from ocrdesk_api.results.content_negotiation import accepted_format
from ocrdesk_api.shielded import run_shielded
from ocrdesk_api.submission import job_options, upload_stream
from ocrdesk_api.submission.admission import admit, estimated_seconds

router = APIRouter(prefix="/ocr", tags=["ocr"])

MAX_WAIT_S = 60.0
_LEAST_MAKING_S = 10.0
"""How long a file that a worker makes is waited for, also where no `wait` was given."""

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
                            "description": "A PDF, PNG, JPEG, TIFF, WebP, BMP or GIF.",
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
                            "enum": ["auto", "tesseract", "tesseract-cli"],
                            "description": "The engine; auto takes the best that the server has.",
                        },
                        "mode": {
                            "type": "string",
                            "default": "auto",
                            "enum": ["auto", "force", "text-layer-only"],
                            "description": "auto reads a PDF page that has good text of its own from that text, "
                            "and recognises the others, and pictures that such a text leaves out; force "
                            "recognises every page; text-layer-only none, "
                            "so that a page without good text fails.",
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
        options=job_options.parse(upload.fields, services.ledger.nodes()),
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
        accepted = services.ledger.create(job, once)
    except IdempotencyConflictError:
        raise conflict(
            ErrorCode.IDEMPOTENCY_CONFLICT,
            error_message("idempotency_conflict"),
        ) from None
    if made_secret and accepted != job_id:  # a repeat had no secret of its own either: its answer is the first one's
        first = services.ledger.job(accepted)
        made_secret = first.webhook.secret if first and first.webhook else None
    return accepted, made_secret


@router.get(
    "/result/{job_id}",
    name="result",
    summary="A job's state and text, or the finished result in a format",
    response_model=JobResult | Document,
    responses={
        200: {
            "content": {found.media_type.partition(";")[0]: {} for found in FORMATS.values()},
            "description": "The result; with `format`, the finished job's file: for `json` the Document",
        },
        400: {"model": ErrorBody, "description": "There is no such format"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
        409: {"model": ErrorBody, "description": "`format` was asked for and there is no result (yet)"},
        422: {"model": ErrorBody, "description": "The file cannot be made of this result"},
    },
)
async def result(
    request: Request,
    job: JobDep,
    services: ServicesDep,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S, description="Wait up to so many seconds for the end")] = 0,
    form: Annotated[
        str | None, Query(alias="format", description=f"The finished result itself: {', '.join(ResultFormat)}")
    ] = None,
    join_lines: Annotated[
        bool, Query(description="For `text`: each paragraph on one line, hyphens at line ends mended")
    ] = False,
    without_furniture: Annotated[
        bool, Query(description="For `text`, `md` and `docx`: running headers, footers and page numbers are left out")
    ] = False,
) -> Response:
    """The job's state, its text once it is finished, and how each page went.

    With `format`, or an `Accept` header that names a format's media type, the finished result in that
    form. PDF and DOCX are made when they are asked for first: that may take a moment (409 and
    Retry-After until they are there; `wait` waits).
    """
    if form is not None and form not in set(ResultFormat):
        known = ", ".join(ResultFormat)
        raise bad_request(ErrorCode.UNKNOWN_FORMAT, error_message("unknown_format", name=repr(form), known=known))
    wanted = ResultFormat(form) if form else accepted_format(request.headers.get("accept", ""))
    deadline = time.monotonic() + wait
    job = await _awaited(services, job, wait)
    if wanted is None:
        answer = await run_in_threadpool(job_result.job_result, services, job)
        return Response(answer.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    job_result.require_finished(job)
    text_form = _TextForm(join_lines, without_furniture and wanted in MAY_LEAVE_OUT_FURNITURE)
    return await _in_format(services, job, wanted, text_form, max(_LEAST_MAKING_S, deadline - time.monotonic()))


@dataclass(frozen=True, slots=True)
class _TextForm:
    """How the text is wanted, in the formats that leave a choice."""

    join_lines: bool
    without_furniture: bool


async def _in_format(
    services: Services, job: JobRecord, wanted: ResultFormat, text_form: _TextForm, wait_s: float
) -> Response:
    found = FORMATS[wanted]
    if wanted is ResultFormat.TEXT and text_form == _TextForm(join_lines=False, without_furniture=False):
        text = await run_in_threadpool(job_result.read_text, services, job)
        return await exports.streamed(job, [text], found.media_type, found.suffix)
    if wanted is ResultFormat.JSON:
        headers = {"ETag": f'"{job.revision}"', "Vary": "Accept"}
        return StreamingResponse(
            job_result.document_json(services, job), media_type="application/json", headers=headers
        )
    if found.write is None:
        name = WORD_WITHOUT_FURNITURE if text_form.without_furniture else wanted.value
        return await exports.wait_for_export(services, job, name, wait_s, found.suffix)
    head, pages = exports.head_of(job), exports.pages_of(services, job)
    if text_form.without_furniture:
        pages = (page.without_furniture() for page in pages)
    write = joined_text if wanted is ResultFormat.TEXT and text_form.join_lines else found.write
    parts = write(head, pages)
    return await exports.streamed(job, parts, found.media_type, found.suffix)


async def _awaited(services: Services, job: JobRecord, wait_s: float) -> JobRecord:
    """The job, once it is over or the time is. Raises 404 when it is deleted meanwhile."""
    deadline = time.monotonic() + wait_s
    with services.hub.watch(job.job_id) as flag:
        while not job.state.is_final and not services.hub.closing:
            fresh = await asyncio.to_thread(services.ledger.job, job.job_id)
            if fresh is None:
                raise not_found()
            job = fresh
            left = deadline - time.monotonic()
            if job.state.is_final or left <= 0:
                break
            await wait_for(flag, left)
    return job
