"""Results as callers get them: the result answer, the text, and the Document, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TypeVar

from ocrdesk.backend.records import JobRecord, PageRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk.contract.document import SCHEMA_VERSION, Page, PageToCheck, ToCheck
from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.states import JobState
from ocrdesk.export.text import join_pages
from ocrdesk.export.words_to_check import Review, count_doubtful
from ocrdesk_api.errors import not_found, not_ready

T = TypeVar("T")

_UNDER_WAY_RETRY_S = 1
"""When to ask again for what a job that is under way will have."""


def job_result(services: Services, job: JobRecord) -> JobResult:
    """The result answer; with the text when the job is finished."""
    text = None
    if job.state is JobState.FINISHED:
        text = read_text(services, job)
    return JobResult(
        status=job.state,
        text=text,
        error=job.error.message if job.error else None,
        error_code=job.error.code if job.error else None,
        job_id=job.job_id,
        file_name=job.file_name,
        page_count=job.page_count,
        pages_done=job.pages_done,
        pages_failed=job.pages_failed,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        revision=job.revision,
        pages=tuple(page.status() for page in services.ledger.pages.of_job(job)),
    )


def require_finished(job: JobRecord) -> None:
    """Raises 409 for a job that has no result, with the reason."""
    if job.state is JobState.FINISHED:
        return
    if job.state.is_final:
        raise not_ready(f"The job has no result: {job.error.message if job.error else f'it was {job.state}.'}")
    raise not_ready(
        f"The job is still {job.state}. Poll it, wait with ?wait=30, or follow its events.",
        retry_after_s=_UNDER_WAY_RETRY_S,
    )


def read_text(services: Services, job: JobRecord) -> str:
    """The whole text. Raises 404 when the result expired in this moment."""
    try:
        return services.page_results.read_text(job.job_id, job.revision)
    except BlobMissingError:
        corrected = services.ledger.jobs.get(job.job_id)
        if corrected is None or corrected.revision == 0:
            raise not_found() from None
    text = _joined(services, corrected)  # put together once, by the first who asks
    services.page_results.write_text(job.job_id, corrected.revision, [text.encode()])
    if (left := services.ledger.jobs.remaining_ttl_s(job.job_id)) is not None:
        services.blobs.keep_for(job.job_id, left)
    return text


def _joined(services: Services, job: JobRecord) -> str:
    read = services.page_results.read_page_text
    texts = (_read_stored(services, job, page, read) for page in services.ledger.pages.of_job(job))
    return join_pages((text or b"").decode() for text in texts)


def _read_stored(services: Services, job: JobRecord, page: PageRecord, read: Callable[[str, str], T]) -> T | None:
    """Call `read` with the job's id and the name of the stored page; None for a page that has no result.

    If the page is corrected at this moment, read the newer one. Raises 404 when the result expired at this moment.
    """
    while page.blob is not None:
        try:
            return read(job.job_id, page.blob)
        except BlobMissingError:
            newer = services.ledger.pages.get(job.job_id, page.number)
            if newer.blob in (None, page.blob):
                raise not_found() from None
            page = newer
    return None


def read_page(services: Services, job: JobRecord, page: PageRecord) -> Page | None:
    """A page with what was read on it; None for one without a result. Raises 404."""
    return _read_stored(services, job, page, services.page_results.read_page)


def page_json(services: Services, job: JobRecord, page: PageRecord) -> bytes:
    """A page that is over, as JSON of the contract's Page. Raises 404, 409."""
    stored = _read_stored(services, job, page, services.page_results.read_page_json)
    if stored is not None:
        return stored
    if not page.state.is_final:
        if job.state.is_final:
            raise not_ready(f"Page {page.number} was not read: the job was {job.state}.")
        raise not_ready(f"Page {page.number} is still {page.state}.", retry_after_s=_UNDER_WAY_RETRY_S)
    return Page(number=page.number, status=page.state, error=page.error).model_dump_json().encode()


def document_json(services: Services, job: JobRecord) -> Iterator[bytes]:
    """The Document's JSON, a page at a time, so that a book takes no more memory than a page."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "job_id": job.job_id,
        "file_name": job.file_name,
        "media_type": job.media_type,
    }
    yield json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "pages": ['
    review = Review()
    for index, page in enumerate(services.ledger.pages.of_job(job)):
        if index:
            yield b","
        written = page_json(services, job, page)
        review.look_at(Page.model_validate_json(written))
        yield written
    yield b'],"review":' + review.as_json().encode() + b"}"


def to_check(services: Services, job: JobRecord) -> ToCheck:
    """How many words of each page are to be checked; one page in memory at a time."""
    pages = (Page.model_validate_json(page_json(services, job, page)) for page in services.ledger.pages.of_job(job))
    counts = [(page.number, count_doubtful(page)) for page in pages]
    return ToCheck(
        revision=job.revision,
        words=sum(words for _, words in counts),
        pages=tuple(PageToCheck(number=number, words=words) for number, words in counts if words),
    )
