"""What an answer, or its absence, means: error bodies, Retry-After, and the kinds of silence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from ocrdesk.client.errors import ClientError, ServerUnavailableError, api_error
from ocrdesk.contract.errors import ErrorBody

# The request was not sent: whatever it is, it may be sent again.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout)
_NOWHERE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
_SENSELESS = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)


def connection_error(base_url: str, error: Exception) -> ServerUnavailableError:
    """ServerAway with a sentence that says what kind of silence it is."""
    is_undone = isinstance(error, _UNSENT)
    if isinstance(error, httpx.ConnectError):
        message = f"No server answers at {base_url}. Is the address right, and is it running?"
    elif isinstance(error, httpx.TimeoutException):
        message = f"{base_url} did not answer in time."
    else:
        message = f"The connection to {base_url} broke off ({type(error).__name__})."
    return ServerUnavailableError(message, is_undone=is_undone)


def is_permanent(silence: ServerUnavailableError, *, was_answered: bool) -> bool:
    """Whether another try would end the same: the address or a header is malformed, or most likely mistyped,
    as where nothing was ever reached."""
    return isinstance(silence.__cause__, _SENSELESS if was_answered else _SENSELESS + _NOWHERE)


def refusal(answer: httpx.Response) -> ClientError:
    """The exception for an error answer that was read."""
    return api_error(answer.status_code, error_body(answer), retry_after_s(answer.headers.get("retry-after")))


def error_body(answer: httpx.Response) -> ErrorBody:
    """The error body of an answer, or one made for an answer that is not ours (a proxy's, say)."""
    try:
        return ErrorBody.model_validate(json.loads(answer.content))
    except ValueError:
        return ErrorBody(
            error=answer.reason_phrase or "Error",
            detail=f"The server answered {answer.status_code} {answer.reason_phrase}".rstrip() + ".",
            code="http_error",
        )


def retry_after_s(header: str | None) -> float | None:
    """Seconds of a Retry-After header, which has a number of them or a date; None for anything else."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
