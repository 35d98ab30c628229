"""Streams formats; waits for files a worker makes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator

from fastapi import Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.events.hub import wait_for
from ocrdesk.backend.records import ExportRecord, JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage.blob_store import UPLOAD, BlobMissingError
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import PageState
from ocrdesk.export.download_name import content_disposition
from ocrdesk_api.errors import HttpError, not_found, not_ready, upload_gone
from ocrdesk_api.results.content_negotiation import OCTET_STREAM, wants_octet_stream
from ocrdesk_api.results.job_result import read_page

_OWN_CODES = (ErrorCode.SIGNED_PDF, ErrorCode.PDFA_IMPOSSIBLE)
"""Errors of exports that another option avoids; all others are `export_failed`."""
_CHUNK_CHARACTERS = 65_536
_MIN_LIMIT_S, _PER_PAGE_S = 60.0, 1.0


def head_of(job: JobRecord) -> DocumentHead:
    """Return the Document of a job without its pages."""
    return DocumentHead(job_id=job.job_id, file_name=job.file_name, media_type=job.media_type)


def pages_of(services: Services, job: JobRecord) -> Iterator[Page]:
    """Yield the job's pages in order, one in memory at a time. Raises 404 if the result has just expired."""
    for record in services.ledger.pages.of_job(job):
        read = read_page(services, job, record)
        yield read or Page(number=record.number, status=record.state, error=record.error)


async def stream(job: JobRecord, parts: Iterable[str], media_type: str, suffix: str) -> Response:
    """Stream text while it is created. Errors at the beginning still become error responses."""
    chunks = _chunks(parts)
    first = await run_in_threadpool(next, chunks, b"")
    return StreamingResponse(_chained(first, chunks), media_type=media_type, headers=_headers(job, suffix))


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """Combine many small texts into few large chunks."""
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _CHUNK_CHARACTERS:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()


def _headers(job: JobRecord, suffix: str, *, attached: bool = False) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition(job.file_name, suffix, attached=attached),
        "ETag": f'"{job.revision}"',
        "Vary": "Accept",
    }


def typed_as_accepted(response: Response, request: Request) -> Response:
    """Return the response of a file, as bytes of no particular type for a caller that accepts only those."""
    if wants_octet_stream(request.headers.get("accept", "")):
        response.headers["Content-Type"] = OCTET_STREAM
    return response


def may_redirect(services: Services, request: Request) -> bool:
    """Return whether this caller may be sent to the storage for a file.

    Programs that follow a redirect drop `Authorization` at another host, but no other header: a caller with a key in
    one of these would show it to the storage.
    """
    settings = services.settings
    has_own_header = settings.api_key_header.lower() != "authorization" and settings.api_key_header in request.headers
    is_plain = request.method == "GET" and not wants_octet_stream(request.headers.get("accept", ""))
    return bool(settings.download_url_s) and is_plain and not has_own_header


def _redirect(services: Services, job_id: str, blob: str) -> Response | None:
    """Return the answer that sends a caller to the storage; None if that offers no addresses, or has no such blob."""
    url = services.blobs.download_url(job_id, blob, services.settings.download_url_s)
    if url is None or not services.blobs.exists(job_id, blob):
        return None
    return RedirectResponse(url, 307, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


async def wait_for_export(
    services: Services, job: JobRecord, name: str, wait_s: float, suffix: str, *, by_redirect: bool = False
) -> Response:
    """Return a file that a worker creates. Raises 409 if it is not ready within `wait_s`, 422 if it failed.

    `by_redirect`: answer with its address in the storage, where there is one.
    """
    if not await run_in_threadpool(services.blobs.exists, job.job_id, UPLOAD):
        raise upload_gone()
    gone: str | None = None
    while True:
        export = await _wait_for(services, job, name, wait_s)
        if export.blob is None or export.state is not PageState.FINISHED:
            raise _export_error(export)
        if by_redirect and (answer := await run_in_threadpool(_redirect, services, job.job_id, export.blob)):
            return answer
        chunks = services.blobs.chunks(job.job_id, export.blob)
        try:
            first = await run_in_threadpool(next, chunks, b"")
            break
        except BlobMissingError:  # the result has just expired, or was corrected and the file is created again
            if export.blob == gone:
                raise not_found() from None
            gone = export.blob
            await run_in_threadpool(
                services.ledger.lost_results.repair, job.job_id, [gone], has_upload=True, inflight_limit=1
            )
    return StreamingResponse(
        _chained(first, chunks), media_type=export.media_type, headers=_headers(job, suffix, attached=True)
    )


async def _wait_for(services: Services, job: JobRecord, name: str, wait_s: float) -> ExportRecord:
    deadline = time.monotonic() + wait_s
    limit_s = max(_MIN_LIMIT_S, _PER_PAGE_S * (job.page_count or 1))
    with services.hub.watch(job.job_id) as flag:
        while True:
            export = await asyncio.to_thread(services.ledger.exports.request, job.job_id, name, limit_s)
            if export is None:
                raise not_found()
            left = deadline - time.monotonic()
            if export.state.is_final or left <= 0 or services.hub.closing:
                return export
            await wait_for(flag, left)


def _export_error(export: ExportRecord) -> HttpError:
    if export.error is not None:
        code = export.error.code if export.error.code in _OWN_CODES else ErrorCode.EXPORT_FAILED
        return HttpError(422, code, "Cannot be made", export.error.error_message)
    return not_ready(error_message("export_running"), retry_after_s=2)
