"""Every error answer of the api: one body, a status, and what the caller can do."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ocrdesk.backend import logs
from ocrdesk.backend.redis_connection import RedisAway, RedisFailure, RedisFull
from ocrdesk.contract.errors import ErrorBody, ErrorCode

_log = logging.getLogger(__name__)

RETRY_AFTER_S = 2


class HttpError(Exception):  # it is an answer, not a fault of ours
    """An error answer: raise it anywhere in a request."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        error: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.body = ErrorBody.model_validate({"error": error, "detail": detail, "code": code.value} | extra)
        self.headers = headers


class UnauthorizedError(HttpError):
    """401: the caller is unknown."""


def bad_request(code: ErrorCode, detail: str) -> HttpError:
    return HttpError(400, code, "Bad request", detail)


_NO_JOB = "No such job. It may have expired, been deleted, or belong to another key."


def not_found(detail: str = _NO_JOB) -> HttpError:
    return HttpError(404, ErrorCode.NOT_FOUND, "Not found", detail)


def unauthorized(header: str, detail: str = "The API key is missing or wrong.") -> HttpError:
    return UnauthorizedError(
        401,
        ErrorCode.UNAUTHORIZED,
        "Unauthorized",
        f"{detail} Send it in the header {header}, or as Authorization: Bearer KEY.",
        headers={"WWW-Authenticate": f'ApiKey header="{header}", Bearer realm="ocrdesk"'},
    )


def metrics_unauthorized() -> HttpError:
    return UnauthorizedError(
        401,
        ErrorCode.UNAUTHORIZED,
        "Unauthorized",
        "These numbers are not for everyone. Send METRICS_TOKEN as `Authorization: Bearer TOKEN`, "
        "or a key with the scope admin.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def forbidden(detail: str) -> HttpError:
    return HttpError(403, ErrorCode.FORBIDDEN, "Forbidden", detail)


def scope_missing(scope: str, scopes: Iterable[str]) -> HttpError:
    return HttpError(
        403,
        ErrorCode.FORBIDDEN,
        "Forbidden",
        f"This API key lacks the scope {scope}; it has {', '.join(scopes)}. "
        "Use one that has it, or ask the operator for it.",
        missing_scope=scope,
    )


def not_ready(detail: str, *, retry_after_s: int | None = None) -> HttpError:
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s else None
    return HttpError(409, ErrorCode.NOT_READY, "Not ready", detail, headers=headers)


def conflict(code: ErrorCode, detail: str) -> HttpError:
    return HttpError(409, code, "Conflict", detail)


def upload_gone() -> HttpError:
    return conflict(
        ErrorCode.UPLOAD_LOST,
        "This needs the original file, which the server does not keep any more. Submit it again.",
    )


def queue_full(retry_after_s: int) -> HttpError:
    return HttpError(
        503,
        ErrorCode.QUEUE_FULL,
        "Queue full",
        f"More work waits than this server takes on. There should be room in about {retry_after_s} s; try again then.",
        headers={"Retry-After": str(retry_after_s)},
    )


def rate_limited(limit: str, retry_after_s: int) -> HttpError:
    return HttpError(
        429,
        ErrorCode.RATE_LIMITED,
        "Rate limit exceeded",
        f"Too many requests. Limit: {limit}",
        headers={"Retry-After": str(retry_after_s)},
        retry_after=retry_after_s,
    )


def storage_full() -> HttpError:
    return HttpError(
        503,
        ErrorCode.STORAGE_FULL,
        "Storage full",
        "The server has no room for more files. Try again later, or tell its operator.",
        headers={"Retry-After": "60"},
    )


def redis_away() -> HttpError:
    return HttpError(
        503,
        ErrorCode.REDIS_UNAVAILABLE,
        "Service unavailable",
        "The server cannot reach Redis, so it can take no work now. Try again in a moment.",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def shutting_down() -> HttpError:
    return HttpError(
        503,
        ErrorCode.SHUTTING_DOWN,
        "Service unavailable",
        "This server process is stopping, and took no work from this request. Send it again in a moment.",
        headers={"Retry-After": str(RETRY_AFTER_S), "Connection": "close"},
    )


def answer(problem: HttpError) -> JSONResponse:
    """The HTTP answer of a problem."""
    return JSONResponse(problem.body.model_dump(), status_code=problem.status, headers=problem.headers)


def install(app: FastAPI) -> None:
    """Has every exception end in the one error body."""

    async def on_problem(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
        return answer(error if isinstance(error, HttpError) else internal())

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return answer(HttpError(404, ErrorCode.NOT_FOUND, "Not found", f"There is nothing at {request.url.path}."))
        if status == 405:
            detail = f"{request.url.path} does not take {request.method}."
            return answer(HttpError(405, ErrorCode.METHOD_NOT_ALLOWED, "Method not allowed", detail))
        detail = str(error.detail) if isinstance(error, HTTPException) else ""
        return answer(HttpError(status, ErrorCode.BAD_REQUEST, "Bad request", detail))

    async def on_invalid(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
        problems = error.errors() if isinstance(error, RequestValidationError) else []
        said = "; ".join(f"{'.'.join(str(part) for part in p['loc'][1:])}: {p['msg']}" for p in problems)
        return answer(bad_request(ErrorCode.BAD_REQUEST, said or "The request is not valid."))

    async def on_redis(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
        if isinstance(error, RedisAway):
            return answer(redis_away())
        if isinstance(error, RedisFull):
            return answer(storage_full())
        _log.error("Redis refused a command: %s", type(error).__name__)  # its text holds the command
        return answer(internal())

    async def on_os(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return answer(storage_full())
        _log.error("an unforeseen failure", exc_info=error)
        return answer(internal())

    app.add_exception_handler(HttpError, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(RedisFailure, on_redis)
    app.add_exception_handler(OSError, on_os)


def internal() -> HttpError:
    """A fault of ours: the caller learns under which request id the server's log has it."""
    request_id = logs.request_id()
    where = f" under the request id {request_id}" if request_id else ""
    problem = HttpError(
        500, ErrorCode.INTERNAL, "Internal error", f"Something went wrong inside the server; its log says what{where}."
    )
    if request_id:
        problem.body = problem.body.model_copy(update={"request_id": request_id})
    return problem
