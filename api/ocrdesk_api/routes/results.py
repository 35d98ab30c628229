"""Fetch a result."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.events.hub import wait_for
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobResult, ResultFormat
from ocrdesk.contract.pdf_options import PDF_DEFAULTS, PdfOptions
from ocrdesk.export.download_name import content_disposition
from ocrdesk.export.formats import CAN_OMIT_HEADERS_FOOTERS, FORMATS
from ocrdesk.export.package_names import PackageExport
from ocrdesk.export.text import joined_text
from ocrdesk_api import openapi
from ocrdesk_api.access.dependencies import JobDep, ServicesDep
from ocrdesk_api.errors import bad_request, not_found
from ocrdesk_api.results import exports, job_result
from ocrdesk_api.results.content_negotiation import accepted_format
from ocrdesk_api.results.pdf_query import HiddenPdfQuery, PdfQuery
from ocrdesk_api.submission.admission import admit_export

router = APIRouter(prefix="/ocr", tags=["ocr"])

_log = logging.getLogger(__name__)

MAX_WAIT_S = 60.0
_MIN_EXPORT_WAIT_S = 10.0
"""How long to wait for a file that a worker makes, even without `wait`."""


def _known_format(name: str) -> ResultFormat:
    """Return the format. Raises 400 with a code of its own for one that does not exist."""
    if name not in set(ResultFormat):
        known = ", ".join(ResultFormat)
        raise bad_request(ErrorCode.UNKNOWN_FORMAT, error_message("unknown_format", name=repr(name), known=known))
    return ResultFormat(name)


_READABLE = ", ".join(f"`{form}`" for form in CAN_OMIT_HEADERS_FOOTERS)

FormatName = Annotated[ResultFormat, BeforeValidator(_known_format)]
Wait = Annotated[float, Query(ge=0, le=MAX_WAIT_S, description="Seconds to wait at most for the job's end")]
JoinLines = Annotated[bool, Query(description="For `text`: put each paragraph on one line and join hyphenated words")]
OmitHeadersFooters = Annotated[
    bool, Query(description=f"For {_READABLE}: omit running headers, footers and page numbers")
]


@router.get(
    "/result/{job_id}",
    summary="Get a job's state and text",
    response_model=JobResult,
    responses={
        400: {"model": ErrorBody, "description": "The format is unknown"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
        409: {"model": ErrorBody, "description": "A format was requested, but there is no result (yet)"},
        422: {"model": ErrorBody, "description": "The file cannot be created from this result"},
    },
)
async def get_result(
    request: Request,
    job: JobDep,
    services: ServicesDep,
    wait: Wait = 0,
    form: Annotated[str | None, Query(alias="format", include_in_schema=False)] = None,
    join_lines: Annotated[bool, Query(include_in_schema=False)] = False,
    omit_headers_footers: Annotated[bool, Query(include_in_schema=False)] = False,
    without_furniture: Annotated[bool, Query(include_in_schema=False)] = False,
    *,
    pdf: HiddenPdfQuery,
) -> Response:
    """Returns the job's state, its text once it has finished, and the state of each page.

    With the parameter `format`, or an `Accept` header with a format's media type, this URL returns what
    `/ocr/jobs/{job_id}/file` returns, with the same parameters. They are described there, because the methods of
    generated clients return either a record or a file.
    """
    wanted = _known_format(form) if form else accepted_format(request.headers.get("accept", ""))
    deadline = time.monotonic() + wait
    job = await _wait_for_end(services, job, wait)
    if wanted is None:
        answer = await run_in_threadpool(job_result.job_result, services, job)
        return Response(answer.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    if without_furniture and not omit_headers_footers:
        _warn_of_old_parameter()
        omit_headers_footers = True
    options = _FileOptions(join_lines, omit_headers_footers, pdf, exports.may_redirect(services, request))
    return await _in_format(services, job, wanted, options, deadline)


@router.get(
    "/jobs/{job_id}/file",
    summary="Get a job's result in a format, as a file",
    response_class=Response,
    responses={
        200: {
            "content": openapi.file_content(*(found.media_type.partition(";")[0] for found in FORMATS.values()))
            | {"application/json": {"schema": {"$ref": "#/components/schemas/Document"}}},
            "description": "The file. Its media type is the format's, or `application/octet-stream` if only that is "
            "accepted",
        },
        307: {
            "description": "With DOWNLOAD_URL_S, for PDF, DOCX, ODT, EPUB and XLSX files: the file's address in the "
            "storage, valid for a short time. Only a caller without a key, or with it in `Authorization`, gets it",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
        },
        400: {"model": ErrorBody, "description": "The format is unknown"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
        409: {"model": ErrorBody, "description": "There is no result (yet)"},
        422: {"model": ErrorBody, "description": "The file cannot be created from this result"},
    },
)
async def get_file(
    request: Request,
    job: JobDep,
    services: ServicesDep,
    form: Annotated[FormatName, Query(alias="format", description="The format of the file")],
    wait: Wait = 0,
    join_lines: JoinLines = False,
    omit_headers_footers: OmitHeadersFooters = False,
    *,
    pdf: PdfQuery,
) -> Response:
    """Returns the result in a format, with the name of a file. `json` is the Document.

    PDF, DOCX, ODT, EPUB and XLSX files are created at the first request, which can take a moment: until then the
    response is 409 with Retry-After. Use `wait` to wait.
    """
    deadline = time.monotonic() + wait
    job = await _wait_for_end(services, job, wait)
    options = _FileOptions(join_lines, omit_headers_footers, pdf, exports.may_redirect(services, request))
    response = await _in_format(services, job, form, options, deadline)
    if response.status_code == HTTPStatus.TEMPORARY_REDIRECT:
        return response
    response.headers["Content-Disposition"] = content_disposition(job.file_name, FORMATS[form].suffix, attached=True)
    return exports.typed_as_accepted(response, request)


@dataclass(frozen=True, slots=True)
class _FileOptions:
    """What the caller chose, for the formats that offer a choice."""

    join_lines: bool = False
    omit_headers_footers: bool = False
    pdf: PdfOptions = PDF_DEFAULTS
    by_redirect: bool = False


@cache
def _warn_of_old_parameter() -> None:
    """Log the deprecation once per process."""
    _log.warning("The query parameter without_furniture is deprecated: callers should send omit_headers_footers.")


async def _in_format(
    services: Services, job: JobRecord, wanted: ResultFormat, options: _FileOptions, deadline: float
) -> Response:
    """Return the finished result. Raises 409 without one, and for a file that is not ready at the deadline."""
    job_result.require_finished(job)
    found = FORMATS[wanted]
    if wanted not in CAN_OMIT_HEADERS_FOOTERS:
        options = replace(options, omit_headers_footers=False)
    if wanted is ResultFormat.TEXT and not (options.join_lines or options.omit_headers_footers):
        text = await run_in_threadpool(job_result.read_text, services, job)
        return await exports.stream(job, [text], found.media_type, found.suffix)
    if wanted is ResultFormat.JSON:
        document = await run_in_threadpool(job_result.document_json, services, job)
        headers = {"ETag": f'"{job.revision}"', "Vary": "Accept"}
        return StreamingResponse(document, media_type="application/json", headers=headers)
    if found.write is None:
        name = PackageExport(wanted, options.omit_headers_footers).name
        if wanted is ResultFormat.PDF:
            name = options.pdf.export_name
        await run_in_threadpool(job_result.require_stored, services, job)
        wait_s = max(_MIN_EXPORT_WAIT_S, deadline - time.monotonic())
        await run_in_threadpool(admit_export, services, job, name)
        return await exports.wait_for_export(services, job, name, wait_s, found.suffix, by_redirect=options.by_redirect)
    await run_in_threadpool(job_result.require_stored, services, job)
    head, pages = exports.head_of(job), exports.pages_of(services, job)
    if options.omit_headers_footers:
        pages = (page.omit_headers_footers() for page in pages)
    write = joined_text if wanted is ResultFormat.TEXT and options.join_lines else found.write
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
