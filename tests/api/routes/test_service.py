"""Health and capabilities, also while Redis is unavailable."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from ocrdesk import __version__
from ocrdesk.contract.capabilities import Capabilities, Health, WorkerPools
from ocrdesk.contract.choices import ResultFormat
from ocrdesk.contract.error_messages import error_message
from ocrdesk_worker.sandbox.confinement import measures
from tests.api.conftest import Api, error_code
from tests.helpers import plain_http
from tests.helpers.processes import Backend, run_valkey, running_api, running_pool, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until


@pytest.fixture(scope="module")
def lonely_url() -> Iterator[str]:
    """An api without a running Redis."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running_api(REDIS_URL=f"redis://127.0.0.1:{port}/0") as url:
        yield url


def test_health_counts_workers(api: Api) -> None:
    health = Health.model_validate_json(api.http.get("/health").content)
    assert (health.status, health.redis, health.workers, health.version) == ("healthy", "connected", 2, __version__)
    assert api.http.get("/health/ready").json()["status"] == "healthy"
    assert api.http.get("/health/live").json() == {"status": "alive"}


@pytest.fixture
def redis_env() -> Iterator[dict[str, str]]:
    """The settings of an api and of workers on a Redis of their own."""
    with short_folder() as folder, run_valkey(folder) as url:
        yield {"REDIS_URL": url, "OCR_TIMEOUT_PER_PAGE": "60"}


def get(url: str, path: str) -> httpx2.Response:
    return plain_http.get(url + path, timeout=30, trust_env=False)


