"""Web pages of other sites cannot use an api without keys through a visitor's browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx2
import pytest

from tests.api.conftest import KEY, Api, error_code, open_http
from tests.helpers import plain_http
from tests.helpers.processes import Backend, run_valkey, running_api, short_folder
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


@pytest.fixture(scope="module")
def open_url() -> Iterator[str]:
    """`ocrdesk api` without keys and without a list of names."""
    with short_folder() as folder, run_valkey(folder) as redis_url, running_api(REDIS_URL=redis_url) as url:
        yield url


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "a.local", "", "["])
def test_an_open_api_refuses_names_that_a_page_may_have_forged(open_url: str, host: str) -> None:
    """DNS rebinding: the page's own name resolves to this server, so Host and Origin are alike."""
    name = host.format(port=httpx2.URL(open_url).port)
    with open_http(open_url) as http:
        for headers in ({"Host": name}, {"Host": name, "Origin": f"http://{name}"}):
            for answer in (
                http.get("/ocr/jobs", headers=headers),
                http.post("/ocr/submit", files={"file": ("a.png", text_png("Hello"))}, headers=headers),
            ):
                assert (answer.status_code, error_code(answer)) == (403, "forbidden_origin")
                assert "ALLOWED_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["localhost", "api:8000", "192.0.2.7:80", "[fd00::7]", socket.gethostname()])
def test_an_open_api_accepts_names_that_no_page_can_forge(open_url: str, host: str) -> None:
    with open_http(open_url) as http:
        assert http.get("/ocr/jobs", headers={"Host": host}).status_code == 200


def test_a_trusted_proxy_may_pass_on_any_name_unless_names_are_listed() -> None:
    with short_folder() as folder, run_valkey(folder) as redis_url:
        for listed, status in (("", 200), ("ocr.example,127.0.0.1", 403)):
            with running_api(REDIS_URL=redis_url, TRUSTED_PROXIES="127.0.0.1", ALLOWED_HOSTS=listed) as url:
                answer = plain_http.get(f"{url}/ocr/jobs", headers={"Host": "other.example"}, trust_env=False)
                assert answer.status_code == status


def test_probes_of_platforms_work_under_any_name(open_url: str) -> None:
    with open_http(open_url) as http:
        for path in ("/health/live", "/health/ready"):
            assert http.get(path, headers={"Host": "healthcheck.platform.example"}).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8000"])
def test_requests_with_a_local_host_name_are_accepted(api: Api, host: str) -> None:
    assert api.http.get("/health/live", headers={"Host": host}).status_code == 200


def test_a_key_replaces_the_check_of_the_origin(mine: Api) -> None:
    assert mine.http.get("/ocr/jobs", headers={"Origin": "https://app.example"}).status_code == 200
