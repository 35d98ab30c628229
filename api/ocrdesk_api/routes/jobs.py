"""List, inspect, cancel, retry and delete jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from ocrdesk.backend.ledger.job_list import JobFilter
from ocrdesk.backend.storage.blob_store import UPLOAD, apply_upload_retention
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobList, JobView
from ocrdesk.contract.states import JobState
from ocrdesk_api.access.dependencies import JobDep, PrincipalDep, ServicesDep, WritableJobDep
from ocrdesk_api.errors import bad_request, conflict, not_found, not_ready, upload_gone

router = APIRouter(
    prefix="/ocr/jobs",
    tags=["jobs"],
    responses={404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"}},
)


_UNFINISHED_TTL_S = 7 * 86_400
_RETRY_INFLIGHT_LIMIT = 4
"""Pages queued at first; each that ends then queues as many as the workers take."""


@router.get(
    "",
    summary="Your jobs, newest first",
    responses={400: {"model": ErrorBody, "description": "A filter or the cursor is malformed"}},
)
def list_jobs(
    services: ServicesDep,
    principal: PrincipalDep,
    limit: Annotated[int, Query(ge=1, le=1000, description="Jobs a page")] = 100,
    cursor: Annotated[str | None, Query(max_length=100, description="`next_cursor` of the page before")] = None,
    status: Annotated[list[JobState] | None, Query(description="Only these; may be given several times")] = None,
    name: Annotated[str | None, Query(max_length=200, description="A part of the file's name, in any case")] = None,
    since: Annotated[datetime | None, Query(description="Submitted at this time or later (ISO 8601)")] = None,
    until: Annotated[datetime | None, Query(description="Submitted before this time (ISO 8601)")] = None,
) -> JobList:
    """This key's jobs that have not expired, without their texts, a page at a time.

    With a filter a page may have fewer jobs than `limit`, even none, and still a `next_cursor`: go on
    until that is null.
    """
    wanted = JobFilter(
        frozenset(status) if status else None,
        name or None,
        *(_aware(moment) if moment else None for moment in (since, until)),
    )
    try:
        jobs, after = services.ledger.job_list.read(
            principal.owner, limit, cursor, wanted if wanted != JobFilter() else None
        )
    except ValueError:
        raise bad_request(ErrorCode.BAD_REQUEST, "cursor: take it from `next_cursor` of the page before.") from None
    return JobList(jobs=tuple(job.view() for job in jobs), next_cursor=after)


def _aware(moment: datetime) -> datetime:
    """A time without a zone is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@router.get("/{job_id}", summary="One job, without its text")
def get_job(job: JobDep) -> JobView:
    """How far the job is."""
    return job.view()


@router.post("/{job_id}/cancel", summary="Stop a job and keep its record")
def cancel_job(job: WritableJobDep, services: ServicesDep) -> JobView:
    """Stops a job: what is being read is broken off within a second; pages that were read stay readable.
    A job that is over stays as it is. `retry` goes on with a cancelled one."""
    cancelled = services.ledger.jobs.cancel(job.job_id)
    if cancelled is None:
        raise not_found()
    if cancelled.state is JobState.CANCELLED:
        apply_upload_retention(services.blobs, job.job_id, services.settings)
    return cancelled.view()


@router.post(
    "/{job_id}/retry",
    status_code=202,
    summary="Read the pages again that were not read",
    responses={
        409: {"model": ErrorBody, "description": "Under way, nothing to retry, or the original is not kept any more"},
    },
)
def retry_job(job: WritableJobDep, services: ServicesDep) -> JobView:
    """Sets a job that is over going again, for the pages that failed, timed out or were cancelled.
    Good pages keep their results and corrections."""
    if not job.state.is_final:
        raise not_ready(f"The job is still {job.state}: retry it when it is over.")
    if not services.blobs.exists(job.job_id, UPLOAD):
        raise upload_gone()
    services.blobs.keep_for(job.job_id, _UNFINISHED_TTL_S)
    again = services.ledger.jobs.retry(job.job_id, inflight_limit=_RETRY_INFLIGHT_LIMIT)
    if again is None:
        raise not_found()
    if again.state.is_final:
        apply_upload_retention(services.blobs, job.job_id, services.settings)
        raise conflict(ErrorCode.NOTHING_TO_RETRY, "Every page of this job was read: there is nothing to retry.")
    return again.view()


@router.delete("/{job_id}", status_code=204, summary="Stop a job and remove everything of it")
def delete_job(job: WritableJobDep, services: ServicesDep) -> Response:
    """Removes the job, its bytes, results and events, whatever its state."""
    services.ledger.jobs.delete(job.job_id)
    services.blobs.purge(job.job_id)
    return Response(status_code=204)
