"""Fetch a result."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.events.hub import wait_for
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.contract.document import Document
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobResult, ResultFormat
from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS, OLD_DOCX_OMIT_HEADERS_FOOTERS
from ocrdesk.export.text import joined_text
from ocrdesk_api.access.dependencies import JobDep, ServicesDep
from ocrdesk_api.errors import bad_request, not_found
from ocrdesk_api.results import exports, job_result
from ocrdesk_api.results.content_negotiation import accepted_format

router = APIRouter(prefix="/ocr", tags=["ocr"])

_log = logging.getLogger(__name__)

MAX_WAIT_S = 60.0
_MIN_EXPORT_WAIT_S = 10.0
"""How long to wait for a file that a worker makes, even without `wait`."""


@router.get(
    "/result/{job_id}",
    name="result",
    summary="Get a job's state and text, or its result in a format",
    response_model=JobResult | Document,
    responses={
        200: {
            "content": {found.media_type.partition(";")[0]: {} for found in FORMATS.values()},
            "description": "The result; with `format`, the result in that format: the Document for `json`",
        },
        400: {"model": ErrorBody, "description": "The format is unknown"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
        409: {"model": ErrorBody, "description": "`format` was requested, but there is no result (yet)"},
        422: {"model": ErrorBody, "description": "The file cannot be created from this result"},
    },
)
async def result(
    request: Request,
    job: JobDep,
    services: ServicesDep,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S, description="Seconds to wait at most for the job's end")] = 0,
    form: Annotated[
        str | None, Query(alias="format", description=f"Return the result in this format: {', '.join(ResultFormat)}")
    ] = None,
    join_lines: Annotated[
        bool, Query(description="For `text`: put each paragraph on one line and join hyphenated words")
    ] = False,
    omit_headers_footers: Annotated[
        bool, Query(description="For `text`, `md` and `docx`: omit running headers, footers and page numbers")
    ] = False,
    without_furniture: Annotated[
        bool, Query(deprecated=True, description="The former name of `omit_headers_footers`, accepted for one release")
    ] = False,
) -> Response:
    """Returns the job's state, its text once it has finished, and the state of each page.

    With `format`, or an `Accept` header with a format's media type, returns the result in that format.
    PDF and DOCX files are created at the first request, which can take a moment: until then the response
    is 409 with Retry-After. Use `wait` to wait.
    """
    if form is not None and form not in set(ResultFormat):
        known = ", ".join(ResultFormat)
        raise bad_request(ErrorCode.UNKNOWN_FORMAT, error_message("unknown_format", name=repr(form), known=known))
    wanted = ResultFormat(form) if form else accepted_format(request.headers.get("accept", ""))
    deadline = time.monotonic() + wait
    job = await _wait_for_end(services, job, wait)
    if wanted is None:
        answer = await run_in_threadpool(job_result.job_result, services, job)
        return Response(answer.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    job_result.require_finished(job)
    if without_furniture and not omit_headers_footers:
        _warn_of_old_parameter()
        omit_headers_footers = True
    text_options = _TextOptions(join_lines, omit_headers_footers and wanted in CAN_OMIT_HEADERS_FOOTERS)
    return await _in_format(services, job, wanted, text_options, max(_MIN_EXPORT_WAIT_S, deadline - time.monotonic()))


@dataclass(frozen=True, slots=True)
class _TextOptions:
    """What the caller chose for the text, in the formats that offer a choice."""

    join_lines: bool = False
    omit_headers_footers: bool = False


@cache
def _warn_of_old_parameter() -> None:
    """Log the deprecation once per process."""
    _log.warning("The query parameter without_furniture is deprecated: callers should send omit_headers_footers.")


async def _in_format(
    services: Services, job: JobRecord, wanted: ResultFormat, text_options: _TextOptions, wait_s: float
) -> Response:
    found = FORMATS[wanted]
    if wanted is ResultFormat.TEXT and text_options == _TextOptions():
        text = await run_in_threadpool(job_result.read_text, services, job)
        return await exports.stream(job, [text], found.media_type, found.suffix)
    if wanted is ResultFormat.JSON:
        headers = {"ETag": f'"{job.revision}"', "Vary": "Accept"}
        return StreamingResponse(
            job_result.document_json(services, job), media_type="application/json", headers=headers
        )
    if found.write is None:
        # by the old name, which workers of the previous release know too
        name = OLD_DOCX_OMIT_HEADERS_FOOTERS if text_options.omit_headers_footers else wanted.value
        return await exports.wait_for_export(services, job, name, wait_s, found.suffix)
    head, pages = exports.head_of(job), exports.pages_of(services, job)
    if text_options.omit_headers_footers:
        pages = (page.omit_headers_footers() for page in pages)
    write = joined_text if wanted is ResultFormat.TEXT and text_options.join_lines else found.write
    parts = write(head, pages)
    return await exports.stream(job, parts, found.media_type, found.suffix)


async def _wait_for_end(services: Services, job: JobRecord, wait_s: float) -> JobRecord:
    """Return the job after its end or `wait_s`, whichever comes first. Raises 404 if it is deleted meanwhile."""
    deadline = time.monotonic() + wait_s
    with services.hub.watch(job.job_id) as flag:
        while not job.state.is_final and not services.hub.closing:
            fresh = await asyncio.to_thread(services.ledger.jobs.get, job.job_id)
            if fresh is None:
                raise not_found()
            job = fresh
            left = deadline - time.monotonic()
            if job.state.is_final or left <= 0:
                break
            await wait_for(flag, left)
    return job
