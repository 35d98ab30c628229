"""List, inspect, cancel, retry and delete jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from pydantic import SecretStr

from ocrdesk.backend.ledger.job_list import JobFilter
from ocrdesk.backend.storage import sealed_password
from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.jobs import JobList, JobView
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState
from ocrdesk_api.access.dependencies import (
    JobDep,
    PrincipalDep,
    ServicesDep,
    SubmitterDep,
    WritableJobDep,
)
from ocrdesk_api.errors import bad_request, conflict, not_found, not_ready, upload_gone
from ocrdesk_api.middleware.body_limit import SmallBodyRoute
from ocrdesk_api.submission.admission import admit
from ocrdesk_api.submission.upload_stream import MAX_PASSWORD_CHARACTERS

router = APIRouter(
    prefix="/ocr/jobs",
    tags=["jobs"],
    route_class=SmallBodyRoute,
    responses={404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"}},
)


_UNFINISHED_TTL_S = 7 * 86_400
_RETRY_INFLIGHT_LIMIT = 4
"""Pages queued at first; each finished page then queues as many as the workers can handle."""


@router.get(
    "",
    summary="List your jobs, newest first",
    responses={400: {"model": ErrorBody, "description": "A filter or the cursor is malformed"}},
)
def list_jobs(
    services: ServicesDep,
    principal: PrincipalDep,
    limit: Annotated[int, Query(ge=1, le=1000, description="Jobs per page")] = 100,
    cursor: Annotated[str | None, Query(max_length=100, description="`next_cursor` of the previous page")] = None,
    status: Annotated[list[JobState] | None, Query(description="Only jobs in these states; repeatable")] = None,
    name: Annotated[
        str | None, Query(max_length=200, description="A part of the file name; case does not matter")
    ] = None,
    since: Annotated[datetime | None, Query(description="Submitted at this time or later (ISO 8601)")] = None,
    until: Annotated[datetime | None, Query(description="Submitted before this time (ISO 8601)")] = None,
) -> JobList:
    """Lists the key's jobs that have not expired, page by page, without their texts.

    With a filter, a page can have fewer jobs than `limit`, even none, and still a `next_cursor`: continue
    until it is null.
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
        raise bad_request(ErrorCode.BAD_REQUEST, error_message("jobs_cursor_invalid")) from None
    return JobList(jobs=tuple(job.view() for job in jobs), next_cursor=after)


def _aware(moment: datetime) -> datetime:
    """Return the time with a zone; UTC if it has none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@router.get("/{job_id}", summary="Get a job, without its text")
def get_job(job: JobDep) -> JobView:
    """Returns the job's state and progress."""
    return job.view()


@router.post("/{job_id}/cancel", summary="Stop a job and keep its record")
def cancel_job(job: WritableJobDep, services: ServicesDep) -> JobView:
    """Stops a job: pages in progress are aborted within a second; finished pages stay available.
    A job that has ended does not change. `retry` resumes a cancelled job."""
    cancelled = services.ledger.jobs.cancel(job.job_id)
    if cancelled is None:
        raise not_found()
    if cancelled.state is JobState.CANCELLED:
        sealed_password.forget(services.blobs, job.job_id)
        services.ledger.cleanup.apply_retention(services.blobs, job.job_id, services.settings)
    return cancelled.view()


@router.post(
    "/{job_id}/retry",
    status_code=202,
    summary="Retry the pages without a result",
    responses={
        409: {
            "model": ErrorBody,
            "description": "The job is running, has nothing to retry, or the original file is no longer stored",
        },
    },
)
def retry_job(
    job: WritableJobDep,
    services: ServicesDep,
    principal: SubmitterDep,
    password: Annotated[
        SecretStr | None,
        Form(
            max_length=MAX_PASSWORD_CHARACTERS,
            description="The password of the PDF, for a job that failed with `encrypted_pdf` or `wrong_password`",
        ),
    ] = None,
) -> JobView:
    """Restarts an ended job for the pages that failed, timed out or were cancelled.
    Other pages keep their results and corrections. A job whose PDF could not be opened needs its password again."""
    if not job.state.is_final:
        raise not_ready(error_message("job_not_retriable", state=job.state.value))
    if not services.blobs.exists(job.job_id, UPLOAD):
        raise upload_gone()
    admit(services, principal, job.size_bytes)
    services.blobs.keep_for(job.job_id, _UNFINISHED_TTL_S)
    secret = password.get_secret_value() if password else ""
    needs_password = secret and job.page_count is None and job.media_type == MediaType.PDF
    sealed = sealed_password.seal(services.blobs, job.job_id, secret) if needs_password else None
    blobs = [page.blob for page in services.ledger.pages.of_job(job) if page.blob]
    again = services.ledger.jobs.retry(
        job.job_id,
        inflight_limit=_RETRY_INFLIGHT_LIMIT,
        sealed_password=sealed,
        lost=services.page_results.missing(job.job_id, blobs),
    )
    if again is None:
        raise not_found()
    if again.state.is_final:
        sealed_password.forget(services.blobs, job.job_id)
        services.ledger.cleanup.apply_retention(services.blobs, job.job_id, services.settings)
        raise conflict(ErrorCode.NOTHING_TO_RETRY, error_message("nothing_to_retry"))
    return again.view()


@router.delete("/{job_id}", status_code=204, summary="Stop a job and delete all its data")
def delete_job(job: WritableJobDep, services: ServicesDep) -> Response:
    """Deletes the job, its file, results and events, in any state."""
    services.ledger.jobs.delete(job.job_id)
    services.blobs.purge(job.job_id)
    return Response(status_code=204)
