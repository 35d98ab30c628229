"""Links, the documentation and the OpenAPI description begin with the path prefix of the proxy."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.processes import clean_env, run_valkey, running_api, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

_TRUSTED = {"TRUSTED_PROXIES": "127.0.0.1"}


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


def get(url: str, prefix: str | None = None) -> httpx2.Response:
    headers = {} if prefix is None else {"X-Forwarded-Prefix": prefix}
    return plain_http.get(url, headers=headers, timeout=60, trust_env=False)


def location_of(api: str, prefix: str | None = None) -> str:
    """Submit a file; return the URL in the response's Location."""
    headers = {"Host": "ocr.example", **({} if prefix is None else {"X-Forwarded-Prefix": prefix})}
    files = {"file": ("a.png", text_png("Hello"))}
    answer = plain_http.post(f"{api}/ocr/submit", headers=headers, files=files, timeout=60, trust_env=False)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"].removesuffix(answer.json()["job_id"])


@pytest.fixture(scope="module")
def behind_proxy(redis_url: str) -> Iterator[str]:
    """The URL of an api that trusts proxies on this machine, without /api/v1."""
    with running_api(REDIS_URL=redis_url, **_TRUSTED) as api:
        yield api.removesuffix("/api/v1")


@pytest.mark.parametrize("prefix", ["/ocr", "/ocr/", "/api", "/a/b.c-d_e~f"])
def test_a_trusted_proxys_prefix_is_in_every_link(behind_proxy: str, prefix: str) -> None:
    clean = prefix.rstrip("/")
    assert location_of(f"{behind_proxy}/api/v1", prefix) == f"http://ocr.example{clean}/api/v1/ocr/result/"
    assert urlsplit(get(behind_proxy, prefix).headers["location"]).path == f"{clean}/docs"
    page = get(f"{behind_proxy}/docs", prefix).text
    assert f"{clean}/openapi.json" in page
    assert f"{clean}/static-offline-docs/swagger-ui-bundle.js" in page
    assert get(f"{behind_proxy}/static-offline-docs/swagger-ui-bundle.js", prefix).status_code == 200
    assert [server["url"] for server in get(f"{behind_proxy}/openapi.json", prefix).json()["servers"]] == [clean]


@pytest.mark.parametrize(
    "prefix", [None, "", "/", "ocr", "//evil.example", "/a b", '/"><script>', "http://evil.example"]
)
def test_what_is_no_prefix_is_ignored(behind_proxy: str, prefix: str | None) -> None:
    assert location_of(f"{behind_proxy}/api/v1", prefix) == "http://ocr.example/api/v1/ocr/result/"
    assert [server["url"] for server in get(f"{behind_proxy}/openapi.json", prefix).json()["servers"]] == ["/"]


def test_other_callers_cannot_set_a_prefix(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url, TRUSTED_PROXIES="192.0.2.1", ALLOWED_HOSTS="ocr.example,127.0.0.1") as api:
        assert location_of(api, "/ocr") == "http://ocr.example/api/v1/ocr/result/"


def test_root_path_is_the_prefix_where_the_proxy_sends_none(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url, ROOT_PATH="/ocr/", **_TRUSTED) as api:
        assert location_of(api) == "http://ocr.example/ocr/api/v1/ocr/result/"
        assert location_of(api, "/scans") == "http://ocr.example/scans/api/v1/ocr/result/"


def test_the_log_and_the_metrics_have_routes_without_the_prefix(redis_url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running_api(REDIS_URL=redis_url, log=log, ROOT_PATH="/ocr") as api:
        assert get(f"{api}/ocr/jobs").status_code == 200
        wait_until(lambda: "/ocr/jobs" in log.read_text(), "the log line")
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert [line["route"] for line in lines if line.get("route")] == ["/api/v1/ocr/jobs"]
        assert 'route="/api/v1/ocr/jobs"' in get(f"{api}/metrics").text


def test_the_commands_option_wins(redis_url: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "ocrdesk", "api", "--root-path", "not a path"]
    env = clean_env(REDIS_URL=redis_url, ROOT_PATH="/ocr")
    ended = subprocess.run(words, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "ROOT_PATH" in ended.stderr
    assert "'not a path' is no path, as /ocr" in ended.stderr
