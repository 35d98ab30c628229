"""API keys: requests need a valid one, and each sees only its own jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from ocrdesk.backend.settings import Settings
from ocrdesk_api.access.authentication import warn_of_short_keys
from tests.api.conftest import KEY, OTHER_KEY, Api, error_code, open_http
from tests.helpers import plain_http
from tests.helpers.processes import Backend, running_api
from tests.helpers.sample_files import text_png


@pytest.fixture
def mine(keyed_url: str) -> Iterator[Api]:
    with open_http(keyed_url, KEY) as http:
        yield Api(http)


@pytest.fixture
def theirs(keyed_url: str) -> Iterator[Api]:
    with open_http(keyed_url, OTHER_KEY) as http:
        yield Api(http)


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY[:-1], f"{KEY},{OTHER_KEY}", "ключ".encode()])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/ocr/submit"),
        ("GET", "/ocr/jobs"),
        ("GET", "/ocr/result/0f8fad5bd9cb469fa16570867728950e"),
        ("GET", "/ocr/events"),
        ("GET", "/capabilities"),
    ],
)
def test_a_valid_key_is_required(keyed_url: str, key: str | bytes | None, method: str, path: str) -> None:
    headers = {} if key is None else {b"X-API-Key": key.encode() if isinstance(key, str) else key}
    answer = plain_http.request(method, keyed_url + path, headers=headers, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (401, "unauthorized")
    assert "X-API-Key" in answer.json()["detail"]
    assert "X-API-Key" in answer.headers["www-authenticate"]


def test_a_large_upload_with_a_wrong_key_gets_the_refusal(keyed_url: str) -> None:
    with open_http(keyed_url, "wrong") as http:
        answer = Api(http).post(text_png("Hello").ljust(9_000_000, b"\0"))
    assert (answer.status_code, error_code(answer)) == (401, "unauthorized")


def test_health_needs_no_key(keyed_url: str) -> None:
    for path in ("/health", "/health/live", "/health/ready"):
        assert plain_http.get(keyed_url + path, trust_env=False).status_code == 200


def test_the_right_key_works(mine: Api) -> None:
    job_id = mine.submit(text_png("Hello"))
    assert mine.result(job_id)["text"] == "Hello\n"


def test_another_keys_job_is_not_found(mine: Api, theirs: Api) -> None:
    job_id = mine.submit(text_png("Private"))
    mine.result(job_id)
    for method, path in (
        ("GET", f"/ocr/result/{job_id}"),
        ("GET", f"/ocr/result/{job_id}?format=text"),
        ("GET", f"/ocr/jobs/{job_id}"),
        ("GET", f"/ocr/jobs/{job_id}/pages/1"),
        ("GET", f"/ocr/events/{job_id}"),
        ("POST", f"/ocr/jobs/{job_id}/cancel"),
        ("DELETE", f"/ocr/jobs/{job_id}"),
    ):
        known, unknown = theirs.http.request(method, path), theirs.http.request(method, path.replace(job_id, "0" * 32))
        assert known.status_code == 404
        assert known.content == unknown.content, "the response must not reveal that the job exists"
    assert mine.result(job_id)["text"] == "Private\n"


def test_lists_hold_ones_own_jobs_only(mine: Api, theirs: Api, api: Api) -> None:
    job_id = mine.submit(text_png("Private"))
    assert job_id in [job["job_id"] for job in mine.http.get("/ocr/jobs").json()["jobs"]]
    for other in (theirs, api):
        assert job_id not in [
            job["job_id"] for job in other.http.get("/ocr/jobs", params={"limit": 1000}).json()["jobs"]
        ]


def test_jobs_of_the_machines_own_desktop_are_not_shown_to_callers_without_its_token(
    api: Api, unlimited_api: Api
) -> None:
    """Every user of a machine can reach a server on it."""
    with api.http.stream("GET", "/ocr/events") as events:
        private = unlimited_api.submit(text_png("Private"))
        unlimited_api.result(private)
        opened = api.submit(text_png("Open"))
        text = ""
        for line in events.iter_lines():
            text += line
            if '"finished"' in line:
                break
    assert opened in text
    assert private not in text
    for method, path in (
        ("GET", f"/ocr/result/{private}"),
        ("GET", f"/ocr/jobs/{private}"),
        ("GET", f"/ocr/jobs/{private}/pages/1"),
        ("GET", f"/ocr/jobs/{private}/pages/1/image"),
        ("GET", f"/ocr/events/{private}"),
        ("POST", f"/ocr/jobs/{private}/cancel"),
        ("POST", f"/ocr/jobs/{private}/retry"),
        ("DELETE", f"/ocr/jobs/{private}"),
    ):
        assert api.http.request(method, path).status_code == 404, (method, path)
    assert private not in api.http.get("/ocr/jobs", params={"limit": 1000}).text
    assert unlimited_api.http.get(f"/ocr/jobs/{opened}").status_code == 404
    assert unlimited_api.result(private)["text"] == "Private\n"


def test_without_a_token_the_jobs_of_earlier_versions_stay_visible(redis_url: str) -> None:
    """Callers without a key were named so before there was another name."""
    with running_api(REDIS_URL=redis_url) as url:
        job_id = plain_http.post(f"{url}/ocr/submit", files={"file": text_png("Open")}, trust_env=False).json()[
            "job_id"
        ]
        assert plain_http.get(f"{url}/ocr/jobs/{job_id}", trust_env=False).status_code == 200
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        assert redis.hget(f"ocrdesk:job:{job_id}", "owner") == "local"


def test_events_of_all_jobs_hold_ones_own_only(mine: Api, theirs: Api) -> None:
    with theirs.http.stream("GET", "/ocr/events") as answer:
        private, own = mine.submit(text_png("Private")), theirs.submit(text_png("Own"))
        mine.result(private)
        text = ""
        for line in answer.iter_lines():
            text += line
            if '"finished"' in line:
                break
    assert own in text
    assert private not in text


def test_the_header_can_have_another_name(backend: Backend) -> None:
    with running_api(
        REDIS_URL=backend.redis_url, API_KEY_ENABLED="true", API_KEYS=KEY, API_KEY_HEADER="X-Sesame"
    ) as url:
        wrong = plain_http.get(f"{url}/ocr/jobs", headers={"X-API-Key": KEY}, trust_env=False)
        right = plain_http.get(f"{url}/ocr/jobs", headers={"X-Sesame": KEY}, trust_env=False)
    assert wrong.status_code == 401
    assert "X-Sesame" in wrong.json()["detail"]
    assert right.status_code == 200


def test_keys_that_can_be_guessed_are_named_in_the_log_by_their_number(caplog: pytest.LogCaptureFixture) -> None:
    keys = "short-key-1,short-key-2," + "k" * 32
    warn_of_short_keys(Settings(api_keys=keys))  # type: ignore[arg-type]  # as the environment has it
    assert "API_KEYS has 2 keys" in caplog.text
    assert "short-key" not in caplog.text
    caplog.clear()
    warn_of_short_keys(Settings(api_keys="k" * 32))  # type: ignore[arg-type]
    assert not caplog.records


def test_a_key_in_the_url_does_not_count(keyed_url: str) -> None:
    """Addresses are in the logs of proxies and in the history of browsers."""
    for query in (f"X-API-Key={KEY}", f"api_key={KEY}", f"access_token={KEY}"):
        assert plain_http.get(f"{keyed_url}/ocr/jobs?{query}", trust_env=False).status_code == 401
