"""One trace from the caller's span through the api and a job to its pages, received over OTLP by a real collector."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import Api, open_http
from tests.helpers.processes import Backend, running_backend, short_folder
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, text_png
from tests.helpers.trace_collector import Collected, Collector, run_trace_collector
from tests.helpers.wait import wait_until

SECRET_NAME, SECRET_TEXT = "zebrafish", "quetzal"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with run_trace_collector() as found:
        yield found


@pytest.fixture(scope="module")
def backend(collector: Collector) -> Iterator[Backend]:
    with short_folder() as folder, running_backend(folder / "data", **collector.environment) as found:
        yield found


def submit(backend: Backend, content: bytes, headers: dict[str, str]) -> str:
    """Submit a file with the caller's headers, and wait until its job ends; return the job's id."""
    with open_http(backend.api, backend.token) as http:
        files = {"file": (f"{SECRET_NAME}.bin", content)}
        answer = http.post("/ocr/submit", files=files, headers=headers)
        assert answer.status_code == 202, answer.text
        job_id: str = answer.json()["job_id"]
        Api(http).result(job_id)
        return job_id


def called(backend: Backend, content: bytes) -> tuple[str, str, str]:
    """Submit a file as a caller that traces; return the ids of the job and of the caller's trace and span."""
    trace_id, span_id = secrets.token_hex(16), secrets.token_hex(8)
    job_id = submit(backend, content, {"traceparent": f"00-{trace_id}-{span_id}-01"})
    return job_id, trace_id, span_id


def only(collector: Collector, trace_id: str, name: str) -> Collected:
    """Return the only span of this name in a trace, once it has arrived."""
    (found,) = wait_until(lambda: collector.of(trace_id, name), f"the span {name}")
    return found


def test_request_job_and_pages_are_in_the_callers_trace(backend: Backend, collector: Collector) -> None:
    job_id, trace_id, caller = called(backend, multipage_tiff(["One", "Two", SECRET_TEXT]))
    request = only(collector, trace_id, "POST /api/v1/ocr/submit")
    job = only(collector, trace_id, "job")
    pages = wait_until(lambda: len(found := collector.of(trace_id, "page")) == 3 and found, "the spans of three pages")
    assert request.parent_id == caller
    assert job.parent_id == request.span_id
    assert {page.parent_id for page in pages} == {job.span_id}
    assert len({span.span_id for span in (request, job, *pages)}) == 5
    assert (request.service, job.service, {page.service for page in pages}) == (
        "ocrdesk-api",
        "ocrdesk-worker",
        {"ocrdesk-worker"},
    )
    assert sorted(page.attributes["ocrdesk.page.number"] for page in pages) == [1, 2, 3]
    assert {span.attributes["ocrdesk.job.id"] for span in (job, *pages)} == {job_id}
    assert job.attributes["ocrdesk.job.pages_done"] == 3
    assert not any(span.is_error for span in (request, job, *pages))
    assert all(job.start_ns <= page.start_ns <= page.end_ns <= job.end_ns for page in pages)


def test_failed_job_has_its_error_code_and_no_message(backend: Backend, collector: Collector) -> None:
    _, trace_id, _ = called(backend, encrypted_pdf([SECRET_TEXT]))
    job = only(collector, trace_id, "job")
    assert job.is_error
    assert job.attributes["error.type"] == "encrypted_pdf"
    assert job.attributes["ocrdesk.job.state"] == "failed"


def test_caller_who_does_not_sample_gets_no_spans(backend: Backend, collector: Collector) -> None:
    unsampled = secrets.token_hex(16)
    submit(backend, text_png("One"), {"traceparent": f"00-{unsampled}-{secrets.token_hex(8)}-00"})
    _, later, _ = called(backend, text_png("Two"))
    only(collector, later, "job")
    assert not [span for span in collector.spans if span.trace_id == unsampled]


def test_a_request_without_a_trace_begins_one(backend: Backend, collector: Collector) -> None:
    job_id = submit(backend, text_png("One"), {})

    def jobs() -> list[Collected]:
        return [span for span in collector.spans if span.name == "job" and span.attributes["ocrdesk.job.id"] == job_id]

    (job,) = wait_until(jobs, "the job's span")
    assert only(collector, job.trace_id, "POST /api/v1/ocr/submit").parent_id == ""


def test_a_cancelled_jobs_span_comes_from_the_api(backend: Backend, collector: Collector) -> None:
    trace_id = secrets.token_hex(16)
    with open_http(backend.api, backend.token) as http:
        content = multipage_tiff([f"Page {number}" for number in range(40)])
        headers = {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"}
        job_id = http.post("/ocr/submit", files={"file": ("a.tiff", content)}, headers=headers).json()["job_id"]
        http.post(f"/ocr/jobs/{job_id}/cancel")
    job = only(collector, trace_id, "job")
    assert (job.service, job.attributes["ocrdesk.job.state"]) == ("ocrdesk-api", "cancelled")


def test_no_span_has_a_name_a_text_a_query_or_a_key(backend: Backend, collector: Collector) -> None:
    _, trace_id, _ = called(backend, text_png(SECRET_TEXT))
    with open_http(backend.api, backend.token) as http:
        http.get("/ocr/jobs", params={"q": SECRET_NAME}, headers={"traceparent": f"00-{trace_id}-{'1' * 16}-01"})
    only(collector, trace_id, "job")
    listed = only(collector, trace_id, "GET /api/v1/ocr/jobs")
    assert listed.attributes["url.query"] == "REDACTED"
    sent = b"".join(collector.raw)
    for secret in (SECRET_NAME, SECRET_TEXT, backend.token):
        assert secret.encode() not in sent


def test_probes_and_event_streams_have_no_spans(backend: Backend, collector: Collector) -> None:
    _, trace_id, _ = called(backend, text_png("One"))
    with open_http(backend.api, backend.token) as http:
        http.get("/health")
        http.get("/metrics")
        with http.stream("GET", "/ocr/events"):
            pass
        http.get("/capabilities", headers={"traceparent": f"00-{trace_id}-{'1' * 16}-01"})
    only(collector, trace_id, "GET /api/v1/capabilities")
    names = {span.name for span in collector.spans}
    assert not [name for name in names if any(part in name for part in ("health", "metrics", "events"))]


def test_jobs_finish_although_no_collector_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with short_folder() as folder, running_backend(folder / "data", OTEL_EXPORTER_OTLP_ENDPOINT=endpoint) as backend:
        submit(backend, multipage_tiff(["One", "Two"]), {})
