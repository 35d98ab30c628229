"""The SDK with a real server: calls, the tree of exceptions, and messages for users."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import ocrdesk.client
from ocrdesk.client import (
    Client,
    InvalidRequestError,
    JobFailedError,
    NotFoundError,
)
from ocrdesk.contract.jobs import EngineName, JobOptions, ResultFormat
from ocrdesk.contract.states import JobState
from tests.helpers.processes import Backend
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, text_png

UNKNOWN = "0f8fad5bd9cb469fa16570867728950e"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "hello ä.png"
    path.write_bytes(text_png("Hello world"))
    return path


def test_the_exported_names_are_pinned() -> None:
    assert sorted(ocrdesk.client.__all__) == [
        "ApiError",
        "AuthError",
        "Client",
        "ClientClosedError",
        "ClientError",
        "ConflictError",
        "EngineName",
        "EventStream",
        "ExportError",
        "FetchedDocument",
        "IdempotencyConflictError",
        "InvalidRequestError",
        "JobFailedError",
        "JobOptions",
        "JobState",
        "NewKey",
        "NotFoundError",
        "NotReadyError",
        "NothingToRetryError",
        "PageState",
        "PdfOptions",
        "RateLimitedError",
        "RecognitionMode",
        "ResultFormat",
        "RetryPolicy",
        "RevisionConflictError",
        "Scope",
        "ServerBusyError",
        "ServerUnavailableError",
        "TooLargeError",
        "UploadGoneError",
    ]
    for name in ocrdesk.client.__all__:
        assert getattr(ocrdesk.client, name)


def test_a_file_is_recognised_in_one_call(client: Client, picture: Path) -> None:
    document = client.recognise(picture)
    assert document.file_name == "hello ä.png"
    assert [line.text for page in document.pages for line in page.lines()] == ["Hello world"]


def test_each_step_can_be_called_separately(client: Client, picture: Path) -> None:
    job_id = client.submit(picture, JobOptions(languages=("eng",), engine=EngineName.TESSERACT))
    assert client.wait(job_id).text == "Hello world\n"
    assert client.job(job_id).status is JobState.FINISHED
    assert client.jobs(limit=1)[0].job_id == job_id
    assert client.page(job_id, 1).number == 1
    assert client.export(job_id, ResultFormat.TEXT) == b"Hello world\n"
    assert client.cancel(job_id).status is JobState.FINISHED
    client.delete(job_id)
    with pytest.raises(NotFoundError):
        client.job(job_id)


def test_a_wait_answers_the_state_when_its_time_is_over(client: Client) -> None:
    job_id = client.submit(multipage_tiff([f"Page {number}" for number in range(60)]), name="long.tif")
    assert not client.wait(job_id, timeout_s=0).status.is_final
    assert not client.wait(job_id, timeout_s=0.2).status.is_final
    client.cancel(job_id)
    assert client.wait(job_id, timeout_s=60).status is JobState.CANCELLED


def test_an_upload_reports_how_much_was_sent(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "big.png"
    path.write_bytes(text_png("Hello").ljust(700_000, b"\0"))
    told: list[tuple[int, int]] = []
    client.submit(path, on_sent=lambda sent, total: told.append((sent, total)))
    assert told[-1] == (700_000, 700_000)
    assert len(told) > 2
    assert told == sorted(told)


def test_health_and_capabilities_are_typed(client: Client) -> None:
    assert client.health().status == "healthy"
    assert "eng" in client.capabilities().languages


def test_an_unsupported_file_is_rejected_with_the_servers_message(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "notes.pdf"
    path.write_text("just text")
    with pytest.raises(InvalidRequestError, match=r"notes\.pdf is not a supported file") as raised:
        client.submit(path)
    assert raised.value.code == "unsupported_type"


def test_a_job_that_fails_says_why(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    path.write_bytes(encrypted_pdf(["Secret"]))
    with pytest.raises(JobFailedError, match="password") as raised:
        client.recognise(path)
    assert raised.value.code == "encrypted_pdf"


def test_a_cancelled_job_is_no_result(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "book.tif"
    path.write_bytes(multipage_tiff([f"Page {number}" for number in range(50)]))
    job_id = client.submit(path)
    assert client.cancel(job_id).status is JobState.CANCELLED
    assert client.wait(job_id).status is JobState.CANCELLED


def test_an_unknown_job_is_not_found(client: Client) -> None:
    for call in (client.job, client.wait, client.document, client.delete, client.cancel):
        with pytest.raises(NotFoundError):
            call(UNKNOWN)


def test_a_missing_file_is_an_os_error(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.submit(tmp_path / "nothing.png")


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_a_proxy_in_the_environment_is_not_asked_for_this_machine(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with Client(backend.url, backend.token) as client:
        assert client.health().status == "healthy"


@contextlib.contextmanager
def running_proxy() -> Iterator[tuple[int, list[str]]]:
    """A proxy that forwards nothing: its port, and the addresses that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_proxy_in_the_environment_is_asked_for_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running_proxy() as (port, asked):
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        with Client("http://ocr.example.org:8000") as client, pytest.raises(NotFoundError):
            client.health()
    assert asked == ["http://ocr.example.org:8000/api/v1/health"]
