"""/metrics: the counts are right on every replica, and callers without a key get none."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator

import pytest
from PIL import Image
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.contract.api_keys import Scope
from tests.api.conftest import Api, open_http
from tests.helpers import plain_http
from tests.helpers.processes import Backend, running_api, running_backend, short_folder
from tests.helpers.sample_files import damaged_on_page_2, scan_pdf, text_image, text_png, truncated_pdf
from tests.helpers.wait import wait_until

Sample = tuple[str, frozenset[tuple[str, str]]]


def parsed(text: str) -> dict[Sample, float]:
    """Return every sample by its name and labels; fails if Prometheus could not read the text."""
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


class Numbers:
    """One scrape of an api's /metrics."""

    def __init__(self, url: str, **headers: str) -> None:
        answer = plain_http.get(f"{url.removesuffix('/api/v1')}/metrics", headers=headers, timeout=60, trust_env=False)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain; version=")
        self.text = answer.text
        self._samples = parsed(answer.text)

    def __call__(self, name: str, **labels: str) -> float:
        """Return a sample's value; 0 if there is none yet."""
        return self._samples.get((name, frozenset(labels.items())), 0.0)

    def has(self, name: str) -> bool:
        return any(found == name for found, _ in self._samples)


def slow() -> bytes:
    """Return a PDF of one page of noise, which keeps Tesseract busy for a long time."""
    noise = Image.effect_noise((4200, 5400), 120).point(lambda value: 255 if value > 120 else 0)
    out = io.BytesIO()
    noise.convert("1").save(
        out, "TIFF", compression="group4", save_all=True, append_images=[text_image("x").convert("1")]
    )
    return out.getvalue()


@pytest.fixture(scope="module")
def busy() -> Iterator[Backend]:
    """A server that has processed 3 good pages, 1 damaged page, 1 slow page and a file that cannot be opened."""
    with (
        short_folder() as folder,
        running_backend(folder / "data", workers=2, OCR_TIMEOUT_PER_PAGE="3", MAX_FILE_SIZE_MB="100") as backend,
        open_http(backend.api) as http,
    ):
        api = Api(http)
        states = [
            api.result(api.submit(data))["status"]
            for data in (text_png("One"), damaged_on_page_2(), slow(), truncated_pdf())
        ]
        assert states == ["finished", "finished", "finished", "failed"]
        cancelled = api.submit(scan_pdf(["Never"] * 30))
        api.http.post(f"/ocr/jobs/{cancelled}/cancel").raise_for_status()
        yield backend


def test_pages_are_counted_by_outcome_and_engine(busy: Backend) -> None:
    numbers = Numbers(busy.url)
    assert numbers("ocrdesk_pages_total", state="failed", engine="none") == 1
    assert numbers("ocrdesk_pages_total", state="timeout", engine="none") == 1
    assert numbers("ocrdesk_pages_total", state="finished", engine="tesseract") >= 3


def test_pages_seconds_are_a_histogram_by_engine(busy: Backend) -> None:
    numbers = Numbers(busy.url)
    count = numbers("ocrdesk_page_duration_seconds_count", engine="tesseract")
    assert count == numbers("ocrdesk_pages_total", state="finished", engine="tesseract")
    assert numbers("ocrdesk_page_duration_seconds_bucket", engine="tesseract", le="+Inf") == count
    assert numbers("ocrdesk_page_duration_seconds_bucket", engine="none", le="1.0") <= 1  # the damaged one
    assert numbers("ocrdesk_page_duration_seconds_count", engine="none") == 2
    assert numbers("ocrdesk_page_duration_seconds_sum", engine="none") > 3  # the slow one's limit


def test_jobs_are_counted_by_outcome(busy: Backend) -> None:
    numbers = Numbers(busy.url)
    assert numbers("ocrdesk_jobs_submitted_total") == 5
    assert [numbers("ocrdesk_jobs_total", state=state) for state in ("finished", "failed", "cancelled")] == [3, 1, 1]


def test_nothing_waits_when_all_jobs_are_done_and_workers_are_alive(busy: Backend) -> None:
    def is_idle() -> bool:
        numbers = Numbers(busy.url)
        names = ("queue_units", "queue_oldest_seconds", "running_units", "pages_waiting")
        return not any(numbers(f"ocrdesk_{name}") for name in names)

    wait_until(is_idle, "an empty queue")
    numbers = Numbers(busy.url)
    assert numbers("ocrdesk_redis_up") == 1
    assert numbers("ocrdesk_workers") == 2
    assert numbers("ocrdesk_engine_workers", engine="tesseract") == 2


def test_every_replica_reports_the_same_service_metrics_and_its_own_requests(busy: Backend) -> None:
    with running_api(REDIS_URL=busy.redis_url, STORAGE_URL=busy.storage_url) as other_url:
        one, other = Numbers(busy.url), Numbers(other_url)
    assert other("ocrdesk_jobs_submitted_total") == one("ocrdesk_jobs_submitted_total")
    route = {"method": "POST", "route": "/api/v1/ocr/submit", "status": "202"}
    assert (one("ocrdesk_http_requests_total", **route), other("ocrdesk_http_requests_total", **route)) == (5, 0)


