"""Whatever Redis answers to commands, each route says so with 503 and a time, or answers without Redis."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.api.conftest import open_http
from tests.helpers.openapi import Operation, described
from tests.helpers.processes import clean_env, end, run_valkey, running_api, short_folder
from tests.helpers.refusing_relay import RefusingRelay, passes_all, refusing_relay
from tests.helpers.route_paths import filled
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

KEY = "key-of-the-operator"
NEEDS_NO_REDIS = {"GET /health/live"}
BODIES: dict[str, dict[str, Any]] = {
    "POST /ocr/submit": {"files": {"file": ("a.png", text_png("A"))}},
    "POST /auth/register": {"json": {"email": "a@example.com", "name": "a"}},
}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[RefusingRelay, str, str]]:
    """A relay before a Valkey, an api behind it that stores files there, and the Valkey's own URL."""
    with short_folder() as folder, run_valkey(folder) as redis_url:
        socket = redis_url.removeprefix("unix://")
        with (
            refusing_relay(socket, folder / "relay") as relay,
            running_api(REDIS_URL=relay.url, API_KEY_ENABLED="true", LOCAL_TOKEN=KEY) as url,
        ):
            yield relay, url, redis_url


@pytest.fixture
def relay(running: tuple[RefusingRelay, str, str]) -> Iterator[RefusingRelay]:
    yield running[0]
    running[0].refuse = passes_all


@pytest.fixture
def http(running: tuple[RefusingRelay, str, str]) -> Iterator[httpx2.Client]:
    with open_http(running[1], KEY) as http:
        yield http


@pytest.mark.parametrize("word", ["OOM", "DENIED", "EXECABORT"])
def test_every_route_says_what_redis_says(relay: RefusingRelay, http: httpx2.Client, word: str) -> None:
    relay.refuse = lambda command: f"-{word} and why".encode()
    for operation in described():
        answer = asked(http, operation)
        if str(operation) in NEEDS_NO_REDIS:
            assert answer.status_code == 200
            continue
        assert answer.status_code == 503, (str(operation), answer.text)
        assert int(answer.headers["retry-after"]) > 0, str(operation)
        said = answer.json()
        found = said if "message_id" in said else said["findings"][0]
        assert found["message_id"].startswith("redis_"), (str(operation), said)


def asked(http: httpx2.Client, operation: Operation) -> httpx2.Response:
    path = filled(operation.path).removeprefix("/api/v1")
    return http.request(operation.method, path, **BODIES.get(str(operation), {}))


@pytest.fixture(scope="module")
def finished(running: tuple[RefusingRelay, str, str]) -> Iterator[str]:
    """The id of a finished job, whose pages are in Redis."""
    command = [sys.executable, "-m", "ocrdesk_worker", "--workers", "1"]
    env = clean_env(REDIS_URL=running[2])
    pool = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with open_http(running[1], KEY) as http:
            job_id = http.post("/ocr/submit", **BODIES["POST /ocr/submit"]).json()["job_id"]
            state = f"/ocr/jobs/{job_id}"
            wait_until(lambda: http.get(state).json()["status"] == "finished", "the end of the job", 60)
            yield job_id
    finally:
        end(pool, 30)


@pytest.mark.parametrize("path", ["/ocr/jobs/{}/document", "/ocr/result/{}?format=json", "/ocr/result/{}?format=tsv"])
def test_a_document_whose_first_page_redis_does_not_give_is_an_error(
    relay: RefusingRelay, http: httpx2.Client, finished: str, path: str
) -> None:
    relay.refuse = lambda command: b"-OOM no" if command[0].upper() in (b"LLEN", b"LINDEX") else None
    assert http.get(path.format(finished)).status_code == 503
    relay.refuse = passes_all
    assert http.get(path.format(finished)).status_code == 200
