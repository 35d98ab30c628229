"""Web pages of the origins in CORS_ORIGINS can use the api from a browser, and read what they need."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.api.conftest import KEY, Api, error_code, open_http
from tests.helpers import plain_http
from tests.helpers.processes import Backend, running_api
from tests.helpers.sample_files import text_png

PAGE, OTHER_PAGE = "https://app.example", "http://localhost:5173"
FOREIGN = "https://evil.example"


@pytest.fixture(scope="module")
def keyed(backend: Backend) -> Iterator[str]:
    """An api that asks for keys and limits requests, with two origins; its URL."""
    with running_api(
        REDIS_URL=backend.redis_url,
        STORAGE_URL=backend.storage_url,
        API_KEY_ENABLED="true",
        API_KEYS=KEY,
        RATE_LIMIT_ENABLED="true",
        RATE_LIMIT_REQUESTS="100",
        CORS_ORIGINS=f"{PAGE.upper()}:443/, {OTHER_PAGE}",
    ) as url:
        yield url


@pytest.fixture(scope="module")
def open_to_pages(backend: Backend) -> Iterator[str]:
    """An api without keys, with one origin."""
    with running_api(REDIS_URL=backend.redis_url, STORAGE_URL=backend.storage_url, CORS_ORIGINS=PAGE) as url:
        yield url


def ask_first(url: str, origin: str, method: str = "POST", *headers: str, path: str = "/ocr/submit") -> httpx2.Response:
    """The answer to a preflight, which has no key."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = ",".join(headers)
    return plain_http.options(url + path, headers=asked, trust_env=False)


def names(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}


@pytest.mark.parametrize("origin", [PAGE, OTHER_PAGE])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/ocr/submit"), ("PUT", "/ocr/jobs/x/document"), ("DELETE", "/ocr/jobs/x")]
)
def test_preflights_are_answered_without_a_key(keyed: str, origin: str, method: str, path: str) -> None:
    wanted = ("x-api-key", "idempotency-key", "if-match", "last-event-id", "traceparent")
    answer = ask_first(keyed, origin, method, *wanted, path=path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == origin
    assert method.lower() in names(answer.headers["access-control-allow-methods"])
    assert names(answer.headers["access-control-allow-headers"]) >= set(wanted)
    assert "access-control-allow-credentials" not in answer.headers


def test_a_page_submits_follows_and_reads_with_its_key(keyed: str) -> None:
    with open_http(keyed, KEY) as http:
        http.headers["Origin"] = PAGE
        api = Api(http)
        submitted = api.post(text_png("Hello"), "scan.png")
        assert submitted.status_code == 202
        job_id = submitted.json()["job_id"]
        assert api.result(job_id)["text"] == "Hello\n"
        file = http.get(f"/ocr/jobs/{job_id}/file", params={"format": "text"})
        events = http.get(f"/ocr/events/{job_id}", headers={"Accept": "text/event-stream"})
    assert events.headers["content-type"].startswith("text/event-stream")
    assert "finished" in events.text
    for answer, needed in (
        (submitted, {"location", "retry-after", "ratelimit-remaining", "ratelimit-reset"}),
        (file, {"content-disposition", "etag"}),
        (events, {"x-request-id"}),
    ):
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "origin" in names(answer.headers["vary"])
        assert needed <= set(answer.headers)
        assert needed <= names(answer.headers["access-control-expose-headers"])


def test_a_page_can_read_refusals(keyed: str) -> None:
    for answer in (
        plain_http.get(f"{keyed}/ocr/jobs", headers={"Origin": PAGE}, trust_env=False),
        plain_http.get(f"{keyed}/nowhere", headers={"Origin": PAGE}, trust_env=False),
    ):
        assert answer.status_code in (401, 404)
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "x-request-id" in names(answer.headers["access-control-expose-headers"])


def test_a_page_of_another_origin_learns_what_the_operator_must_set(keyed: str) -> None:
    answer = ask_first(keyed, FOREIGN, "POST", "x-api-key")
    assert (answer.status_code, error_code(answer)) == (403, "forbidden_origin")
    assert "access-control-allow-origin" not in answer.headers
    assert f"add {FOREIGN} to its setting CORS_ORIGINS" in answer.json()["detail"]
    with open_http(keyed, KEY) as http:  # it has a key, but the browser will not show it the answer
        assert "access-control-allow-origin" not in http.get("/ocr/jobs", headers={"Origin": FOREIGN}).headers


def test_without_keys_only_the_listed_origins_are_served(open_to_pages: str) -> None:
    with open_http(open_to_pages) as http:
        served = http.get("/ocr/jobs", headers={"Origin": PAGE})
        assert (served.status_code, served.headers["access-control-allow-origin"]) == (200, PAGE)
        refused = http.get("/ocr/jobs", headers={"Origin": FOREIGN})
        assert (refused.status_code, error_code(refused)) == (403, "forbidden_origin")
    assert ask_first(open_to_pages, PAGE).status_code == 200
    assert ask_first(open_to_pages, FOREIGN).status_code == 403


def test_a_page_on_the_internet_may_use_a_server_in_a_private_network(open_to_pages: str) -> None:
    headers = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = plain_http.options(f"{open_to_pages}/ocr/jobs", headers=headers, trust_env=False)
    assert (answer.status_code, answer.headers["access-control-allow-private-network"]) == (200, "true")


def test_every_origin_is_served_where_keys_are_required(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", API_KEYS=KEY, CORS_ORIGINS="*") as url:
        assert ask_first(url, FOREIGN, "GET", "x-api-key", path="/ocr/jobs").status_code == 200
        with open_http(url, KEY) as http:
            answer = http.get("/ocr/jobs", headers={"Origin": FOREIGN})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_without_the_setting_nothing_is_allowed_and_no_header_is_added(keyed_url: str) -> None:
    refused = ask_first(keyed_url, PAGE, "GET", "x-api-key", path="/ocr/jobs")
    assert (refused.status_code, error_code(refused)) == (403, "forbidden_origin")
    with open_http(keyed_url, KEY) as http:
        answer = http.get("/ocr/jobs", headers={"Origin": PAGE})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]