def test_requests_are_counted_by_template_and_status(busy: Backend) -> None:
    with running_api(REDIS_URL=busy.redis_url, STORAGE_URL=busy.storage_url) as url:
        for path in ("/ocr/jobs/a", "/ocr/jobs/b", "/nothing/zebrafish", "/ocr/jobs?limit=zebrafish"):
            plain_http.get(url + path, trust_env=False)
        plain_http.request("ZEBRAFISH", f"{url}/health", trust_env=False)
        plain_http.request("PROPFIND", f"{url}/health", trust_env=False)
        numbers = Numbers(url)
    template = {"method": "GET", "route": "/api/v1/ocr/jobs/{job_id}"}
    assert numbers("ocrdesk_http_requests_total", **template, status="404") == 2
    assert numbers("ocrdesk_http_request_duration_seconds_count", **template) == 2
    assert numbers("ocrdesk_http_requests_total", method="GET", route="unmatched", status="404") == 1
    assert numbers("ocrdesk_http_requests_total", method="GET", route="/api/v1/ocr/jobs", status="400") == 1
    assert "zebrafish" not in numbers.text.lower()
    assert "PROPFIND" not in numbers.text


def test_both_paths_answer_and_openmetrics_is_sent_on_request(busy: Backend) -> None:
    assert "ocrdesk_jobs_total" in plain_http.get(f"{busy.api}/metrics", trust_env=False).text
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    answer = plain_http.get(f"{busy.url}/metrics", headers=accept, trust_env=False)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert {family.name for family in openmetrics.text_string_to_metric_families(answer.text)} >= {"ocrdesk_jobs"}


def test_the_schema_has_the_one_under_the_api(busy: Backend) -> None:
    paths = plain_http.get(f"{busy.url}/openapi.json", trust_env=False).json()["paths"]
    assert "/api/v1/metrics" in paths
    assert "/metrics" not in paths


def test_without_redis_the_process_still_reports_its_own_metrics() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running_api(REDIS_URL=f"redis://127.0.0.1:{port}/0") as url:
        plain_http.get(f"{url}/ocr/jobs", timeout=30, trust_env=False)
        numbers = Numbers(url)
    assert numbers("ocrdesk_redis_up") == 0
    assert numbers("ocrdesk_http_requests_total", method="GET", route="/api/v1/ocr/jobs", status="503") == 1
    errors = {"code": "redis_unavailable", "message_id": "redis_unavailable"}
    assert numbers("ocrdesk_http_errors_total", **errors) == 1
    assert numbers("ocrdesk_http_errors_total", **errors | {"message_id": "redis_unconfirmed"}) == 0
    assert numbers.has("process_resident_memory_bytes")
    assert not numbers.has("ocrdesk_jobs_total")


def status(url: str, **headers: str) -> int:
    codes = {
        plain_http.get(f"{base}/metrics", headers=headers, timeout=30, trust_env=False).status_code
        for base in (url, url.removesuffix("/api/v1"))
    }
    assert len(codes) == 1
    return codes.pop()


def test_a_token_is_required_if_one_is_set(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url, METRICS_TOKEN="the-token", LOCAL_TOKEN="local") as url:
        assert status(url) == 401
        assert status(url, Authorization="Bearer other") == 401
        assert status(url, Authorization="Basic the-token") == 401
        assert status(url, Authorization="the-token") == 401
        assert status(url, **{"X-API-Key": "local"}) == 200  # it has all rights of an admin
        assert status(url, Authorization="Bearer the-token") == 200
        assert status(url, Authorization="bearer the-token") == 200
        answer = plain_http.get(f"{url}/metrics", trust_env=False)
        assert (answer.json()["code"], answer.headers["www-authenticate"]) == ("unauthorized", "Bearer")


def test_where_keys_are_required_metrics_need_an_admin_key(redis_url: str) -> None:
    env = {"API_KEY_ENABLED": "true", "API_KEYS": "a-key", "METRICS_TOKEN": ""}
    with running_api(REDIS_URL=redis_url, LOCAL_TOKEN="local", **env) as url:
        assert status(url) == 401
        assert status(url, **{"X-API-Key": "a-key"}) == 401
        assert status(url, **{"X-API-Key": "local"}) == 200
        keys = KeyStore(Redis.from_url(redis_url, decode_responses=True))
        reader, admin = keys.create("Ann", scopes=[Scope.READ]).secret, keys.create("Root", scopes=[Scope.ADMIN]).secret
        assert status(url, **{"X-API-Key": reader}) == 401
        assert status(url, **{"X-API-Key": admin}) == 200
        assert status(url, Authorization=f"Bearer {admin}") == 200
        assert "METRICS_TOKEN" in plain_http.get(f"{url}/metrics", trust_env=False).json()["detail"]


def test_they_can_be_switched_off(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url, METRICS_ENABLED="false") as url:
        assert status(url) == 404
