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

from ocrdesk.contract.error_messages import DescribedError, ErrorMessage
from ocrdesk.contract.errors import ErrorBody, ErrorCode


class ClientError(DescribedError):
    """Any failure of a call. `str()` is a sentence for people, `message_id` and `params` are the same as data."""

    def __init__(self, message: ErrorMessage | str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        """The server's stable code, for example `queue_full`; None where it sent none."""


class ServerUnavailableError(ClientError):
    """No response: refused, timed out, interrupted, or 502 to 504. The call may be repeated."""

    def __init__(
        self,
        message: ErrorMessage | str,
        retry_after_s: float | None = None,
        *,
        code: str | None = None,
        is_undone: bool = False,
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s
        """Seconds after which the server expects to be available, if it said so."""
        self.is_undone = is_undone
        """Whether the request certainly had no effect: it was not sent, or was rejected as a whole."""


class ServerBusyError(ServerUnavailableError):
    """The server responds, but accepts no more work now: its queue or its storage is full."""


class ClientClosedError(ServerUnavailableError):
    """This client was closed. A call in progress may have had its effect."""


class ApiError(ClientError):
    """The server rejected the request. `code` is stable."""

    code: str

    def __init__(self, status: int, body: ErrorBody, retry_after_s: float | None = None) -> None:
        super().__init__(body.error_message, code=body.code)
        self.status = status
        self.body = body
        self.retry_after_s = retry_after_s
        """Seconds after which to ask again, if the server said so."""


class InvalidRequestError(ApiError):
    """The server does not support this file, option or value."""


class AuthError(ApiError):
    """The API key is missing or wrong."""


class NotFoundError(ApiError):
    """No such job, or it belongs to another key."""


class ConflictError(ApiError):
    """The state of the job or the key does not allow this; `code` says why."""


class NotReadyError(ConflictError):
    """There is no result, or not yet. With `retry_after_s` it is in progress: ask again then."""


class NothingToRetryError(ConflictError):
    """Every page of the job was recognised."""


class UploadGoneError(ConflictError):
    """The server no longer has the original file: submit it again."""


class IdempotencyConflictError(ConflictError):
    """This Idempotency-Key was used for another file or other options."""


class RevisionConflictError(ApiError):
    """The result has changed since it was fetched: fetch it again, then correct that."""


class TooLargeError(ApiError):
    """The body is larger than the server allows."""


class ExportError(ApiError):
    """This export cannot be made from the result."""


class RateLimitedError(ApiError):
    """Too many requests with this key or from this address. Repeat the call after `retry_after_s`, if it is known."""


class JobFailedError(ClientError):
    """The job ended without a result."""

    def __init__(self, message: ErrorMessage | str, code: str | None, job_id: str | None = None) -> None:
        super().__init__(message, code=code)
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
    """Return the exception for an error response.

    `retry_after_s` is the header Retry-After; the body's own `retry_after` takes precedence.
    """
    in_body = (body.model_extra or {}).get("retry_after")
    if isinstance(in_body, int | float) and 0 <= in_body < math.inf:
        retry_after_s = float(in_body)
    if status == 503:
        kind = ServerBusyError if body.code in _FULL else ServerUnavailableError
        return kind(body.error_message, retry_after_s, code=body.code, is_undone=True)
    if status in (502, 504):  # a proxy responds: the server behind it may have received the request
        return ServerUnavailableError(body.error_message, retry_after_s, code=body.code)
    error_class = _CONFLICTS.get(body.code, ConflictError) if status == 409 else _BY_STATUS.get(status, ApiError)
    return error_class(status, body, retry_after_s)
