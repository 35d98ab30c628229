"""HTTP clients for the running server, and functions that submit and wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.limited_api import LimitedApi, run_limited_api
from tests.helpers.processes import Backend, running_api

KEY, OTHER_KEY = "key-of-one", "key-of-another"


@dataclass(frozen=True, slots=True)
class Api:
    """An HTTP client of one server; asserts what every test assumes."""

    http: httpx2.Client

    def post(self, data: bytes, name: str = "file.bin", **fields: str) -> httpx2.Response:
        return self.http.post("/ocr/submit", files={"file": (name, data)}, data=fields)

    def submit(self, data: bytes, name: str = "file.bin", **fields: str) -> str:
        """Submit a file and return the accepted job's id."""
        answer = self.post(data, name, **fields)
        assert answer.status_code == 202, answer.text
        job_id = answer.json()["job_id"]
        assert isinstance(job_id, str)
        return job_id

    def result(self, job_id: str) -> dict[str, Any]:
        """Return the result once the job has ended."""
        for _ in range(5):
            answer = self.http.get(f"/ocr/result/{job_id}", params={"wait": 30})
            assert answer.status_code == 200, answer.text
            body: dict[str, Any] = answer.json()
            if body["status"] in ("finished", "failed", "cancelled"):
                return body
        raise AssertionError(f"job {job_id} does not end: {body}")

    def refusal(self, answer: httpx2.Response) -> str:
        """Return the code of a 400 response, whose body has the common shape."""
        assert answer.status_code == 400, answer.text
        return error_code(answer)


def error_code(answer: httpx2.Response) -> str:
    """Return the stable code of an error response, whose body has the common shape."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert {"error", "detail", "code"} <= set(body)
    assert all(isinstance(body[name], str) and body[name] for name in ("error", "detail", "code"))
    return str(body["code"])


def open_http(api_url: str, key: str | None = None) -> httpx2.Client:
    return plain_http.Client(
        base_url=api_url,
        headers={"X-API-Key": key} if key else {},
        timeout=httpx2.Timeout(10, read=70),
        trust_env=False,
    )


@pytest.fixture
def api(backend: Backend) -> Iterator[Api]:
    """The server as any program on this machine sees it: without a key, with limits."""
    with open_http(backend.api) as http:
        yield Api(http)


@pytest.fixture
def unlimited_api(backend: Backend) -> Iterator[Api]:
    """The server as its own desktop sees it: without limits."""
    with open_http(backend.api, backend.token) as http:
        yield Api(http)


@pytest.fixture(scope="session")
def keyed_url(backend: Backend) -> Iterator[str]:
    """An api that requires keys, with the same workers."""
    with running_api(
        REDIS_URL=backend.redis_url,
        STORAGE_URL=backend.storage_url,
        API_KEY_ENABLED="true",
        API_KEYS=f"{KEY},{OTHER_KEY}",
    ) as url:
        yield url


@pytest.fixture(scope="session")
def limited() -> Iterator[LimitedApi]:
    """An api with rate limits; all counts are reset before each test."""
    with run_limited_api(KEY, OTHER_KEY) as running:
        yield running
