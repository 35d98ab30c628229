"""Documents, pages and page images."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.contract.document import Document, Page, ToCheck
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.jobs import JobView
from ocrdesk_api import openapi
from ocrdesk_api.access.dependencies import JobDep, ServicesDep, WritableJobDep
from ocrdesk_api.errors import not_found, not_ready
from ocrdesk_api.results import corrections, document_body, exports, job_result
from ocrdesk_api.shielded import run_shielded
from ocrdesk_api.submission.admission import admit_export

router = APIRouter(
    prefix="/ocr/jobs",
    tags=["jobs"],
    responses={404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"}},
)

_IMAGE_WIDTHS = (200, 400, 800, 1600, 3200, 4000)
"""Page images are rendered in these widths only, so that no caller fills the storage with all others."""


@router.get(
    "/{job_id}/document",
    summary="Get the Document: pages, blocks, lines, words with boxes",
    response_model=Document,
    responses={409: {"model": ErrorBody, "description": "The job is not finished"}},
)
def get_document(job: JobDep, services: ServicesDep) -> Response:
    """Returns the same as the result format `json`. Send its ETag as `If-Match` with a corrected Document."""
    job_result.require_finished(job)
    return StreamingResponse(
        job_result.document_json(services, job), media_type="application/json", headers={"ETag": f'"{job.revision}"'}
    )


@router.put(
    "/{job_id}/document",
    summary="Send a corrected Document",
    responses={
        400: {"model": ErrorBody, "description": "The body is not a Document of this job"},
        409: {"model": ErrorBody, "description": "The job is not finished"},
        412: {"model": ErrorBody, "description": "The result has changed since the revision in If-Match"},
        413: {"model": ErrorBody, "description": "The Document is too large"},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Document"}}},
        }
    },
)
async def correct_document(
    job: WritableJobDep,
    services: ServicesDep,
    request: Request,
    response: Response,
    if_match: Annotated[
        str | None,
        Header(
            description="The ETag of the Document before the correction",
            json_schema_extra={"pattern": r'^(\*|(W/)?"?[0-9]{1,9}"?)$'},
        ),
    ] = None,
) -> JobView:
    """Replaces the result: the text and all formats are made from the corrected Document from now on.

    Only the pages' blocks are used; page sizes do not change. Omitted pages do not change.
    Give corrected words the source `corrected`.
    """
    expected = corrections.expected_revision(if_match)
    max_bytes = round(services.settings.max_document_mb * (1 << 20))
    # A parsed Document takes 25 times as much memory as its JSON, so one at a time is handled, and owners take turns.
    async with document_body.received(request, max_bytes) as body, request.app.state.corrections.turn(job.owner):
        revised = await run_shielded(_correct, services, job, body, expected)
    response.headers["ETag"] = f'"{revised.revision}"'
    return revised.view()


def _correct(services: Services, job: JobRecord, body: SpooledTemporaryFile[bytes], expected: int | None) -> JobRecord:
    return corrections.correct(services, job, body.read(), expected)


@router.get(
    "/{job_id}/review",
    summary="Count the words to check, by page",
    responses={409: {"model": ErrorBody, "description": "The job is not finished"}},
)
def get_review(job: JobDep, services: ServicesDep) -> ToCheck:
    """Lists the pages with words to check: confidence below 0.9 and not corrected yet.

    Each page contains its words; `review` of the Document lists the least certain words of all pages."""
    job_result.require_finished(job)
    return job_result.to_check(services, job)


@router.get(
    "/{job_id}/pages/{number}",
    summary="Get a page",
    response_model=Page,
    responses={409: {"model": ErrorBody, "description": "The page is not finished yet"}},
)
def get_page(job: JobDep, services: ServicesDep, number: Annotated[int, Path(ge=1)]) -> Response:
    """Returns a page with its words and boxes as soon as it is finished."""
    _check_number(job, number)
    page = services.ledger.pages.get(job.job_id, number)
    return Response(job_result.page_json(services, job, page), media_type="application/json")


@router.get(
    "/{job_id}/pages/{number}/image",
    summary="Get a page image",
    response_class=Response,
    responses={
        200: {
            "content": openapi.file_content("image/jpeg", "image/png"),
            "description": "The upright page that the boxes refer to",
        },
        409: {"model": ErrorBody, "description": "Not rendered yet, or the original file is no longer stored"},
        422: {"model": ErrorBody, "description": "The page cannot be rendered"},
    },
)
async def get_page_image(
    request: Request,
    job: JobDep,
    services: ServicesDep,
    number: Annotated[int, Path(ge=1)],
    width: Annotated[int, Query(ge=1, le=4000, description="Minimum width in pixels; the image may be wider")] = 1600,
    wait: Annotated[float, Query(ge=0, le=60, description="Seconds to wait for it at most")] = 30,
) -> Response:
    """Returns the page as an image, rendered at the first request. Scale boxes by the ratio of the widths."""
    if job.file_pages is None:
        if job.state.is_final:
            job_result.require_finished(job)  # it never will be opened: say why
        raise not_ready(error_message("file_not_opened"), retry_after_s=1)
    _check_number(job, number)
    step = next(step for step in _IMAGE_WIDTHS if step >= width)
    name = f"image_{number}_{step}"
    await run_in_threadpool(admit_export, services, job, name)
    image = await exports.wait_for_export(services, job, name, wait, f"-{number}")
    return exports.typed_as_accepted(image, request)


def _check_number(job: JobRecord, number: int) -> None:
    if job.file_pages is not None and number not in job.page_numbers:
        raise not_found(
            error_message("page_not_selected", number=number, pages=job.options.pages, count=job.file_pages)
            if job.options.pages
            else error_message("page_not_found", number=number, count=job.file_pages)
        )
