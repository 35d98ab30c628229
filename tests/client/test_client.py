"""The SDK against a real backend: calls, errors as a tree, and sentences for people."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import ocrdesk.client
from ocrdesk.client import (
    ApiError,
    AuthError,
    Client,
    ClientError,
    ConflictError,
    ExportError,
    IdempotencyConflictError,
    InvalidRequestError,
    JobFailedError,
    NotFoundError,
    NothingToRetryError,
    NotReadyError,
    RateLimitedError,
    RevisionConflictError,
    ServerBusyError,
    ServerUnavailableError,
    TooLargeError,
    UploadGoneError,
    errors,
)
from ocrdesk.client.errors import api_error
from ocrdesk.client.responses import parse_retry_after
from ocrdesk.contract.errors import ErrorBody
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


# ── what is exported ─────────────────────────────────────────────────────────────────────────────


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


def test_errors_form_the_tree_that_is_drawn_atop_their_module() -> None:
    def below(kind: type[Exception], depth: int = 0) -> Iterator[tuple[int, str]]:
        yield depth, kind.__name__
        for child in kind.__subclasses__():
            yield from below(child, depth + 1)

    drawn = (errors.__doc__ or "").split("\n\n")[1].splitlines()
    names = [line.replace("│", " ").replace("├──", "   ").replace("└──", "   ") for line in drawn]
    indents = [(len(name) - len(name.lstrip())) // 4 for name in names]
    assert sorted(zip(indents, (name.split()[0] for name in names), strict=True)) == sorted(below(ClientError))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "bad_request", InvalidRequestError),
        (401, "unauthorized", AuthError),
        (403, "forbidden", AuthError),
        (404, "not_found", NotFoundError),
        (405, "method_not_allowed", ApiError),
        (409, "not_ready", NotReadyError),
        (409, "nothing_to_retry", NothingToRetryError),
        (409, "upload_lost", UploadGoneError),
        (409, "idempotency_conflict", IdempotencyConflictError),
        (409, "already_registered", ConflictError),
        (412, "revision_conflict", RevisionConflictError),
        (413, "body_too_large", TooLargeError),
        (422, "export_failed", ExportError),
        (429, "rate_limited", RateLimitedError),
        (500, "internal", ApiError),
        (502, "http_error", ServerUnavailableError),
        (503, "redis_unavailable", ServerUnavailableError),
        (503, "queue_full", ServerBusyError),
        (503, "storage_full", ServerBusyError),
        (504, "http_error", ServerUnavailableError),
    ],
)
def test_each_status_has_its_error(status: int, code: str, kind: type[ClientError]) -> None:
    error = api_error(status, ErrorBody(error="E", detail="What to do.", code=code))
    assert type(error) is kind
    assert str(error) == "What to do."
    assert isinstance(error, ApiError | ServerUnavailableError)
    assert error.code == code
    assert not isinstance(error, ApiError) or error.status == status


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("7", 7.0), (" 0 ", 0.0), ("", None), (None, None), ("soon", None), ("-1", None), ("²", None)],
)
def test_retry_after_is_a_number_of_seconds(header: str | None, wait_s: float | None) -> None:
    assert parse_retry_after(header) == wait_s


def test_retry_after_may_be_a_date() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3500 < (parse_retry_after(in_an_hour) or 0) <= 3600
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


@pytest.mark.parametrize(
    ("said", "header_s", "wait_s"),
    [(60, None, 60.0), (7, 9.0, 7.0), (None, 9.0, 9.0), (None, None, None), ("soon", None, None)],
)
def test_an_error_says_when_to_come_again(said: object, header_s: float | None, wait_s: float | None) -> None:
    body = ErrorBody.model_validate(
        {"error": "E", "detail": "D", "code": "c"} | ({"retry_after": said} if said else {})
    )
    for status in (429, 503):
        error = api_error(status, body, header_s)
        assert isinstance(error, RateLimitedError | ServerUnavailableError)
        assert error.retry_after_s == wait_s


# ── the whole way ────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_recognised_in_one_call(client: Client, picture: Path) -> None:
    document = client.recognise(picture)
    assert document.file_name == "hello ä.png"
    assert [line.text for page in document.pages for line in page.lines()] == ["Hello world"]


def test_each_step_can_be_taken_alone(client: Client, picture: Path) -> None:
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


def test_an_upload_tells_how_much_was_sent(client: Client, tmp_path: Path) -> None:
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


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_not_taken_is_rejected_with_the_servers_words(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "notes.pdf"
    path.write_text("just text")
    with pytest.raises(InvalidRequestError, match=r"notes\.pdf is none of the types") as raised:
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


def test_nobody_there_is_said_with_the_address() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with Client(url) as client, pytest.raises(ServerUnavailableError) as raised:
        client.health()
    assert str(raised.value) == f"No server answers at {url}. Is the address right, and is it running?"


@pytest.mark.parametrize("url", ["http://nowhere.invalid", "http://127.0.0.1:99999", "ftp://127.0.0.1", "http://"])
def test_an_address_that_leads_nowhere_is_a_server_away(url: str) -> None:
    with pytest.raises(ServerUnavailableError), Client(url) as client:
        client.health()


class _Stranger(BaseHTTPRequestHandler):
    """A web server that is no ocrdesk: a page for some paths, nothing for others."""

    def do_GET(self) -> None:  # http.server calls it
        found = self.path.endswith("/health")
        self.send_response(200 if found else 501)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_server_that_is_no_ocrdesk_is_told_so(stranger: str) -> None:
    with Client(stranger) as client:
        with pytest.raises(ClientError, match="Is this an ocrdesk server"):
            client.health()
        with pytest.raises(ApiError, match="501") as raised:
            client.capabilities()
        assert raised.value.code == "http_error"


def test_a_proxy_in_the_environment_is_not_asked_for_this_machine(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    with Client(backend.url, backend.token) as client:
        assert client.health().status == "healthy"
