"""While Redis refuses to write, the api says why with 503, readiness sees it, and deleting works with full memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

from ocrdesk.backend.outages.redis_errors import CANNOT_SAVE, FULL, READ_ONLY, RedisProblem
from tests.api.conftest import open_http
from tests.helpers.processes import run_valkey, running_api, short_folder
from tests.helpers.redis_states import full, read_only, unable_to_save
from tests.helpers.sample_files import text_png

State = Callable[[Any, Path], contextlib.AbstractContextManager[None]]
KEY = "key-of-the-operator"
STATES: list[Any] = [
    pytest.param(FULL, lambda redis, folder: full(redis), id="full"),
    pytest.param(READ_ONLY, lambda redis, folder: read_only(redis), id="read-only"),
    pytest.param(CANNOT_SAVE, unable_to_save, id="cannot save"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Any, str, Path]]:
    """A Valkey, an api that stores files in it, and the Valkey's folder."""
    with short_folder() as folder, run_valkey(folder) as redis_url:
        limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_REQUESTS": "1000"}
        with running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", API_KEYS=KEY, **limits) as url:
            yield Redis.from_url(redis_url, decode_responses=True), url, folder / "valkey"


@pytest.fixture
def http(running: tuple[Any, str, Path]) -> Iterator[httpx2.Client]:
    with open_http(running[1], KEY) as http:
        yield http


def submit(http: httpx2.Client) -> httpx2.Response:
    return http.post("/ocr/submit", files={"file": ("a.png", text_png("A"))})


def submitted(http: httpx2.Client) -> str:
    answer = submit(http)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


@pytest.mark.parametrize(("problem", "state"), STATES)
def test_a_refused_write_is_a_503_with_a_remedy_and_readiness_sees_it(
    running: tuple[Any, str, Path], http: httpx2.Client, problem: RedisProblem, state: State
) -> None:
    redis, _, folder = running
    job_id = submitted(http)
    with state(redis, folder):
        refused = {
            "submit": submit(http),
            "retry": http.post(f"/ocr/jobs/{job_id}/retry"),
            "register": http.post("/auth/register", json={"email": "a@example.com", "name": "a"}),
        }
        assert refused.pop("retry").status_code in (409, 503)
        for name, answer in refused.items():
            assert answer.status_code == 503, (name, answer.text)
            assert answer.json()["message_id"] == problem.message_id, name
            assert answer.json()["detail"] == problem.message.text
            assert problem.retry_after_s <= int(answer.headers["retry-after"]) <= 1.5 * problem.retry_after_s
        for path in ("/health", "/health/ready"):
            answer = http.get(path)
            body = answer.json()
            assert (answer.status_code, body["status"], body["redis"]) == (503, "unhealthy", "refuses writes"), path
            assert [finding["message_id"] for finding in body["findings"]] == [problem.message_id]
        assert http.get("/health/live").status_code == 200
        for path in ("/ocr/jobs", f"/ocr/jobs/{job_id}", f"/ocr/result/{job_id}"):
            assert http.get(path).status_code == 200, path
    assert http.get("/health/ready").status_code == 200
    submitted(http)


def test_with_full_memory_jobs_can_be_cancelled_and_deleted_with_their_files(
    running: tuple[Any, str, Path], http: httpx2.Client
) -> None:
    redis, _, _ = running
    waiting, cancelled, other = (submitted(http) for _ in range(3))
    assert redis.exists(f"ocrdesk:blobs:{waiting}")
    with full(redis):
        answer = http.post(f"/ocr/jobs/{cancelled}/cancel")
        assert (answer.status_code, answer.json().get("status")) == (200, "cancelled"), answer.text
        for job_id in (waiting, cancelled):
            assert http.delete(f"/ocr/jobs/{job_id}").status_code == 204
            assert http.get(f"/ocr/jobs/{job_id}").status_code == 404
            assert [key for key in redis.scan_iter(f"*{job_id}*") if redis.ttl(key) == -1] == []
            assert not redis.exists(f"ocrdesk:job:{job_id}", f"ocrdesk:blobs:{job_id}")
    assert http.get(f"/ocr/jobs/{other}").json()["status"] == "queued"
    active = int(redis.zcard("ocrdesk:active"))
    assert int(redis.hget("ocrdesk:backlog", "pages")) == active


def test_with_full_memory_a_key_can_be_revoked(redis_url: str) -> None:
    redis: Any = Redis.from_url(redis_url)
    with (
        running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", LOCAL_TOKEN="admin-token") as url,
        open_http(url, "admin-token") as http,
    ):
        key = http.post("/auth/register", json={"email": "b@example.com", "name": "b"}).json()
        with full(redis):
            answer = http.delete(f"/auth/keys/{key['key_id']}")
            assert answer.is_success, answer.text
            with open_http(url, key["api_key"]) as theirs:
                assert theirs.get("/ocr/jobs").status_code == 401


def test_an_event_stream_ends_properly_when_redis_does_not_give_its_events(
    running: tuple[Any, str, Path], http: httpx2.Client
) -> None:
    """Its client resumes; a stream that breaks off would be an unexpected error in the log for each client."""
    redis, _, _ = running
    job_id = submitted(http)
    redis.execute_command("ACL", "SETUSER", "default", "-xrange")
    try:
        with http.stream("GET", f"/ocr/events/{job_id}") as answer:
            assert answer.status_code == 200
            assert b"".join(answer.iter_bytes()).startswith(b":")
    finally:
        redis.execute_command("ACL", "SETUSER", "default", "+xrange")
    http.delete(f"/ocr/jobs/{job_id}")
