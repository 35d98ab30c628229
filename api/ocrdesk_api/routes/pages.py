"""Documents, pages and page images."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.records import JobRecord
from ocrdesk.contract.document import Document, Page, ToCheck
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.jobs import JobView
from ocrdesk_api.access.dependencies import JobDep, ServicesDep, WritableJobDep
from ocrdesk_api.errors import not_found, not_ready
from ocrdesk_api.results import corrections, exports, job_result

router = APIRouter(
    prefix="/ocr/jobs",
    tags=["jobs"],
    responses={404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"}},
)

_IMAGE_WIDTHS = (200, 400, 800, 1600, 3200, 4000)
"""Pictures are made in these widths, so that no caller fills the store with every other one."""


@router.get(
    "/{job_id}/document",
    summary="The Document: pages, blocks, lines, words with boxes",
    response_model=Document,
    responses={409: {"model": ErrorBody, "description": "The job is not finished"}},
)
def get_document(job: JobDep, services: ServicesDep) -> Response:
    """The same as the result's format `json`. Its ETag is what `If-Match` takes when you send it back corrected."""
    job_result.require_finished(job)
    return StreamingResponse(
        job_result.document_json(services, job), media_type="application/json", headers={"ETag": f'"{job.revision}"'}
    )


@router.put(
    "/{job_id}/document",
    summary="Send a corrected Document",
    responses={
        400: {"model": ErrorBody, "description": "Not a Document of this job"},
        409: {"model": ErrorBody, "description": "The job is not finished"},
        412: {"model": ErrorBody, "description": "The result was changed since the revision in If-Match"},
        413: {"model": ErrorBody, "description": "Larger than the server takes at a time"},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Document"}}},
        }
    },
)
async def put_document(
    job: WritableJobDep,
    services: ServicesDep,
    request: Request,
    response: Response,
    if_match: Annotated[str | None, Header(description="The ETag of the Document that was corrected")] = None,
) -> JobView:
    """Every format, the text and the searchable PDF come from the corrected Document from then on.

    Only the blocks of the pages are taken; their sizes stay. Pages that are left out stay as they are.
    Give words that a person put right the source `corrected`.
    """
    expected = corrections.expected_revision(if_match)
    body = await corrections.receive(request, round(services.settings.max_document_mb * (1 << 20)))
    revised = await run_in_threadpool(corrections.correct, services, job, body, expected)
    response.headers["ETag"] = f'"{revised.revision}"'
    return revised.view()


@router.get(
    "/{job_id}/review",
    summary="How many words are to be checked, by page",
    responses={409: {"model": ErrorBody, "description": "The job is not finished"}},
)
def get_review(job: JobDep, services: ServicesDep) -> ToCheck:
    """The pages with words that a person should check: confidence below 0.9, and nobody put them right yet.

    Which words these are is in each page; the Document's `review` has the most doubtful of all."""
    job_result.require_finished(job)
    return job_result.to_check(services, job)


@router.get(
    "/{job_id}/pages/{number}",
    summary="One page",
    response_model=Page,
    responses={409: {"model": ErrorBody, "description": "The page is not over yet"}},
)
def get_page(job: JobDep, services: ServicesDep, number: Annotated[int, Path(ge=1)]) -> Response:
    """A page with its words and boxes, as soon as it is read."""
    _check_number(job, number)
    page = services.ledger.pages.get(job.job_id, number)
    return Response(job_result.page_json(services, job, page), media_type="application/json")


@router.get(
    "/{job_id}/pages/{number}/image",
    summary="A page's picture",
    response_class=Response,
    responses={
        200: {
            "content": {"image/jpeg": {}, "image/png": {}},
            "description": "The page, upright, as the boxes lie on it",
        },
        409: {"model": ErrorBody, "description": "Not drawn yet, or the original is not kept any more"},
        422: {"model": ErrorBody, "description": "The page cannot be drawn"},
    },
)
async def get_page_image(
    job: JobDep,
    services: ServicesDep,
    number: Annotated[int, Path(ge=1)],
    width: Annotated[int, Query(ge=1, le=4000, description="Pixels that are wanted; a few more may come")] = 1600,
    wait: Annotated[float, Query(ge=0, le=60, description="Wait up to so many seconds for it")] = 30,
) -> Response:
    """Drawn by a worker when it is asked for first. Boxes of the page fit after scaling by the widths' ratio."""
    if job.file_pages is None:
        raise not_ready("The file was not opened yet.", retry_after_s=1)
    _check_number(job, number)
    step = next(step for step in _IMAGE_WIDTHS if step >= width)
    return await exports.wait_for_export(services, job, f"image_{number}_{step}", wait, f"-{number}")


def _check_number(job: JobRecord, number: int) -> None:
    if job.file_pages is not None and number not in job.page_numbers:
        of = f"has {job.file_pages}" if not job.options.pages else f"reads {job.options.pages} of {job.file_pages}"
        raise not_found(f"There is no page {number} here: this job {of}.")
