"""Turns error responses and connection failures into exceptions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from ocrdesk.client.errors import ClientError, ServerUnavailableError, api_error
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody

# The request was not sent, so it may be sent again, whatever it is.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError, httpx2.PoolTimeout)
_NOT_REACHED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)
_MALFORMED = (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)


def connection_error(base_url: str, error: Exception) -> ServerUnavailableError:
    """Return the exception for a connection that failed. Its message says how it failed."""
    if isinstance(error, httpx2.ConnectError):
        message = error_message("server_unreachable", address=base_url)
    elif isinstance(error, httpx2.TimeoutException):
        message = error_message("server_timeout", address=base_url)
    else:
        message = error_message("connection_lost", address=base_url, kind=type(error).__name__)
    return ServerUnavailableError(message, is_undone=isinstance(error, _NOT_SENT))


def is_permanent(error: ServerUnavailableError, *, was_reached: bool) -> bool:
    """Return whether a retry would fail in the same way.

    It would if the address or a header is malformed; most likely also if nothing was ever reached at the address.
    """
    return isinstance(error.__cause__, _MALFORMED if was_reached else _MALFORMED + _NOT_REACHED)


def error_from(response: httpx2.Response) -> ClientError:
    """Return the exception for an error response whose body was read."""
    return api_error(response.status_code, error_body(response), parse_retry_after(response.headers.get("retry-after")))


def error_body(response: httpx2.Response) -> ErrorBody:
    """Return the error body of a response, or one made for a response that is not ours, such as a proxy's."""
    try:
        return ErrorBody.model_validate(json.loads(response.content))
    except (ValueError, RecursionError):  # the latter for JSON that is nested too deeply
        status = f"{response.status_code} {response.reason_phrase}".rstrip()
        message = error_message("http_status", status=status)
        return ErrorBody(
            error=response.reason_phrase or "Error",
            detail=message.text,
            code="http_error",
            message_id=message.message_id,
            params=dict(message.params),
        )


def parse_retry_after(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which is a number or a date; None for anything else."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
