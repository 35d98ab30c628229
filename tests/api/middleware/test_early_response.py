"""Clients see a refusal that is sent before their upload ends."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from tests.api.conftest import Api, error_code, open_http
from tests.helpers.limited_api import LimitedApi, submits
from tests.helpers.sample_files import text_png


@pytest.fixture(autouse=True)
def forget_all_counts(limited: LimitedApi) -> None:
    with Redis.from_url(limited.redis_url) as redis:
        redis.flushall()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.png"
    path.write_bytes(text_png("Hello").ljust(5_000_000, b"\0"))
    return path


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_httpx_sees_the_refusal_of_a_large_upload(limited: LimitedApi, large: Path, connection: str) -> None:
    submits(limited.first, 10)
    with open_http(limited.first) as http:
        http.headers["Connection"] = connection
        for _ in range(5):
            answer = Api(http).post(large.read_bytes())
            assert (answer.status_code, error_code(answer)) == (429, "rate_limited")
        assert http.get("/ocr/jobs").status_code == 200


@pytest.mark.parametrize(
    "options",
    [[], ["-H", "Expect:"], ["-H", "Expect:", "-H", "Connection: close"], ["--http1.0"]],
    ids=["asks first", "does not ask", "closes", "http 1.0"],
)
@pytest.mark.parametrize("key", [None, "wrong"], ids=["too many", "wrong key"])
def test_curl_sees_the_refusal_of_a_large_upload(
    limited: LimitedApi, large: Path, options: list[str], key: str | None
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    submits(limited.first, 10)
    url = limited.keyed if key else limited.first
    header = ["-H", f"X-API-Key: {key}"] if key else []
    command = ["curl", "-sS", "--noproxy", "*", *header, "-F", f"file=@{large}", *options]
    done = subprocess.run([*command, f"{url}/ocr/submit"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert ('"code":"unauthorized"' if key else '"code":"rate_limited"') in done.stdout


def test_a_client_that_sends_everything_before_reading_sees_the_refusal(limited: LimitedApi) -> None:
    """As a proxy that closes each connection does: a connection reset must not lose the response."""
    submits(limited.first, 10)
    port = httpx2.URL(limited.first).port or 0
    body = bytes(5_000_000)
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            head = f"POST /api/v1/ocr/submit HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode())
            connection.sendall(body)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 429 ")
        assert answer.endswith(b"}")


def test_a_client_that_expects_100_continue_gets_the_refusal_instead(limited: LimitedApi) -> None:
    submits(limited.first, 10)
    with socket.create_connection(("127.0.0.1", httpx2.URL(limited.first).port or 0), timeout=30) as connection:
        connection.sendall(
            b"POST /api/v1/ocr/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 429 ")
    assert b"100 Continue" not in answer
