"""HEAD on every route that supports GET: the same status and headers, and no body."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.api.conftest import KEY, Api
from tests.helpers import plain_http
from tests.helpers.limited_api import LimitedApi
from tests.helpers.logged_processes import logged_api
from tests.helpers.processes import Backend, run_valkey, short_folder
from tests.helpers.route_paths import filled, methods_by_path
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

READABLE = sorted(path for path, methods in methods_by_path().items() if "GET" in methods)
CHANGING = {"date", "x-request-id"}
OF_CHANGING_BODIES = {"/metrics", "/api/v1/metrics", "/api/v1/health", "/api/v1/health/ready"}
EVENTS = "/api/v1/ocr/events"


@pytest.fixture(scope="module")
def job_id(backend: Backend) -> str:
    """A finished job of one page, whose page image exists."""
    with plain_http.Client(base_url=backend.api, timeout=60, trust_env=False) as http:
        api = Api(http)
        found = api.submit(text_png("Hello"), "a.png")
        assert api.result(found)["status"] == "finished"
        assert http.get(f"/ocr/jobs/{found}/pages/1/image").status_code == 200
    return found


def headers_of(url: str, method: str) -> tuple[int, dict[str, str]]:
    """Return status and headers, also of a stream, without reading it."""
    with plain_http.stream(method, url, timeout=60, trust_env=False) as answer:
        headers = {name: value for name, value in answer.headers.items() if name not in CHANGING}
        return answer.status_code, headers


@pytest.mark.parametrize("path", READABLE)
def test_head_has_the_status_and_headers_of_get(backend: Backend, job_id: str, path: str) -> None:
    url = backend.url + filled(path, job_id)
    (get_status, get), (head_status, head) = headers_of(url, "GET"), headers_of(url, "HEAD")
    if path in OF_CHANGING_BODIES:
        assert int(get.pop("content-length")) > 0
        assert int(head.pop("content-length")) > 0
    get.pop("transfer-encoding", None)  # describes only how a body is sent
    assert (head_status, head) == (get_status, get)


@pytest.mark.parametrize("path", READABLE)
def test_nothing_follows_the_headers_of_head(backend: Backend, job_id: str, path: str) -> None:
    """On one connection: a body would be read as the next response."""
    connection = http.client.HTTPConnection(urlsplit(backend.url).netloc, timeout=60)
    try:
        for method, wanted in (("HEAD", filled(path, job_id)), ("GET", "/api/v1/health/live")):
            connection.request(method, wanted)
            answer = connection.getresponse()
            body = answer.read()
        assert (answer.status, body) == (200, b'{"status":"alive"}')
    finally:
        connection.close()


def test_head_of_an_event_stream_ends_and_leaves_no_follower() -> None:
    with (
        short_folder() as folder,
        run_valkey(folder) as redis_url,
        logged_api(folder / "log", REDIS_URL=redis_url, LOG_LEVEL="DEBUG") as api,
    ):
        answer = plain_http.head(f"{api.url}/ocr/events", headers={"X-Request-ID": "me"}, timeout=60, trust_env=False)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
        line = api.access_line("me")
        assert (line["method"], line["route"], line["bytes_out"]) == ("HEAD", EVENTS, 0)
        wait_until(lambda: "ocrdesk_http_requests_in_progress 1.0" in api.get("/metrics").text, "the stream's end")
        assert "Traceback" not in api.log.read_text()


def test_a_job_is_found_by_head_and_an_unknown_one_is_not(backend: Backend, job_id: str) -> None:
    statuses = [
        plain_http.head(f"{backend.api}/ocr/jobs/{one}", timeout=30, trust_env=False).status_code
        for one in (job_id, "0f8fad5bd9cb469fa16570867728950e")
    ]
    assert statuses == [200, 404]


@pytest.fixture
def counted(limited: LimitedApi) -> LimitedApi:
    with Redis.from_url(limited.redis_url) as redis:
        redis.flushall()
    return limited


def test_head_counts_as_a_read(counted: LimitedApi) -> None:
    statuses = [plain_http.head(f"{counted.first}/ocr/jobs", trust_env=False).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    refused = plain_http.get(f"{counted.first}/ocr/jobs", trust_env=False)
    assert refused.status_code == 429
    again = plain_http.head(f"{counted.first}/ocr/jobs", trust_env=False)
    assert (again.status_code, again.content) == (429, b"")
    assert again.headers["ratelimit-limit"] == refused.headers["ratelimit-limit"] == "30"
    assert int(again.headers["retry-after"]) > 0


def test_head_needs_the_key_that_get_needs(counted: LimitedApi) -> None:
    def status(key: str | None) -> Any:
        headers = {"X-API-Key": key} if key else {}
        return plain_http.head(f"{counted.keyed}/ocr/jobs", headers=headers, trust_env=False).status_code

    assert [status(None), status("wrong"), status(KEY)] == [401, 401, 200]
