"""The error responses of the api: one body, a status, and what the caller can do."""

from __future__ import annotations

import errno
import logging
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ocrdesk.backend import logs
from ocrdesk.backend.limits.rejections import with_jitter
from ocrdesk.backend.outages.redis_errors import UNREACHABLE, RedisProblem, problem_of
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.storage.blob_store import StorageUnavailableError
from ocrdesk.contract.error_messages import DescribedError, ErrorMessage, error_message, is_disk_full
from ocrdesk.contract.errors import ErrorBody, ErrorCode
from ocrdesk.contract.invalid_fields import field_problem, joined
from ocrdesk_api.allowed_methods import allowed_methods

_log = logging.getLogger(__name__)

RETRY_AFTER_S = 2
_WORKER_RETRY_AFTER_S = 10
_STORAGE_RETRY_AFTER_S = 20


class HttpError(DescribedError):
    """An error response: raise it anywhere in a request."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        title: str,
        message: ErrorMessage,
        *,
        headers: dict[str, str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = ErrorBody.model_validate(
            {
                "error": title,
                "detail": message.text,
                "code": code.value,
                "message_id": message.message_id,
                "params": dict(message.params),
                "cause": message.cause,
            }
            | extra
        )
        self.headers = headers


class UnauthorizedError(HttpError):
    """401: the caller is unknown."""


def bad_request(code: ErrorCode, message: ErrorMessage) -> HttpError:
    return HttpError(400, code, "Bad request", message)


def not_found(message: ErrorMessage | None = None) -> HttpError:
    """Return a 404, by default for a job."""
    return HttpError(404, ErrorCode.NOT_FOUND, "Not found", message or error_message("job_not_found"))


def unauthorized(header: str, message: ErrorMessage | None = None) -> HttpError:
    """Return a 401, by default for a key that is missing or wrong. `header` is the one that keys are sent in."""
    return UnauthorizedError(
        401,
        ErrorCode.UNAUTHORIZED,
        "Unauthorized",
        message or error_message("key_missing_or_wrong", header=header),
        headers={"WWW-Authenticate": f'ApiKey header="{header}", Bearer realm="ocrdesk"'},
    )


def metrics_unauthorized() -> HttpError:
    return UnauthorizedError(
        401,
        ErrorCode.UNAUTHORIZED,
        "Unauthorized",
        error_message("metrics_token_needed"),
        headers={"WWW-Authenticate": "Bearer"},
    )


def forbidden(message: ErrorMessage) -> HttpError:
    return HttpError(403, ErrorCode.FORBIDDEN, "Forbidden", message)


def origin_not_allowed(origin: str) -> HttpError:
    """Return the 403 for a web page of another site."""
    has_site = "://" in origin and not origin.startswith("file:")
    message = error_message("origin_not_listed", origin=origin) if has_site else error_message("origin_of_no_site")
    return HttpError(403, ErrorCode.FORBIDDEN_ORIGIN, "Forbidden", message)


def scope_missing(scope: str, scopes: Iterable[str]) -> HttpError:
    return HttpError(
        403,
        ErrorCode.FORBIDDEN,
        "Forbidden",
        error_message("scope_missing", scope=scope, scopes=", ".join(scopes)),
        missing_scope=scope,
    )


def not_ready(message: ErrorMessage, *, retry_after_s: int | None = None) -> HttpError:
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s else None
    return HttpError(409, ErrorCode.NOT_READY, "Not ready", message, headers=headers)


def conflict(code: ErrorCode, message: ErrorMessage) -> HttpError:
    return HttpError(409, code, "Conflict", message)


def upload_gone() -> HttpError:
    return conflict(ErrorCode.UPLOAD_LOST, error_message("upload_not_kept"))


def queue_full(retry_after_s: int) -> HttpError:
    return HttpError(
        503,
        ErrorCode.QUEUE_FULL,
        "Queue full",
        error_message("queue_full", seconds=retry_after_s),
        headers={"Retry-After": str(retry_after_s)},
    )


def work_time_used(used_s: int, limit_s: int, window_min: int, retry_after_s: int) -> HttpError:
    """Return the 429 for a caller whose work kept the workers busy for too long while that of others waits."""
    return HttpError(
        429,
        ErrorCode.RATE_LIMITED,
        "Too much work",
        error_message("caller_work_limit", used=used_s, window=window_min, limit=limit_s, seconds=retry_after_s),
        headers={"Retry-After": str(retry_after_s)},
        retry_after=retry_after_s,
    )


def rate_limited(limit: str, retry_after_s: int) -> HttpError:
    return HttpError(
        429,
        ErrorCode.RATE_LIMITED,
        "Rate limit exceeded",
        error_message("rate_limited", limit=limit),
        headers={"Retry-After": str(retry_after_s)},
        retry_after=retry_after_s,
    )


def storage_full() -> HttpError:
    return HttpError(
        503, ErrorCode.STORAGE_FULL, "Storage full", error_message("storage_full"), headers={"Retry-After": "60"}
    )


def storage_unavailable(problem: ErrorMessage) -> HttpError:
    """Return the 503 of a storage folder that cannot be used."""
    return HttpError(
        503,
        ErrorCode.STORAGE_UNAVAILABLE,
        "Service unavailable",
        problem,
        headers=_retry_after(_STORAGE_RETRY_AFTER_S),
    )


def redis_unavailable(problem: RedisProblem = UNREACHABLE) -> HttpError:
    """Return the 503 of a Redis outage: what happened, and what its operator does."""
    return HttpError(
        503,
        ErrorCode.STORAGE_FULL if problem.is_full else ErrorCode.REDIS_UNAVAILABLE,
        "Storage full" if problem.is_full else "Service unavailable",
        problem.message,
        headers=_retry_after(problem.retry_after_s),
    )


def _retry_after(seconds: float) -> dict[str, str]:
    """Return the header with a little more time for some callers, so that not all of them return at once."""
    return {"Retry-After": str(math.ceil(with_jitter(seconds)))}


def no_worker_alive(finding: ErrorMessage) -> HttpError:
    return HttpError(
        503,
        ErrorCode.NO_WORKER_ALIVE,
        "Service unavailable",
        finding,
        headers={"Retry-After": str(_WORKER_RETRY_AFTER_S)},
    )


def too_many_connections() -> HttpError:
    """Return the 503 for which this process has no descriptor left, or no connection to give."""
    return HttpError(
        503,
        ErrorCode.TOO_MANY_CONNECTIONS,
        "Service unavailable",
        error_message("too_many_connections"),
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def shutting_down() -> HttpError:
    return HttpError(
        503,
        ErrorCode.SHUTTING_DOWN,
        "Service unavailable",
        error_message("shutting_down"),
        headers={"Retry-After": str(RETRY_AFTER_S), "Connection": "close"},
    )


def answer(problem: HttpError) -> JSONResponse:
    """Return the HTTP response of an error."""
    return JSONResponse(problem.body.model_dump(exclude_none=True), status_code=problem.status, headers=problem.headers)


_Describe = Callable[[Request, Exception], HttpError]
"""Returns the error response to an exception of a route."""


def install(app: FastAPI) -> None:
    """Make every exception end in the one error body, and count it in the HttpMetrics of `app.state.metrics`."""
    kinds: dict[type[Exception], _Describe] = {
        HttpError: _from_problem,
        HTTPException: _from_http,
        RequestValidationError: _from_invalid,
        RedisFailure: _from_redis,
        OSError: _from_os,
    }
    for kind, describe in kinds.items():
        app.add_exception_handler(kind, _handler(describe))


def _handler(describe: _Describe) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    """Return what answers a request that failed, with the error that `describe` returns."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        problem = describe(request, error)
        request.app.state.metrics.count_error(problem.body)
        return answer(problem)

    return handle


