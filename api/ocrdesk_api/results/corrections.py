"""Takes a corrected Document: its pages' text replaces what was read, and every format comes from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from fastapi import Request
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from ocrdesk.backend.ledger.jobs import RevisionConflictError
from ocrdesk.backend.records import JobRecord, PageRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage.page_results import pack, page_name
from ocrdesk.contract.document import Document, Page
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_api.errors import HttpError, bad_request, conflict, not_found
from ocrdesk_api.results.job_result import read_page

_SAID = 5


async def receive(request: Request, max_bytes: int) -> bytes:
    """The request's body. Raises 413 when it is larger."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                raise HttpError(
                    413,
                    ErrorCode.BODY_TOO_LARGE,
                    "Too large",
                    f"A Document may have {max_bytes / (1 << 20):g} MB here. Send fewer pages at a time.",
                )
    except ClientDisconnect:
        raise bad_request(ErrorCode.BAD_REQUEST, "The upload broke off before it was complete.") from None
    return bytes(body)


def expected_revision(if_match: str | None) -> int | None:
    """The revision that a caller says it corrects; None when any will do. Raises 400."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request(ErrorCode.BAD_REQUEST, "If-Match takes the ETag of a result, as its JSON format came with.")
    return int(text)


def correct(services: Services, job: JobRecord, body: bytes, expected: int | None) -> JobRecord:
    """Replaces the blocks of the pages that the Document has. Raises 400, 404, 409, 412."""
    if job.state is not JobState.FINISHED:
        raise conflict(ErrorCode.NOT_READY, f"Only a finished job can be corrected; this one is {job.state}.")
    document = _parsed(body)
    if document.job_id != job.job_id:
        raise _invalid(f"it is of the job {document.job_id[:64]}, not of this one")
    records = {record.number: record for record in services.ledger.pages.of_job(job)}
    blobs: dict[int, str] = {}
    try:
        for page in document.pages:
            record = records.get(page.number)
            if record is None or page.number in blobs:
                raise _invalid(f"it has a page {page.number} that the job has not, or has it twice")
            if blob := _stored(services, job, record, page):
                blobs[page.number] = blob
        outcome = services.ledger.jobs.revise(job.job_id, blobs, expected)
    except RevisionConflictError as stale:
        _drop(services, job, blobs.values())
        raise HttpError(
            412,
            ErrorCode.REVISION_CONFLICT,
            "Changed meanwhile",
            f"The result was changed meanwhile: it is at revision {stale.revision}. Fetch it again, then correct that.",
        ) from None
    except BaseException:
        _drop(services, job, blobs.values())
        raise
    if outcome is None:
        _drop(services, job, blobs.values())
        raise not_found()
    revised, replaced = outcome
    _drop(services, job, replaced)
    services.page_results.delete_text(job.job_id, job.revision)
    if (left := services.ledger.jobs.remaining_ttl_s(job.job_id)) is not None:
        services.blobs.keep_for(job.job_id, left)
    return revised


def _parsed(body: bytes) -> Document:
    try:
        return Document.model_validate_json(body)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)[:_SAID]
        )
        raise _invalid(said) from None


def _stored(services: Services, job: JobRecord, record: PageRecord, page: Page) -> str | None:
    """Writes a corrected page, and answers its blob's name; None for a page without a result, which has no text."""
    read = read_page(services, job, record) if record.state is PageState.FINISHED else None
    if read is None:
        if page.blocks:
            raise _invalid(f"page {page.number} was not read, so there is nothing to correct")
        return None
    for block in page.blocks:
        for box in (block.box, *(line.box for line in block.lines), *(w.box for n in block.lines for w in n.words)):
            if not (0 <= box.left <= box.right <= read.width and 0 <= box.top <= box.bottom <= read.height):
                raise _invalid(f"page {page.number}: the box {list(box)} is not within {read.width} x {read.height}")
    # Only the text is the caller's: the page's geometry stays as it was found.
    corrected = read.model_copy(update={"blocks": page.blocks})
    blob = page_name(page.number, uuid.uuid4().hex)
    services.page_results.write_page(job.job_id, blob, pack(corrected))
    return blob


def _drop(services: Services, job: JobRecord, blobs: Iterable[str]) -> None:
    for blob in blobs:
        services.page_results.delete_page(job.job_id, blob)


def _invalid(said: str) -> HttpError:
    return bad_request(ErrorCode.INVALID_DOCUMENT, f"This is no Document that can be taken: {said}.")
