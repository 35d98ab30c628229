"""Applies a corrected document."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from pydantic import ValidationError

from ocrdesk.backend.ledger.jobs import RevisionConflictError
from ocrdesk.backend.records import JobRecord, PageRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.backend.storage.stored_names import page_name, page_text_name, text_name
from ocrdesk.contract.document import Document, Page
from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.invalid_fields import field_problem, joined
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_api.errors import HttpError, bad_request, conflict, not_found
from ocrdesk_api.results.job_result import read_page

_MAX_REPORTED_PROBLEMS = 5


def expected_revision(if_match: str | None) -> int | None:
    """Return the revision that the caller corrects; None if it accepts any. Raises 400."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request(ErrorCode.BAD_REQUEST, error_message("if_match_invalid"))
    return int(text)


def correct(services: Services, job: JobRecord, body: bytes, expected: int | None) -> JobRecord:
    """Replace the blocks of the pages in the Document. Raises 400, 404, 409, 412."""
    if job.state is not JobState.FINISHED:
        raise conflict(ErrorCode.NOT_READY, error_message("job_not_correctable", state=job.state.value))
    document = _parse(body)
    if document.job_id != job.job_id:
        raise _invalid(error_message("document_of_other_job", job_id=document.job_id[:64]))
    blobs = _store_pages(services, job, document)
    try:
        outcome = services.ledger.jobs.revise(job.job_id, blobs, expected)
    except RevisionConflictError as stale:
        _remove_unless_used(services, job, blobs.values())
        raise HttpError(
            412,
            ErrorCode.REVISION_CONFLICT,
            "Changed meanwhile",
            error_message("revision_conflict", revision=stale.revision),
        ) from None
    if outcome is None:
        _remove_unless_used(services, job, blobs.values())
        raise not_found()
    revised, replaced = outcome
    _remove_unless_used(services, job, replaced)
    services.ledger.cleanup.remove_blobs_later(job.job_id, [text_name(revised.revision - 1)])
    if (left := services.ledger.jobs.remaining_ttl_s(job.job_id)) is not None:
        services.blobs.keep_for(job.job_id, left)
    return revised


def _parse(body: bytes) -> Document:
    try:
        return Document.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_input=False)[:_MAX_REPORTED_PROBLEMS]
        raise _invalid(joined(field_problem(problem, problem["loc"]) for problem in found)) from None


def _store_pages(services: Services, job: JobRecord, document: Document) -> dict[int, str]:
    """Store the corrected pages; return their blobs' names by number."""
    records = {record.number: record for record in services.ledger.pages.of_job(job)}
    blobs: dict[int, str] = {}
    try:
        for page in document.pages:
            record = records.get(page.number)
            if record is None or page.number in blobs:
                raise _invalid(error_message("document_page_unknown", number=page.number))
            services.ledger.cleanup.begin_writing(job.job_id)  # no record refers to the new pages yet
            if blob := _store(services, job, record, page):
                blobs[page.number] = blob
    except BaseException:
        for blob in blobs.values():
            services.page_results.delete_page(job.job_id, blob)
        raise
    return blobs


def _store(services: Services, job: JobRecord, record: PageRecord, page: Page) -> str | None:
    """Store a corrected page and return its blob's name; None for a page without a result."""
    read = read_page(services, job, record) if record.state is PageState.FINISHED else None
    if read is None:
        if page.blocks:
            raise _invalid(error_message("document_page_unread", number=page.number))
        return None
    for block in page.blocks:
        for box in (block.box, *(line.box for line in block.lines), *(w.box for n in block.lines for w in n.words)):
            if not (0 <= box.left <= box.right <= read.width and 0 <= box.top <= box.bottom <= read.height):
                outside = error_message(
                    "document_box_outside",
                    number=page.number,
                    box=str(list(box)),
                    width=read.width,
                    height=read.height,
                )
                raise _invalid(outside)
    # Only the text and its structure are the caller's: the page's geometry stays. A client that does not know roles
    # leaves out that there are some; they are determined again from its words.
    corrected = read.model_copy(update={"blocks": page.blocks, "has_structure": page.has_structure})
    blob = page_name(page.number, uuid.uuid4().hex)
    services.page_results.write_page(job.job_id, blob, pack(corrected))
    return blob


def _remove_unless_used(services: Services, job: JobRecord, blobs: Iterable[str]) -> None:
    """Remove pages after the grace period, if no record refers to them then.

    Not at once: an older record may come back, and a commit whose answer was lost may have been repeated.
    """
    names = [name for blob in blobs for name in (blob, page_text_name(blob))]
    services.ledger.cleanup.remove_blobs_later(job.job_id, names)


def _invalid(reason: ErrorMessage) -> HttpError:
    return bad_request(ErrorCode.INVALID_DOCUMENT, error_message("document_invalid", cause=reason))