def submitted(url: str) -> str:
    answer = plain_http.post(
        f"{url}/ocr/submit", files={"file": ("a.png", text_png("Hello"))}, timeout=30, trust_env=False
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def test_health_is_degraded_as_soon_as_a_job_waits_without_a_worker_and_jobs_are_accepted(
    redis_env: dict[str, str],
) -> None:
    with running_api(**redis_env) as url:
        assert get(url, "/health").json()["status"] == "healthy"
        job_id = submitted(url)
        answer = get(url, "/health")
        health = Health.model_validate_json(answer.content)
        assert (answer.status_code, health.status, health.redis, health.queued) == (200, "degraded", "connected", 1)
        (finding,) = health.findings
        assert (finding.message_id, finding.params) == ("no_worker_alive", {"jobs": 1})
        assert finding.message == error_message("no_worker_alive", jobs=1).text
        ready = get(url, "/health/ready")
        assert (ready.status_code, ready.json()) == (200, answer.json()), "workers have READY_GRACE_S to start"
        submitted(url)
        with running_pool(**redis_env):
            wait_until(lambda: get(url, f"/ocr/result/{job_id}").json()["status"] == "finished", "the job's end")
            wait_until(lambda: get(url, "/health").json()["status"] == "healthy", "health")


def test_readiness_fails_after_the_grace_period_and_returns_with_a_worker(redis_env: dict[str, str]) -> None:
    with running_api(**redis_env, READY_GRACE_S="0.2") as url:
        assert get(url, "/health/ready").status_code == 200, "nothing waits"
        submitted(url)
        answer = wait_until(lambda: (got := get(url, "/health/ready")).status_code == 503 and got, "503")
        assert isinstance(answer, httpx2.Response)
        assert error_code(answer) == "no_worker_alive"
        assert int(answer.headers["retry-after"]) > 0
        assert (answer.json()["status"], answer.json()["findings"][0]["params"]) == ("degraded", {"jobs": 1})
        assert get(url, "/health").status_code == 200
        assert get(url, "/health/live").status_code == 200
        submitted(url)
        with running_pool(**redis_env):
            wait_until(lambda: get(url, "/health/ready").status_code == 200, "readiness")
            wait_until(lambda: get(url, "/health").json()["status"] == "healthy", "health")


def test_health_is_degraded_after_the_only_worker_was_killed_in_mid_job(redis_env: dict[str, str]) -> None:
    with running_api(**redis_env) as url:
        pool = running_pool(**redis_env)
        with pool as process:
            wait_until(lambda: get(url, "/health").json()["workers"], "the worker")
            process.kill()
            process.wait()
        submitted(url)
        wait_until(lambda: get(url, "/health").json()["status"] == "degraded", "the end of its heartbeat")


def test_a_setting_that_only_the_api_has_is_named_in_health_and_in_its_log(redis_env: dict[str, str]) -> None:
    with short_folder() as folder:
        log = folder / "log"
        with (
            running_api(**redis_env, log=log, RESULT_TTL="7200", API_KEY_ENABLED="1", API_KEYS="hush") as url,
            running_pool(**redis_env),
        ):
            wait_until(lambda: get(url, "/health").json()["workers"], "the worker")
            health = get(url, "/health").json()
            assert health["status"] == "degraded"
            assert [found["params"] for found in health["findings"]] == [{"names": "RESULT_TTL"}]
            assert get(url, "/health/ready").status_code == 200
            wait_until(lambda: "has other values of RESULT_TTL than this api" in log.read_text(), "the line")
            assert "7200" not in log.read_text() + str(health)


def test_capabilities_name_engines_languages_and_limits(api: Api, unlimited_api: Api) -> None:
    can = Capabilities.model_validate_json(api.http.get("/capabilities").content)
    assert {"auto", "tesseract"} <= set(can.engines)
    assert "eng" in can.languages
    assert "osd" not in can.languages
    assert set(can.formats) == set(ResultFormat)
    assert "application/pdf" in can.media_types
    assert (can.limits.max_file_size_bytes, can.limits.max_pages) == (1 << 20, 2)
    no_limits = Capabilities.model_validate_json(unlimited_api.http.get("/capabilities").content).limits
    assert (no_limits.max_file_size_bytes, no_limits.max_pages) == (None, None)


def test_an_admin_sees_the_pools_and_what_restricts_their_files(api: Api, unlimited_api: Api) -> None:
    (pool,) = WorkerPools.model_validate_json(unlimited_api.http.get("/health/pools").content).pools
    assert pool.workers >= 1
    assert (pool.version, "tesseract" in pool.engines, "eng" in pool.languages) == (__version__, True, True)
    assert pool.sandbox == measures()
    refused = api.http.get("/health/pools")
    assert (refused.status_code, error_code(refused)) == (401, "unauthorized")


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_the_documentation_answers(api: Api, backend: Backend, path: str) -> None:
    assert plain_http.get(backend.url + path, trust_env=False).status_code == 200


def test_the_root_leads_to_the_documentation(backend: Backend) -> None:
    answer = plain_http.get(backend.url, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_the_schema_names_every_route_and_the_uploads_fields(backend: Backend) -> None:
    schema = plain_http.get(f"{backend.url}/openapi.json", trust_env=False).json()
    assert {
        "/api/v1/ocr/submit",
        "/api/v1/ocr/result/{job_id}",
        "/api/v1/ocr/jobs",
        "/api/v1/ocr/jobs/{job_id}",
        "/api/v1/ocr/jobs/{job_id}/cancel",
        "/api/v1/ocr/jobs/{job_id}/pages/{number}",
        "/api/v1/ocr/events",
        "/api/v1/ocr/events/{job_id}",
        "/api/v1/health",
        "/api/v1/capabilities",
    } <= set(schema["paths"])
    form = schema["components"]["schemas"]["SubmitForm"]
    options = {"languages", "engine", "pages", "mode", "attachments", "password", "webhook_url", "webhook_secret"}
    assert set(form["properties"]) == {"file"} | options


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ocr/jobs"),
        ("GET", "/ocr/result/0f8fad5bd9cb469fa16570867728950e"),
        ("GET", "/ocr/events"),
        ("GET", "/ocr/events/0f8fad5bd9cb469fa16570867728950e"),
        ("DELETE", "/ocr/jobs/0f8fad5bd9cb469fa16570867728950e"),
        ("GET", "/capabilities"),
    ],
)
def test_without_redis_the_answer_is_503_and_when_to_come_again(lonely_url: str, method: str, path: str) -> None:
    answer = plain_http.request(method, lonely_url + path, timeout=30, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("size", [0, 5_000_000])
def test_without_redis_no_file_is_accepted(lonely_url: str, size: int) -> None:
    files = {"file": ("a.png", text_png("Hello").ljust(size, b"\0"))}
    answer = plain_http.post(f"{lonely_url}/ocr/submit", files=files, timeout=30, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_without_redis_health_is_unhealthy_and_says_why(lonely_url: str, path: str) -> None:
    answer = plain_http.get(lonely_url + path, timeout=30, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")
    assert (answer.json()["status"], answer.json()["redis"]) == ("unhealthy", "disconnected")


def test_without_redis_the_process_is_still_alive(lonely_url: str) -> None:
    assert plain_http.get(f"{lonely_url}/health/live", timeout=30, trust_env=False).status_code == 200


def test_errors_show_no_internals(lonely_url: str) -> None:
    text = plain_http.get(f"{lonely_url}/ocr/jobs", timeout=30, trust_env=False).text
    assert "Traceback" not in text
    assert "127.0.0.1" not in text
    assert time.strftime("%Y") not in text
