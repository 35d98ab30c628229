"""What can go wrong between a client and a server.

ClientError
├── ServerAway         nothing answers there, or it broke off; worth trying again
├── ApiError           the server answered with an error body: status, code, detail
│   ├── Rejected       400: it does not take this file or option
│   ├── AuthError      401, 403: the key is missing or wrong
│   ├── NotFound       404: no such job, or not this key's
│   └── RateLimited    429: too many requests; says when the next one is taken
└── JobFailed          the job ended without a result: code and the sentence that says why
"""

from __future__ import annotations

import math

from ocrdesk.contract.errors import ErrorBody


class ClientError(Exception):
    """Any failure of a call. `str()` is a sentence for people."""


class ServerAway(ClientError):  # noqa: N818  # named for what happened
    """No answer: refused, timed out, cut off, or 503. The call may be repeated."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """When the server thinks that it is back, if it said so."""


class ApiError(ClientError):
    """The server said no. `code` is stable."""

    def __init__(self, status: int, body: ErrorBody) -> None:
        super().__init__(body.detail)
        self.status = status
        self.code = body.code
        self.body = body


class Rejected(ApiError):  # noqa: N818
    """The request cannot be taken as it is."""


class AuthError(ApiError):
    """The API key is missing or wrong."""


class NotFound(ApiError):  # noqa: N818
    """No such job, or it belongs to another key."""


class RateLimited(ApiError):  # noqa: N818
    """Too many requests of this key or address. The same call is taken after `retry_after_s`, if that is known."""

    def __init__(self, status: int, body: ErrorBody, retry_after_s: float | None = None) -> None:
        super().__init__(status, body)
        self.retry_after_s = retry_after_s


class JobFailed(ClientError):  # noqa: N818
    """The job is over and has no text."""

    def __init__(self, message: str, code: str | None) -> None:
        super().__init__(message)
        self.code = code


def api_error(status: int, body: ErrorBody, retry_after_s: float | None = None) -> ClientError:
    """The exception for an error answer. `retry_after_s`: from the header Retry-After; the body's own counts first."""
    said = (body.model_extra or {}).get("retry_after")
    if isinstance(said, int | float) and 0 <= said < math.inf:
        retry_after_s = float(said)
    if status == 503:
        return ServerAway(body.detail, retry_after_s)
    if status == 429:
        return RateLimited(status, body, retry_after_s)
    kind = {400: Rejected, 401: AuthError, 403: AuthError, 404: NotFound}.get(status, ApiError)
    return kind(status, body)
