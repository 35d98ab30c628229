"""Health and capabilities, also while Redis is unavailable."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from ocrdesk import __version__
from ocrdesk.contract.capabilities import Capabilities, Health
from ocrdesk.contract.choices import ResultFormat
from tests.api.conftest import Api, error_code
from tests.helpers.processes import Backend, running_api
from tests.helpers.sample_files import text_png


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


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_the_documentation_answers(api: Api, backend: Backend, path: str) -> None:
    assert httpx2.get(backend.url + path, trust_env=False).status_code == 200


def test_the_root_leads_to_the_documentation(backend: Backend) -> None:
    answer = httpx2.get(backend.url, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_the_schema_names_every_route_and_the_uploads_fields(backend: Backend) -> None:
    schema = httpx2.get(f"{backend.url}/openapi.json", trust_env=False).json()
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
    form = schema["paths"]["/api/v1/ocr/submit"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    options = {"languages", "engine", "pages", "mode", "webhook_url", "webhook_secret"}
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
    answer = httpx2.request(method, lonely_url + path, timeout=30, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("size", [0, 5_000_000])
def test_without_redis_no_file_is_accepted(lonely_url: str, size: int) -> None:
    files = {"file": ("a.png", text_png("Hello").ljust(size, b"\0"))}
    answer = httpx2.post(f"{lonely_url}/ocr/submit", files=files, timeout=30, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_without_redis_health_is_unhealthy_and_says_why(lonely_url: str, path: str) -> None:
    answer = httpx2.get(lonely_url + path, timeout=30, trust_env=False)
    assert (answer.status_code, error_code(answer)) == (503, "redis_unavailable")
    assert (answer.json()["status"], answer.json()["redis"]) == ("unhealthy", "disconnected")


def test_without_redis_the_process_is_still_alive(lonely_url: str) -> None:
    assert httpx2.get(f"{lonely_url}/health/live", timeout=30, trust_env=False).status_code == 200


def test_errors_show_no_internals(lonely_url: str) -> None:
    text = httpx2.get(f"{lonely_url}/ocr/jobs", timeout=30, trust_env=False).text
    assert "Traceback" not in text
    assert "127.0.0.1" not in text
    assert time.strftime("%Y") not in text
