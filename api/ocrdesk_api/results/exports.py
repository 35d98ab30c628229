"""Files that a worker makes of a job when they are asked for, and the formats that stream out of its pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.events.hub import wait_for
from ocrdesk.backend.records import ExportRecord, JobRecord
from ocrdesk.backend.services import Services
from ocrdesk.backend.storage.blob_store import UPLOAD, BlobMissingError
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import PageState
from ocrdesk_api.errors import HttpError, not_found, not_ready, upload_gone
from ocrdesk_api.results.job_result import read_page

_CHUNK_CHARACTERS = 65_536
_LEAST_S, _PER_PAGE_S = 60.0, 1.0


def head_of(job: JobRecord) -> DocumentHead:
    """The Document of a job without its pages."""
    return DocumentHead(job_id=job.job_id, file_name=job.file_name, media_type=job.media_type)


def pages_of(services: Services, job: JobRecord) -> Iterator[Page]:
    """The pages of a job in order, one in memory at a time. Raises 404 when the result expired in this moment."""
    for record in services.ledger.pages.of_job(job):
        read = read_page(services, job, record)
        yield read or Page(number=record.number, status=record.state, error=record.error)


async def streamed(job: JobRecord, parts: Iterable[str], media_type: str, suffix: str) -> Response:
    """Text that is made while it is sent. What can go wrong with it at once still is an error answer."""
    chunks = _chunks(parts)
    first = await run_in_threadpool(next, chunks, b"")
    return StreamingResponse(_chained(first, chunks), media_type=media_type, headers=_headers(job, suffix))


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """Many small texts as few large chunks."""
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
    name = job.file_name.rpartition(".")[0] or job.file_name
    kind = "attachment" if attached else "inline"
    return {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(name + suffix, safe='')}",
        "ETag": f'"{job.revision}"',
        "Vary": "Accept",
    }


async def wait_for_export(services: Services, job: JobRecord, name: str, wait_s: float, suffix: str) -> Response:
    """A file that a worker makes. Raises 409 while it is not there after `wait_s`, 422 when it cannot be made."""
    if not await run_in_threadpool(services.blobs.exists, job.job_id, UPLOAD):
        raise upload_gone()
    gone: str | None = None
    while True:
        export = await _awaited(services, job, name, wait_s)
        if export.blob is None or export.state is not PageState.FINISHED:
            raise _unmade(export)
        chunks = services.blobs.chunks(job.job_id, export.blob)
        try:
            first = await run_in_threadpool(next, chunks, b"")
            break
        except BlobMissingError:  # the result expired in this moment, or was corrected and the file is made anew
            if export.blob == gone:
                raise not_found() from None
            gone = export.blob
    return StreamingResponse(
        _chained(first, chunks), media_type=export.media_type, headers=_headers(job, suffix, attached=True)
    )


async def _awaited(services: Services, job: JobRecord, name: str, wait_s: float) -> ExportRecord:
    deadline = time.monotonic() + wait_s
    limit_s = max(_LEAST_S, _PER_PAGE_S * (job.page_count or 1))
    with services.hub.watch(job.job_id) as flag:
        while True:
            export = await asyncio.to_thread(services.ledger.exports.request, job.job_id, name, limit_s)
            if export is None:
                raise not_found()
            left = deadline - time.monotonic()
            if export.state.is_final or left <= 0 or services.hub.closing:
                return export
            await wait_for(flag, left)


def _unmade(export: ExportRecord) -> HttpError:
    if export.error is not None:
        return HttpError(422, ErrorCode.EXPORT_FAILED, "Cannot be made", export.error.message)
    return not_ready("This file is still being made. Ask again in a moment, or wait with ?wait=30.", retry_after_s=2)
