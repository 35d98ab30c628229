"""What can go wrong between a client and a server.

ClientError
├── ServerAway            no answer, or 502 to 504; worth trying again
│   ├── ServerBusy        503: it answers, but its queue or its storage is full
│   └── ClientClosed      the client was closed, here, before or while a call was under way
├── ApiError              the server answered with an error body: status, code, detail
│   ├── Rejected          400: it does not take this file or option
│   ├── AuthError         401, 403: the key is missing or wrong
│   ├── NotFound          404: no such job, or not this key's
│   ├── Conflict          409: the job's state does not allow it; `code` says which of these it is
│   │   ├── NotReady             not over yet, without a result, or a file that is still being made
│   │   ├── NothingToRetry       every page was read
│   │   ├── UploadLost           the server does not keep the original file any more
│   │   └── IdempotencyConflict  another upload was sent under this Idempotency-Key
│   ├── RevisionConflict  412: the result was changed since it was fetched
│   ├── TooLarge          413: the body is larger than the server takes
│   ├── CannotMake        422: this file cannot be made of the result
│   └── RateLimited       429: too many requests; says when the next one is taken
└── JobFailed             the job ended without a result: code and the sentence that says why
"""

from __future__ import annotations

import math

from ocrdesk.contract.errors import ErrorBody, ErrorCode


class ClientError(Exception):
    """Any failure of a call. `str()` is a sentence for people."""


class ServerAway(ClientError):  # noqa: N818  # named for what happened
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


class ServerBusy(ServerAway):
    """The server answers, but takes on no more work now: its queue or its storage is full."""


class ClientClosed(ServerAway):
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


class Rejected(ApiError):  # noqa: N818
    """The request cannot be taken as it is."""


class AuthError(ApiError):
    """The API key is missing or wrong."""


class NotFound(ApiError):  # noqa: N818
    """No such job, or it belongs to another key."""


class Conflict(ApiError):  # noqa: N818
    """What was asked for does not fit the state that things are in."""


class NotReady(Conflict):
    """There is no result, or not yet. With `retry_after_s` it is under way: ask again then."""


class NothingToRetry(Conflict):
    """Every page of the job was read."""


class UploadLost(Conflict):
    """The server does not keep the original file any more: submit it again."""


class IdempotencyConflict(Conflict):
    """Another file, or other options, were submitted under this Idempotency-Key."""


class RevisionConflict(ApiError):  # noqa: N818
    """The result was changed meanwhile: fetch it again, and correct that."""


class TooLarge(ApiError):  # noqa: N818
    """The body is larger than the server takes at a time."""


class CannotMake(ApiError):  # noqa: N818
    """The file cannot be made of this result."""


class RateLimited(ApiError):  # noqa: N818
    """Too many requests of this key or address. The same call is taken after `retry_after_s`, if that is known."""


class JobFailed(ClientError):  # noqa: N818
    """The job is over and has no text."""

    def __init__(self, message: str, code: str | None, job_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.job_id = job_id


_BY_STATUS: dict[int, type[ApiError]] = {
    400: Rejected,
    401: AuthError,
    403: AuthError,
    404: NotFound,
    409: Conflict,
    412: RevisionConflict,
    413: TooLarge,
    422: CannotMake,
    429: RateLimited,
}
_CONFLICTS: dict[str, type[Conflict]] = {
    ErrorCode.NOT_READY: NotReady,
    ErrorCode.NOTHING_TO_RETRY: NothingToRetry,
    ErrorCode.UPLOAD_LOST: UploadLost,
    ErrorCode.IDEMPOTENCY_CONFLICT: IdempotencyConflict,
}
_FULL = (ErrorCode.QUEUE_FULL, ErrorCode.STORAGE_FULL)


def api_error(status: int, body: ErrorBody, retry_after_s: float | None = None) -> ClientError:
    """The exception for an error answer. `retry_after_s`: from the header Retry-After; the body's own counts first."""
    said = (body.model_extra or {}).get("retry_after")
    if isinstance(said, int | float) and 0 <= said < math.inf:
        retry_after_s = float(said)
    if status == 503:
        kind = ServerBusy if body.code in _FULL else ServerAway
        return kind(body.detail, retry_after_s, code=body.code, is_undone=True)
    if status in (502, 504):  # a proxy speaks: what is behind it may have got the request
        return ServerAway(body.detail, retry_after_s, code=body.code)
    found = _CONFLICTS.get(body.code, Conflict) if status == 409 else _BY_STATUS.get(status, ApiError)
    return found(status, body, retry_after_s)
