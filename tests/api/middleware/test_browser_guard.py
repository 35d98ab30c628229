"""Web pages of other sites cannot use an api without keys through a visitor's browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import KEY, Api, error_code, open_http
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png


@pytest.fixture
def mine(keyed_url: str) -> Iterator[Api]:
    with open_http(keyed_url, KEY) as http:
        yield Api(http)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example",
        "file://",
        "x",
        "http://[",
        "http://a]",
    ],
)
def test_pages_of_other_sites_cannot_use_an_open_server(api: Api, origin: str) -> None:
    answer = api.http.post("/ocr/submit", files={"file": ("a.png", text_png("Hello"))}, headers={"Origin": origin})
    assert (answer.status_code, error_code(answer)) == (403, "forbidden_origin")
    assert "CORS_ORIGINS" in answer.json()["detail"]
    assert "API_KEY_ENABLED" not in answer.json()["detail"]  # keys alone would not help: the browser still refuses


def test_the_servers_own_pages_can_use_it(api: Api, backend: Backend) -> None:
    assert api.http.get("/ocr/jobs", headers={"Origin": backend.url}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "", "[", "[::1", "a]b", "//x@y"]
)
def test_requests_with_a_foreign_host_name_are_refused(api: Api, host: str) -> None:
    answer = api.http.get("/ocr/jobs", headers={"Host": host})
    assert (answer.status_code, error_code(answer)) == (403, "forbidden_origin")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8000"])
def test_requests_with_a_local_host_name_are_accepted(api: Api, host: str) -> None:
    assert api.http.get("/health/live", headers={"Host": host}).status_code == 200


def test_a_key_replaces_the_check_of_the_origin(mine: Api) -> None:
    assert mine.http.get("/ocr/jobs", headers={"Origin": "https://app.example"}).status_code == 200
