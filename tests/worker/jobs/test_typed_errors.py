"""Any exception in a task becomes a typed error without internals; a task waits while Redis is unavailable."""

from __future__ import annotations

import errno

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from ocrdesk.backend.redis_connection import RedisUnavailable
from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.errors import ProcessingError, no_pages
from ocrdesk_worker.jobs import typed_errors
from ocrdesk_worker.jobs.context import Context


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BlobMissingError("a secret"), ErrorCode.UPLOAD_LOST),
        (MemoryError(), ErrorCode.OUT_OF_MEMORY),
        (OSError(errno.ENOSPC, "a secret"), ErrorCode.STORAGE_FULL),
        (OSError(errno.EIO, "a secret"), ErrorCode.INTERNAL),
        (ValueError("a secret"), ErrorCode.INTERNAL),
        (no_pages(), ErrorCode.NO_PAGES),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_has_a_code_and_reveals_no_internals(work: Context, error: Exception, code: ErrorCode) -> None:
    with pytest.raises(ProcessingError) as raised, typed_errors.typed_errors(work):
        raise error
    assert raised.value.info.code is code
    assert "secret" not in raised.value.info.message


def test_a_redis_outage_is_no_error_of_the_file(work: Context) -> None:
    with pytest.raises(RedisUnavailable), typed_errors.typed_errors(work):
        raise RedisConnectionError


def test_an_action_is_repeated_until_redis_answers() -> None:
    left = [RedisConnectionError(), RedisConnectionError()]

    def action() -> str:
        if left:
            raise left.pop()
        return "done"

    assert typed_errors.retry_while_redis_unavailable(action) == "done"
    assert left == []


def test_an_outage_that_lasts_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_errors, "_RETRY_FOR_S", 0.0)

    def action() -> None:
        raise RedisConnectionError

    with pytest.raises(RedisUnavailable):
        typed_errors.retry_while_redis_unavailable(action)
