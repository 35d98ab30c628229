"""Submit a file, and fetch its result."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.hub import wait_for
from ocrdesk.backend.records import JobRecord, Limits, utc_now
from ocrdesk.backend.services import Services
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobResult, ResultFormat, SubmitAnswer
from ocrdesk.contract.states import JobState
from ocrdesk_api import options, results, uploads
from ocrdesk_api.auth import Principal
from ocrdesk_api.deps import JobDep, PrincipalDep, ServicesDep
from ocrdesk_api.problems import bad_request, not_found

router = APIRouter(prefix="/ocr", tags=["ocr"])

MAX_WAIT_S = 60.0

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
                            "description": "Tesseract's language names joined by +, most important first.",
                            "examples": ["eng+deu"],
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
                            "and recognises the others; force recognises every page; text-layer-only none, "
                            "so that a page without good text fails.",
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
    responses={400: {"model": ErrorBody, "description": "Wrong type, too large, empty, or an unknown option"}},
    openapi_extra=_FORM,
)
async def submit(request: Request, response: Response, services: ServicesDep, principal: PrincipalDep) -> SubmitAnswer:
    """Takes a file for recognition. 202 means that it is in the ledger, and will end: finished or failed."""
    await run_in_threadpool(services.ledger.ping)
    job_id = uuid.uuid4().hex
    max_bytes = None if principal.unlimited else services.settings.max_file_size_bytes
    upload = await uploads.receive(request, services.blobs, job_id, max_bytes)
    try:
        await run_in_threadpool(_accept, services, principal, job_id, upload)
    except BaseException:
        await run_in_threadpool(services.blobs.purge, job_id)
        raise
    response.headers["Location"] = str(request.url_for("result", job_id=job_id))
    response.headers["Retry-After"] = "1"
    return SubmitAnswer(job_id=job_id)


def _accept(services: Services, principal: Principal, job_id: str, upload: uploads.Upload) -> None:
    settings = services.settings
    timeout_s = settings.ocr_timeout_per_page
    services.ledger.create(
        JobRecord(
            job_id=job_id,
            owner=principal.owner,
            state=JobState.QUEUED,
            file_name=upload.file_name,
            media_type=upload.media.value,
            size_bytes=upload.size_bytes,
            options=options.parse(upload.fields, services.ledger.nodes()),
            limits=Limits(
                max_pages=None if principal.unlimited else settings.max_pages,
                page_timeout_s=max(timeout_s, _UNLIMITED_PAGE_TIMEOUT_S) if principal.unlimited else timeout_s,
            ),
            created_at=utc_now(),
        )
    )


@router.get(
    "/result/{job_id}",
    name="result",
    summary="A job's state and text",
    response_model=JobResult,
    responses={
        200: {"content": {"text/plain": {}}, "description": "The result; with `format`, the finished job's file"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
        409: {"model": ErrorBody, "description": "`format` was asked for and there is no result (yet)"},
    },
)
async def result(
    job: JobDep,
    services: ServicesDep,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S, description="Wait up to so many seconds for the end")] = 0,
    form: Annotated[str | None, Query(alias="format", description="text or json: the finished result itself")] = None,
) -> Response:
    """The job's state, its text once it is finished, and how each page went."""
    if form is not None and form not in set(ResultFormat):
        known = ", ".join(ResultFormat)
        raise bad_request(ErrorCode.UNKNOWN_FORMAT, f"There is no format {form!r}. Formats are: {known}.")
    job = await _awaited(services, job, wait)
    if form is None:
        answer = await run_in_threadpool(results.job_result, services, job)
        return Response(answer.model_dump_json(), media_type="application/json")
    results.require_finished(job)
    if form == ResultFormat.TEXT:
        return PlainTextResponse(await run_in_threadpool(results.read_text, services, job))
    return StreamingResponse(results.document_json(services, job), media_type="application/json")


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