def _from_problem(request: Request, error: Exception) -> HttpError:  # noqa: ARG001
    return error if isinstance(error, HttpError) else internal()


def _from_http(request: Request, error: Exception) -> HttpError:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return not_found(error_message("path_not_found", path=request.url.path))
    if status == 405:
        message = error_message("method_not_allowed", path=request.url.path, method=request.method)
        allow = {"Allow": ", ".join(allowed_methods(request.scope))}
        return HttpError(405, ErrorCode.METHOD_NOT_ALLOWED, "Method not allowed", message, headers=allow)
    return HttpError(status, ErrorCode.BAD_REQUEST, "Bad request", _invalid())


def _from_invalid(request: Request, error: Exception) -> HttpError:  # noqa: ARG001
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if not found:
        return bad_request(ErrorCode.BAD_REQUEST, _invalid())
    problems = joined(field_problem(problem, problem["loc"][1:]) for problem in found)
    return bad_request(ErrorCode.BAD_REQUEST, error_message("request_problem", cause=problems))


def _from_redis(request: Request, error: Exception) -> HttpError:  # noqa: ARG001
    if problem := problem_of(error):
        return redis_unavailable(problem)
    _log.error("Redis refused a command", exc_info=error)  # the log withholds its text, which holds the command
    return internal()


def _from_os(request: Request, error: Exception) -> HttpError:  # noqa: ARG001
    if is_disk_full(error):
        return storage_full()
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        _log.error("no more files can be opened: raise the limit of open files")
        return too_many_connections()
    if isinstance(error, StorageUnavailableError):
        _log.error("the storage folder cannot be used: %s", error.strerror)
        return storage_unavailable(error.problem)
    _log.error("unexpected error", exc_info=error)
    return internal()


def _invalid() -> ErrorMessage:
    """Return the message of a request that the framework refused in words of its own."""
    return error_message("request_invalid", problems="Check its parameters and its body.")


def internal() -> HttpError:
    """Return a 500. It names the request id under which the server's log has the details."""
    request_id = logs.request_id()
    message = (
        error_message("server_internal_request", request_id=request_id)
        if request_id
        else error_message("server_internal")
    )
    extra: dict[str, Any] = {"request_id": request_id} if request_id else {}
    return HttpError(500, ErrorCode.INTERNAL, "Internal error", message, **extra)
