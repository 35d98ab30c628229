"""Responses that the server sends before a request reaches the application, with the body that all errors have."""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus

from ocrdesk.backend import logs
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_api.errors import HttpError, answer
from ocrdesk_api.middleware.security_headers import API_HEADERS

_log = logging.getLogger("ocrdesk_api.access")


def malformed() -> HttpError:
    return HttpError(400, ErrorCode.BAD_REQUEST, "Bad request", error_message("http_malformed"))


def chunks_too_small(size: int) -> HttpError:
    return HttpError(400, ErrorCode.BAD_REQUEST, "Bad request", error_message("http_chunks_too_small", size=size))


def timed_out(head_s: float, bytes_per_s: int) -> HttpError:
    message = error_message("request_timed_out", seconds=round(head_s), rate=bytes_per_s)
    return HttpError(408, ErrorCode.REQUEST_TIMEOUT, "Request timeout", message)


def headers_too_large(count: int, size: int) -> HttpError:
    message = error_message("headers_too_large", count=count, limit=size)
    return HttpError(431, ErrorCode.HEADERS_TOO_LARGE, "Headers too large", message)


def response_bytes(problem: HttpError, more_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the whole HTTP response of an error, after which the connection closes, and log it."""
    request_id = uuid.uuid4().hex
    with logs.bound(request_id=request_id):
        _log.info("refused %d", problem.status, extra={"status": problem.status, "code": problem.body.code})
    response = answer(problem)
    response.headers.update({**API_HEADERS, "X-Request-ID": request_id, "Connection": "close"})
    headers = b"".join(b"%b: %b\r\n" % pair for pair in (*more_headers, *response.raw_headers))
    status = f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\n"
    return status.encode() + headers + b"\r\n" + bytes(response.body)
