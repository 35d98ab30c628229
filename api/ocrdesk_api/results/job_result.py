"""Results, texts and documents, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar

from ocrdesk.backend.ledger.cleanup import GRACE_S
from ocrdesk.backend.records import JobRecord, PageRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk.contract.document import SCHEMA_VERSION, Page, PageToCheck, ToCheck
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.states import JobState
from ocrdesk.export.text import join_pages
from ocrdesk.export.words_to_check import Review, count_doubtful
from ocrdesk_api.errors import HttpError, not_found, not_ready

T = TypeVar("T")

_RUNNING_RETRY_S = 1
"""When to ask a running job again."""
_REPAIR_S = 10
"""How long the check of a lost result takes after its grace period, at most."""


def job_result(services: Services, job: JobRecord) -> JobResult:
    """Return the result response; with the text if the job has finished."""
    text = None
    if job.state is JobState.FINISHED:
        text = read_text(services, job)
    pages = services.ledger.pages.of_job(job)
    return JobResult(
        status=job.state,
        text=text,
        error=job.error.message if job.error else None,
        error_code=job.error.code if job.error else None,
        error_message=job.error.error_message if job.error else None,
        warnings=job.warnings,
        job_id=job.job_id,
        file_name=job.file_name,
        page_count=job.page_count,
        pages_done=job.pages_done,
        pages_failed=job.pages_failed,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        revision=job.revision,
        unread_regions=sum(page.unread_regions for page in pages),
        pages=tuple(page.status() for page in pages),
    )


def require_finished(job: JobRecord) -> None:
    """Raise 409 with the reason if the job has no result."""
    if job.state is JobState.FINISHED:
        return
    if job.state.is_final:
        raise not_ready(
            error_message("job_failed", cause=job.error.error_message)
            if job.error
            else error_message("job_without_result", state=job.state.value)
        )
    raise not_ready(error_message("job_running", state=job.state.value), retry_after_s=_RUNNING_RETRY_S)


def require_stored(services: Services, job: JobRecord) -> None:
    """Raise 409 unless all pages of the result can be read: a response that has begun cannot say so any more."""
    pages = services.ledger.pages.of_job(job)
    is_cut = job.state is JobState.FINISHED and not all(page.state.is_final for page in pages)
    if is_cut or services.page_results.missing(job.job_id, [page.blob for page in pages if page.blob]):
        raise _lost(services, job)


def _lost(services: Services, job: JobRecord) -> HttpError:
    """Return the error for a result of which a part is gone, and let that be checked and repaired; 404 for no job."""
    if not services.ledger.jobs.exists(job.job_id):
        return not_found()
    services.ledger.cleanup.repair_later(job.job_id)
    seconds = services.ledger.storage_trust.seconds_to_trust() + GRACE_S + _REPAIR_S
    return not_ready(error_message("result_incomplete", seconds=seconds), retry_after_s=seconds)


def read_text(services: Services, job: JobRecord) -> str:
    """Return the whole text. Raises 404 if the result has just expired, 409 if a part of it is gone."""
    try:
        return services.page_results.read_text(job.job_id, job.revision)
    except BlobMissingError:
        corrected = services.ledger.jobs.get(job.job_id)
        if corrected is None:
            raise not_found() from None
    text = _joined_pages(services, corrected)  # joined at the first request
    services.ledger.cleanup.begin_writing(job.job_id)
    services.page_results.write_text(job.job_id, corrected.revision, [text.encode()])
    if (left := services.ledger.jobs.remaining_ttl_s(job.job_id)) is not None:
        services.blobs.keep_for(job.job_id, left)
    return text


def _joined_pages(services: Services, job: JobRecord) -> str:
    read = services.page_results.read_page_text
    texts = (_read_stored(services, job, page, read) for page in services.ledger.pages.of_job(job))
    return join_pages((text or b"").decode() for text in texts)


def _read_stored(services: Services, job: JobRecord, page: PageRecord, read: Callable[[str, str], T]) -> T | None:
    """Call `read` with the job's id and the name of the stored page; None for a page that has no result.

    If the page is corrected at this moment, read the newer one. Raises 404 when the result expired at this moment, and
    409 when the page is gone.
    """
    while page.blob is not None:
        try:
            return read(job.job_id, page.blob)
        except BlobMissingError:
            newer = services.ledger.pages.get(job.job_id, page.number)
            if newer.blob in (None, page.blob):
                raise _lost(services, job) from None
            page = newer
    return None


def read_page(services: Services, job: JobRecord, page: PageRecord) -> Page | None:
    """Return a page with its text; None without a result. Raises 404."""
    return _read_stored(services, job, page, services.page_results.read_page)


def page_json(services: Services, job: JobRecord, page: PageRecord) -> bytes:
    """Return a finished page as JSON of the contract's Page. Raises 404, 409."""
    stored = _read_stored(services, job, page, services.page_results.read_page_json)
    if stored is not None:
        return stored
    if not page.state.is_final:
        if job.state.is_final:
            raise not_ready(error_message("page_not_read", number=page.number, state=job.state.value))
        raise not_ready(
            error_message("page_running", number=page.number, state=page.state.value), retry_after_s=_RUNNING_RETRY_S
        )
    return Page(number=page.number, status=page.state, error=page.error).model_dump_json().encode()


def document_json(services: Services, job: JobRecord) -> Iterator[bytes]:
    """Return the Document's JSON page by page, so that a book needs no more memory than a page.

    The first page has been read then: an error at the beginning still becomes an error response. Raises 404, 409.
    """
    require_stored(services, job)
    parts = _document_parts(services, job)
    return chain([next(parts)], parts)


def _document_parts(services: Services, job: JobRecord) -> Iterator[bytes]:
    head = {
        "schema_version": SCHEMA_VERSION,
        "job_id": job.job_id,
        "file_name": job.file_name,
        "media_type": job.media_type,
    }
    before = json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "pages": ['
    review = Review()
    for page in services.ledger.pages.of_job(job):
        written = page_json(services, job, page)
        review.add(Page.model_validate_json(written))
        yield before + written
        before = b","
    yield before.removeprefix(b",") + b'],"review":' + review.as_json().encode() + b"}"


def to_check(services: Services, job: JobRecord) -> ToCheck:
    """Count the words to check on each page, with one page in memory at a time."""
    pages = (Page.model_validate_json(page_json(services, job, page)) for page in services.ledger.pages.of_job(job))
    counts = [(page.number, count_doubtful(page)) for page in pages]
    return ToCheck(
        revision=job.revision,
        words=sum(words for _, words in counts),
        pages=tuple(PageToCheck(number=number, words=words) for number, words in counts if words),
    )
