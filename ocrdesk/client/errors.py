"""What can go wrong between a client and a server.

ClientError
├── ServerUnavailableError   no response, or 502 to 504; worth trying again
│   ├── ServerBusyError      503: the server responds, but its queue or its storage is full
│   └── ClientClosedError    the client was closed before or during a call
├── ApiError                 the server sent an error body: status, code, detail
│   ├── InvalidRequestError  400: the server does not support this file or option
│   ├── AuthError            401, 403: the key is missing or wrong
│   ├── NotFoundError        404: no such job, or it belongs to another key
│   ├── ConflictError        409: the job's state does not allow it; `code` says why
│   │   ├── NotReadyError             not finished, without a result, or the export is still being made
│   │   ├── NothingToRetryError       every page was recognised
│   │   ├── UploadGoneError           the server no longer has the original file
│   │   └── IdempotencyConflictError  this Idempotency-Key was used for another upload
│   ├── RevisionConflictError  412: the result has changed since it was fetched
│   ├── TooLargeError        413: the body is larger than the server allows
│   ├── ExportError          422: this export cannot be made from the result
│   └── RateLimitedError     429: too many requests; says when to try again
└── JobFailedError           the job ended without a result: code and reason
"""

from __future__ import annotations

import math

from ocrdesk.contract.errors import ErrorBody, ErrorCode


class ClientError(Exception):
    """Any failure of a call. `str()` is a sentence for people."""


class ServerUnavailableError(ClientError):  # named for what happened
    """No answer: refused, timed out, cut off, or 502 to 504. The call may be repeated."""

    def __init__(
        self,
        message: str,
        retry_after_s: float | None = None,
        *,
        code: str | None = None,
        is_undone: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """When the server thinks that it is back, if it said so."""
        self.code = code
        """The server's stable code, if it gave one: `redis_unavailable`, `queue_full`, ..."""
        self.is_undone = is_undone
        """Whether the request surely had no effect: it was not sent, or was turned away as a whole."""


class ServerBusyError(ServerUnavailableError):
    """The server answers, but takes on no more work now: its queue or its storage is full."""


class ClientClosedError(ServerUnavailableError):
    """This client was closed. What was under way may have had its effect."""


class ApiError(ClientError):
    """The server said no. `code` is stable."""

    def __init__(self, status: int, body: ErrorBody, retry_after_s: float | None = None) -> None:
        super().__init__(body.detail)
        self.status = status
        self.code = body.code
        self.body = body
        self.retry_after_s = retry_after_s
        """When it is worth asking again, if the server said so."""


class InvalidRequestError(ApiError):
    """The request cannot be taken as it is."""


class AuthError(ApiError):
    """The API key is missing or wrong."""


class NotFoundError(ApiError):
    """No such job, or it belongs to another key."""


class ConflictError(ApiError):
    """What was asked for does not fit the state that things are in."""


class NotReadyError(ConflictError):
    """There is no result, or not yet. With `retry_after_s` it is under way: ask again then."""


class NothingToRetryError(ConflictError):
    """Every page of the job was read."""


class UploadGoneError(ConflictError):
    """The server does not keep the original file any more: submit it again."""


class IdempotencyConflictError(ConflictError):
    """Another file, or other options, were submitted under this Idempotency-Key."""


class RevisionConflictError(ApiError):
    """The result was changed meanwhile: fetch it again, and correct that."""


class TooLargeError(ApiError):
    """The body is larger than the server takes at a time."""


class ExportError(ApiError):
    """The file cannot be made of this result."""


class RateLimitedError(ApiError):
    """Too many requests of this key or address. The same call is taken after `retry_after_s`, if that is known."""


class JobFailedError(ClientError):
    """The job is over and has no text."""

    def __init__(self, message: str, code: str | None, job_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.job_id = job_id


_BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequestError,
    401: AuthError,
    403: AuthError,
    404: NotFoundError,
    409: ConflictError,
    412: RevisionConflictError,
    413: TooLargeError,
    422: ExportError,
    429: RateLimitedError,
}
_CONFLICTS: dict[str, type[ConflictError]] = {
    ErrorCode.NOT_READY: NotReadyError,
    ErrorCode.NOTHING_TO_RETRY: NothingToRetryError,
    ErrorCode.UPLOAD_LOST: UploadGoneError,
    ErrorCode.IDEMPOTENCY_CONFLICT: IdempotencyConflictError,
}
_FULL = (ErrorCode.QUEUE_FULL, ErrorCode.STORAGE_FULL)


def api_error(status: int, body: ErrorBody, retry_after_s: float | None = None) -> ClientError:
    """The exception for an error answer. `retry_after_s`: from the header Retry-After; the body's own counts first."""
    said = (body.model_extra or {}).get("retry_after")
    if isinstance(said, int | float) and 0 <= said < math.inf:
        retry_after_s = float(said)
    if status == 503:
        kind = ServerBusyError if body.code in _FULL else ServerUnavailableError
        return kind(body.detail, retry_after_s, code=body.code, is_undone=True)
    if status in (502, 504):  # a proxy speaks: what is behind it may have got the request
        return ServerUnavailableError(body.detail, retry_after_s, code=body.code)
    found = _CONFLICTS.get(body.code, ConflictError) if status == 409 else _BY_STATUS.get(status, ApiError)
    return found(status, body, retry_after_s)
