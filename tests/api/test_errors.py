"""Error responses word for word, because programs and people rely on them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from redis import Redis

from ocrdesk.contract.error_messages import error_message
from tests.api.conftest import KEY
from tests.helpers import plain_http
from tests.helpers.processes import running_api
from tests.helpers.sample_files import text_png

UNAUTHORIZED = {
    "error": "Unauthorized",
    "detail": "The API key is missing or wrong. Send it in the header X-API-Key, or as Authorization: Bearer KEY.",
    "code": "unauthorized",
    "message_id": "key_missing_or_wrong",
    "params": {"header": "X-API-Key"},
}
RATE_LIMITED = {
    "error": "Rate limit exceeded",
    "detail": "Too many requests. Limit: 2 per 1 minute",
    "code": "rate_limited",
    "message_id": "rate_limited",
    "params": {"limit": "2 per 1 minute"},
}
REDIS_UNAVAILABLE = {
    "error": "Service unavailable",
    "detail": error_message("redis_unavailable").text,
    "code": "redis_unavailable",
    "message_id": "redis_unavailable",
    "params": {},
}
QUEUE_FULL = {
    "error": "Queue full",
    "detail": "The server is busy. Try again in about {} s.",
    "code": "queue_full",
    "message_id": "queue_full",
}
REDIS_FULL = {
    "error": "Storage full",
    "detail": error_message("redis_full").text,
    "code": "storage_full",
    "message_id": "redis_full",
    "params": {},
}


@pytest.fixture
def keyed(redis_url: str) -> Iterator[str]:
    """An api without workers that requires a key and accepts two submits per minute."""
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_REQUESTS": "2"}
    with running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", API_KEYS=KEY, **limits) as url:
        yield url


def submit(url: str, **headers: str) -> httpx2.Response:
    files = {"file": ("a.png", text_png("Hello"))}
    return plain_http.post(f"{url}/ocr/submit", files=files, headers=headers, timeout=30, trust_env=False)


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer wrong"}])
def test_401(keyed: str, headers: dict[str, str]) -> None:
    answer = submit(keyed, **headers)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert answer.headers["www-authenticate"] == 'ApiKey header="X-API-Key", Bearer realm="ocrdesk"'


def test_429(keyed: str) -> None:
    key = {"X-API-Key": KEY}
    assert [submit(keyed, **key).status_code for _ in range(2)] == [202, 202]
    answer = submit(keyed, **key)
    wait_s = int(answer.headers["retry-after"])
    assert (answer.status_code, answer.json()) == (429, RATE_LIMITED | {"retry_after": wait_s})
    assert 1 <= wait_s <= 60


def test_503_while_redis_is_away() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running_api(REDIS_URL=f"redis://127.0.0.1:{port}/0") as url:
        for answer in (submit(url), plain_http.get(f"{url}/ocr/jobs", timeout=30, trust_env=False)):
            assert (answer.status_code, answer.json()) == (503, REDIS_UNAVAILABLE)
            assert 2 <= int(answer.headers["retry-after"]) <= 3


def test_503_when_too_much_waits(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url, MAX_QUEUED_PAGES="1") as url:
        assert submit(url).status_code == 202
        answer = submit(url)
        metrics = plain_http.get(f"{url}/metrics", trust_env=False).text
    assert 'ocrdesk_http_errors_total{code="queue_full",message_id="queue_full"} 1.0' in metrics
    wait_s = answer.headers["retry-after"]
    assert answer.status_code == 503
    assert answer.json() == QUEUE_FULL | {
        "detail": QUEUE_FULL["detail"].format(wait_s),
        "params": {"seconds": int(wait_s)},
    }
    assert int(wait_s) >= 1


def test_503_when_redis_is_full(redis_url: str) -> None:
    redis: Any = Redis.from_url(redis_url)
    with running_api(REDIS_URL=redis_url) as url:
        redis.config_set("maxmemory", "1")
        try:
            answer = submit(url)
        finally:
            redis.config_set("maxmemory", "0")
    assert (answer.status_code, answer.json()) == (503, REDIS_FULL)
    assert 60 <= int(answer.headers["retry-after"]) <= 90
