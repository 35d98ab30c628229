"""Request ids: accepted or created, returned with every response, and found in the log."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

from ocrdesk.contract.document import Page
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import PageState
from tests.api.conftest import KEY
from tests.helpers import plain_http
from tests.helpers.logged_processes import LoggedApi, lines_of, logged_api
from tests.helpers.processes import run_valkey, short_folder
from tests.helpers.sample_files import text_png

_LONGEST_PATH = 4095
FILE = {"file": ("scan.png", text_png("Hello"))}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def valkey_url(folder: Path) -> Iterator[str]:
    with run_valkey(folder) as url:
        yield url


@pytest.fixture(scope="module")
def own(folder: Path, valkey_url: str) -> Iterator[LoggedApi]:
    """An api whose log is read, without workers."""
    env = {"REDIS_URL": valkey_url, "STORAGE_URL": (folder / "blobs").as_uri(), "ALLOWED_HOSTS": "127.0.0.1"}
    with logged_api(folder / "api.log", **env) as api:
        yield api


@pytest.fixture
def redis(valkey_url: str) -> Any:
    return Redis.from_url(valkey_url, decode_responses=True)


def submit(api: LoggedApi, **headers: str) -> httpx2.Response:
    return plain_http.post(f"{api.url}/ocr/submit", files=FILE, headers=headers, timeout=30, trust_env=False)


def exceptions(api: LoggedApi) -> list[dict[str, Any]]:
    return [line for line in lines_of(api.log) if "exception" in line]


# ── the id ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("given", ["a", "A-z_0.9", "0" * 128, "550e8400-e29b-41d4-a716-446655440000"])
def test_a_valid_id_is_accepted_and_returned(own: LoggedApi, given: str) -> None:
    assert own.get("/health/live", **{"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "0" * 129, "a\tb", '"quoted"', "umlaut-\u00e4".encode("latin-1"), "a;b"])
def test_an_id_that_does_not_fit_is_replaced(own: LoggedApi, given: str | bytes) -> None:
    answer = plain_http.get(
        f"{own.url}/health/live",
        headers=[(b"X-Request-ID", given)],
        trust_env=False,  # type: ignore[list-item]
    )
    assert answer.status_code == 200
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


def test_each_request_without_an_id_gets_its_own(own: LoggedApi) -> None:
    assert own.get("/health").headers["x-request-id"] != own.get("/health").headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nothing/here", {}, 404),
        ("GET", "/ocr/result/0f8fad5bd9cb469fa16570867728950e", {}, 404),
        ("PUT", "/health", {}, 405),
        ("POST", "/ocr/submit", {}, 400),
        ("GET", "/ocr/jobs?limit=none", {}, 400),
        ("GET", "/health", {"Host": "evil.example"}, 403),
        ("GET", "/health", {"Origin": "https://evil.example"}, 403),
    ],
)
def test_errors_carry_the_id_too(own: LoggedApi, method: str, path: str, headers: dict[str, str], status: int) -> None:
    answer = plain_http.request(method, own.url + path, headers=headers | {"X-Request-ID": "mine"}, trust_env=False)
    assert (answer.status_code, answer.headers["x-request-id"]) == (status, "mine")


# ── the line ─────────────────────────────────────────────────────────────────────────────────────


def test_a_request_leaves_one_line_with_its_measures(own: LoggedApi) -> None:
    answer = submit(own, **{"X-Request-ID": "measured"})
    line = own.access_line("measured")
    assert (line["level"], line["method"], line["route"], line["status"]) == ("info", "POST", "/api/v1/ocr/submit", 202)
    assert line["bytes_in"] == int(answer.request.headers["content-length"])
    assert line["bytes_out"] == len(answer.content)
    assert line["duration_ms"] > 0
    assert [found["event"] for found in lines_of(own.log) if found.get("request_id") == "measured"] == [
        "job accepted",
        "POST /api/v1/ocr/submit 202",
    ]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/ocr/result/zebrafish?format=zebrafish", "/api/v1/ocr/result/{job_id}"),
        ("/ocr/jobs/zebrafish/pages/3", "/api/v1/ocr/jobs/{job_id}/pages/{number}"),
        ("/zebrafish/zebrafish?zebrafish=1", "unmatched"),
    ],
)
def test_the_line_has_the_template_of_the_path_and_no_query(own: LoggedApi, path: str, route: str) -> None:
    request_id = own.get(path).headers["x-request-id"]
    assert own.access_line(request_id)["route"] == route
    assert "zebrafish" not in own.log.read_text()


def test_monitoring_requests_are_not_logged(own: LoggedApi) -> None:
    for path in ("/health", "/health/live", "/health/ready", "/metrics"):
        own.get(path, **{"X-Request-ID": "prober"})
    own.get("/capabilities", **{"X-Request-ID": "after-prober"})
    own.access_line("after-prober")
    assert '"prober"' not in own.log.read_text()


def test_at_debug_probes_are_lines_too(folder: Path, valkey_url: str) -> None:
    with logged_api(folder / "debug.log", REDIS_URL=valkey_url, LOG_LEVEL="debug") as api:
        api.get("/health", **{"X-Request-ID": "prober"})
        assert api.access_line("prober")["level"] == "debug"


def test_a_line_names_its_caller_by_a_short_hash_and_never_the_key(folder: Path, valkey_url: str) -> None:
    env = {"REDIS_URL": valkey_url, "API_KEY_ENABLED": "true", "API_KEYS": KEY}
    with logged_api(folder / "keyed.log", **env) as api:
        api.get("/capabilities", **{"X-API-Key": KEY, "X-Request-ID": "known"})
        api.get("/capabilities", **{"X-API-Key": "zebrafish", "X-Request-ID": "stranger"})
        assert re.fullmatch("key-[0-9a-f]{8}", api.access_line("known")["owner"])
        assert "owner" not in api.access_line("stranger")
        assert KEY not in api.log.read_text()
        assert "zebrafish" not in api.log.read_text()


# ── from a response to its lines ─────────────────────────────────────────────────────────────────


def test_a_job_keeps_the_id_of_its_request(own: LoggedApi, redis: Any) -> None:
    job_id = submit(own, **{"X-Request-ID": "brought-it"}).json()["job_id"]
    assert redis.hget(f"ocrdesk:job:{job_id}", "request_id") == "brought-it"


def test_an_internal_error_names_its_request_id(folder: Path, valkey_url: str) -> None:
    deep = str(folder / "deep") + ("/" + "d" * 99) * 39
    storage = f"file://{deep}/{'d' * (_LONGEST_PATH - 10 - len(deep))}"  # the folder of a job would be too long a path
    with logged_api(folder / "breaking.log", REDIS_URL=valkey_url, STORAGE_URL=storage) as api:
        answer = submit(api, **{"X-Request-ID": "error-2"})
        body = answer.json()
        assert (answer.status_code, body["code"], body["request_id"]) == (500, "internal", "error-2")
        assert "error-2" in body["detail"]
        assert answer.headers["x-request-id"] == "error-2"
        assert api.access_line("error-2")["status"] == 500
        (line,) = exceptions(api)
        assert line["request_id"] == "error-2"
        assert "OSError" in line["exception"]


def test_an_answer_that_breaks_off_is_logged_once_with_its_id_and_closes_the_connection(
    own: LoggedApi, redis: Any, folder: Path
) -> None:
    job_id = submit(own).json()["job_id"]
    long = ErrorInfo(code=ErrorCode.INTERNAL, message="x" * 200_000)  # so that the response has started by page 2
    pages = [Page(number=1, status=PageState.FAILED, error=long).model_dump_json().encode(), b"{}"]
    for number, text in enumerate(pages, 1):
        redis.hset(f"ocrdesk:job:{job_id}:pages", str(number), f'{{"state":"finished","blob":"page-{number}-x"}}')
        cut = -4 if number == 2 else None
        (folder / "blobs" / job_id / f"page-{number}-x").write_bytes(gzip.compress(text)[:cut])
    over = {"state": "finished", "file_pages": 2, "page_count": 2, "pages_done": 2}
    redis.hset(f"ocrdesk:job:{job_id}", mapping=over)
    with pytest.raises(httpx2.RemoteProtocolError):
        own.get(f"/ocr/result/{job_id}?format=json", **{"X-Request-ID": "cut-off"})
    assert own.access_line("cut-off")["status"] == 200
    (line,) = [line for line in exceptions(own) if line.get("request_id") == "cut-off"]
    assert "EOFError" in line["exception"]
