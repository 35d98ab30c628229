"""The caller's jobs: list them, look at one, read single pages, cancel and delete."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ocrdesk.backend.blobs import UPLOAD
from ocrdesk.contract.document import Page
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.jobs import JobList, JobView
from ocrdesk.contract.states import JobState
from ocrdesk_api import results
from ocrdesk_api.deps import JobDep, PrincipalDep, ServicesDep, WritableJobDep
from ocrdesk_api.problems import not_found

router = APIRouter(
    prefix="/ocr/jobs",
    tags=["jobs"],
    responses={404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"}},
)


@router.get("", summary="Your jobs, newest first")
def list_jobs(
    services: ServicesDep, principal: PrincipalDep, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> JobList:
    """The newest jobs of this key that have not expired, without their texts."""
    return JobList(jobs=tuple(job.view() for job in services.ledger.jobs(principal.owner, limit)))


@router.get("/{job_id}", summary="One job, without its text")
def get_job(job: JobDep) -> JobView:
    """How far the job is."""
    return job.view()


@router.post("/{job_id}/cancel", summary="Stop a job and keep its record")
def cancel_job(job: WritableJobDep, services: ServicesDep) -> JobView:
    """Stops a job: what is being read is broken off, the upload is removed, pages that were read stay
    readable. A job that is over stays as it is."""
    cancelled = services.ledger.cancel(job.job_id)
    if cancelled is None:
        raise not_found()
    if cancelled.state is JobState.CANCELLED:
        services.blobs.delete(job.job_id, UPLOAD)
        services.blobs.keep_for(job.job_id, services.settings.result_ttl)
    return cancelled.view()


@router.delete("/{job_id}", status_code=204, summary="Stop a job and remove everything of it")
def delete_job(job: WritableJobDep, services: ServicesDep) -> Response:
    """Removes the job, its bytes, results and events, whatever its state."""
    services.ledger.delete(job.job_id)
    services.blobs.purge(job.job_id)
    return Response(status_code=204)


@router.get(
    "/{job_id}/pages/{number}",
    summary="One page",
    response_model=Page,
    responses={409: {"model": ErrorBody, "description": "The page is not over yet"}},
)
def get_page(job: JobDep, services: ServicesDep, number: Annotated[int, Path(ge=1)]) -> Response:
    """A page with its words and boxes, as soon as it is read."""
    if job.page_count is not None and number > job.page_count:
        raise not_found(f"There is no page {number}: this job has {job.page_count}.")
    page = services.ledger.page(job.job_id, number)
    return Response(results.page_json(services, job, page), media_type="application/json")
