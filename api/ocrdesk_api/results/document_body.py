"""Receives a corrected Document, large ones into a temporary file, so that waiting requests need no memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile

from fastapi import Request
from starlette.requests import ClientDisconnect

from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_api.errors import HttpError, bad_request

_MAX_IN_MEMORY = 1 << 18


@asynccontextmanager
async def received(request: Request, max_bytes: int) -> AsyncIterator[SpooledTemporaryFile[bytes]]:
    """Yield the request's body as a file, which has no name and is gone afterwards, also if this process is killed.

    Raises 413 if it is larger than `max_bytes`.
    """
    with SpooledTemporaryFile(_MAX_IN_MEMORY, prefix="ocrdesk-document-") as body:
        size = 0
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > max_bytes:
                    raise _too_large(max_bytes)
                body.write(chunk)
        except ClientDisconnect:
            raise bad_request(ErrorCode.BAD_REQUEST, error_message("upload_interrupted")) from None
        body.seek(0)
        yield body


def _too_large(max_bytes: int) -> HttpError:
    message = error_message("document_too_large", limit=f"{max_bytes / (1 << 20):g}")
    return HttpError(413, ErrorCode.BODY_TOO_LARGE, "Too large", message)
