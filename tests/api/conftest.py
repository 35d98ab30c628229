"""HTTP clients for the running backend, and short ways to submit and wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.helpers.limited_api import LimitedApi, run_limited_api
from tests.helpers.processes import Backend, running_api

KEY, OTHER_KEY = "key-of-one", "key-of-another"


@dataclass(frozen=True, slots=True)
class Api:
    """An HTTP client of one server; asserts what every test takes for granted."""

    http: httpx2.Client

    def post(self, data: bytes, name: str = "file.bin", **fields: str) -> httpx2.Response:
        return self.http.post("/ocr/submit", files={"file": (name, data)}, data=fields)

    def submit(self, data: bytes, name: str = "file.bin", **fields: str) -> str:
        """The id of the accepted job."""
        answer = self.post(data, name, **fields)
        assert answer.status_code == 202, answer.text
        job_id = answer.json()["job_id"]
        assert isinstance(job_id, str)
        return job_id

    def result(self, job_id: str) -> dict[str, Any]:
        """The result, once the job is over."""
        for _ in range(5):
            answer = self.http.get(f"/ocr/result/{job_id}", params={"wait": 30})
            assert answer.status_code == 200, answer.text
            body: dict[str, Any] = answer.json()
            if body["status"] in ("finished", "failed", "cancelled"):
                return body
        raise AssertionError(f"job {job_id} does not end: {body}")

    def refusal(self, answer: httpx2.Response) -> str:
        """The code of a 400, whose body has the one shape."""
        assert answer.status_code == 400, answer.text
        return error_code(answer)


def error_code(answer: httpx2.Response) -> str:
    """The stable code of an error answer, whose body has the one shape."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert {"error", "detail", "code"} <= set(body)
    assert all(isinstance(body[name], str) and body[name] for name in ("error", "detail", "code"))
    return str(body["code"])


def open_http(api_url: str, key: str | None = None) -> httpx2.Client:
    return httpx2.Client(
        base_url=api_url,
        headers={"X-API-Key": key} if key else {},
        timeout=httpx2.Timeout(10, read=70),
        trust_env=False,
    )


@pytest.fixture
def api(backend: Backend) -> Iterator[Api]:
    """The backend as anyone on this machine sees it: without a key, with limits."""
    with open_http(backend.api) as http:
        yield Api(http)


@pytest.fixture
def unlimited_api(backend: Backend) -> Iterator[Api]:
    """The backend as its own desktop sees it."""
    with open_http(backend.api, backend.token) as http:
        yield Api(http)


@pytest.fixture(scope="session")
def keyed_url(backend: Backend) -> Iterator[str]:
    """An api that asks for keys, in front of the same workers."""
    with running_api(
        REDIS_URL=backend.redis_url,
        STORAGE_URL=backend.storage_url,
        API_KEY_ENABLED="true",
        API_KEYS=f"{KEY},{OTHER_KEY}",
    ) as url:
        yield url


@pytest.fixture(scope="session")
def limited() -> Iterator[LimitedApi]:
    """An api with rate limits; tests begin by forgetting all counts."""
    with run_limited_api(KEY, OTHER_KEY) as running:
        yield running
