"""The exceptions: a tree, one for each status, with code, message and parameters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.client import (
    ApiError,
    AuthError,
    ClientError,
    ConflictError,
    ExportError,
    IdempotencyConflictError,
    InvalidRequestError,
    NotFoundError,
    NothingToRetryError,
    NotReadyError,
    RateLimitedError,
    RevisionConflictError,
    ServerBusyError,
    ServerUnavailableError,
    TooLargeError,
    UploadGoneError,
    errors,
)
from ocrdesk.client.errors import api_error
from ocrdesk.contract.errors import ErrorBody


def test_errors_form_the_tree_that_is_drawn_atop_their_module() -> None:
    def below(kind: type[Exception], depth: int = 0) -> Iterator[tuple[int, str]]:
        yield depth, kind.__name__
        for child in kind.__subclasses__():
            yield from below(child, depth + 1)

    drawn = (errors.__doc__ or "").split("\n\n")[1].splitlines()
    names = [line.replace("│", " ").replace("├──", "   ").replace("└──", "   ") for line in drawn]
    indents = [(len(name) - len(name.lstrip())) // 4 for name in names]
    assert sorted(zip(indents, (name.split()[0] for name in names), strict=True)) == sorted(below(ClientError))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "bad_request", InvalidRequestError),
        (401, "unauthorized", AuthError),
        (403, "forbidden", AuthError),
        (404, "not_found", NotFoundError),
        (405, "method_not_allowed", ApiError),
        (409, "not_ready", NotReadyError),
        (409, "nothing_to_retry", NothingToRetryError),
        (409, "upload_lost", UploadGoneError),
        (409, "idempotency_conflict", IdempotencyConflictError),
        (409, "already_registered", ConflictError),
        (412, "revision_conflict", RevisionConflictError),
        (413, "body_too_large", TooLargeError),
        (422, "export_failed", ExportError),
        (429, "rate_limited", RateLimitedError),
        (500, "internal", ApiError),
        (502, "http_error", ServerUnavailableError),
        (503, "redis_unavailable", ServerUnavailableError),
        (503, "queue_full", ServerBusyError),
        (503, "storage_full", ServerBusyError),
        (504, "http_error", ServerUnavailableError),
    ],
)
def test_each_status_has_its_error(status: int, code: str, kind: type[ClientError]) -> None:
    error = api_error(status, ErrorBody(error="E", detail="What to do.", code=code))
    assert type(error) is kind
    assert str(error) == "What to do."
    assert isinstance(error, ApiError | ServerUnavailableError)
    assert error.code == code
    assert not isinstance(error, ApiError) or error.status == status


@pytest.mark.parametrize(
    ("said", "header_s", "wait_s"),
    [(60, None, 60.0), (7, 9.0, 7.0), (None, 9.0, 9.0), (None, None, None), ("soon", None, None)],
)
def test_an_error_says_when_to_try_again(said: object, header_s: float | None, wait_s: float | None) -> None:
    body = ErrorBody.model_validate(
        {"error": "E", "detail": "D", "code": "c"} | ({"retry_after": said} if said else {})
    )
    for status in (429, 503):
        error = api_error(status, body, header_s)
        assert isinstance(error, RateLimitedError | ServerUnavailableError)
        assert error.retry_after_s == wait_s
