"""One log line and one span per finished page and job, written once the transaction is committed."""

from __future__ import annotations

import logging
from typing import Any

from ocrdesk.backend import logs
from ocrdesk.backend.records import JobRecord, PageRecord, PageStats
from ocrdesk.backend.tracing import traces
from ocrdesk.contract.errors import ErrorInfo

_log = logging.getLogger(__name__)


def job_accepted(job: JobRecord) -> None:
    fields = {"media_type": job.media_type, "size_bytes": job.size_bytes}
    _log.info("job accepted", extra=_about(job) | fields)


def job_retried(job: JobRecord) -> None:
    _log.info("job retried", extra=_about(job))


def page_ended(job: JobRecord, page: PageRecord, reading: PageStats | None) -> None:
    fields: dict[str, Any] = {"page": page.number, "pages": job.page_count, "state": page.state.value}
    if (seconds := page.seconds) is not None:
        fields["seconds"] = round(seconds, 3)
    if reading:
        fields |= {"engine": reading.engine, "words": reading.words}
    _log.info("page %s", page.state, extra=_about(job) | fields | _code(page.error))
    traces.page_ended(job, page, reading)


def job_ended(job: JobRecord) -> None:
    fields: dict[str, Any] = {"state": job.state.value, "pages_done": job.pages_done, "pages_failed": job.pages_failed}
    if job.ended_at:
        fields["seconds"] = round((job.ended_at - job.created_at).total_seconds(), 3)
    _log.info("job %s", job.state, extra=_about(job) | fields | _code(job.error))
    traces.job_ended(job)


def _about(job: JobRecord) -> dict[str, Any]:
    """Return the job's id, and the current request (of a cancel, for instance) or the one that submitted the job."""
    request_id = logs.request_id() or job.request_id
    return {"job_id": job.job_id} | ({"request_id": request_id} if request_id else {})


def _code(error: ErrorInfo | None) -> dict[str, Any]:
    """Return only the error's code; its message is for the job's owner."""
    return {"error_code": error.code.value} if error else {}
