"""Whole requests: the bytes of an HTTP request, through the parser of the server, to the api with a real Valkey.

There is no worker, so a file that a worker would make is waited for until the request is cancelled.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httptools
from redis import Redis

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, Limits, Unit, UnitKind, utc_now
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import UPLOAD, put
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_api.app import create_app
from tests.fuzz.target import Target
from tests.helpers.ledger_jobs import new_attempt
from tests.helpers.processes import run_valkey
from tests.helpers.sample_pages import PRICES, block, document, page

JOB_ID = "0f8fad5bd9cb469fa16570867728950e"
_HELD_BACK_S = 0.5
"""How long a response may take before the caller goes away."""


@dataclass
class _Request:
    """A request as uvicorn passes it to the api."""

    url: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    is_complete: bool = False

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_complete = True


def parsed(data: bytes) -> dict[str, Any] | None:
    """Return the ASGI scope of a request, with its body; None for one that the server refuses."""
    request = _Request()
    parser = httptools.HttpRequestParser(request)
    try:
        parser.feed_data(data)
        if not request.is_complete or parser.should_upgrade():
            return None
        url = httptools.parse_url(request.url)
        path = (url.path or b"").decode("ascii")
    except (httptools.HttpParserError, UnicodeDecodeError):
        return None
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": parser.get_http_version(),
        "method": parser.get_method().decode("ascii"),
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": url.query or b"",
        "root_path": "",
        "headers": request.headers,
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "state": {},
        "body": request.body,
    }


class Server:
    """The api in this process, with one finished job, on an own Valkey."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        atexit.register(self._open.close)
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="fuzz-"))
        self._redis_url = self._open.enter_context(run_valkey(Path(folder)))
        settings = Settings(redis_url=self._redis_url, storage_url="", register_limit="100000/second")
        self._loop = asyncio.new_event_loop()
        self._app = create_app(settings)
        self._services: Services = self._app.state.services
        self.restore()

    def restore(self) -> None:
        """Put the job back that requests look for, unless it is as it was."""
        job = self._services.ledger.jobs.get(JOB_ID)
        if job is None or job.state is not JobState.FINISHED:
            with Redis.from_url(self._redis_url) as redis:
                redis.flushall()
            _finish_job(self._services.ledger, self._services)

    def send(self, scope: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        """Return status, headers and body of the response; None if the caller went away before it began."""
        return self._loop.run_until_complete(self._exchange(scope))

    async def _exchange(self, scope: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        messages = [{"type": "http.request", "body": scope.pop("body"), "more_body": False}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.sleep(_HELD_BACK_S / 2)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._app(scope, receive, send), _HELD_BACK_S)
        if not sent:
            return None
        raw = sent[0]["headers"]
        for name, value in raw:
            assert not set(name + value) & set(b"\r\n\0"), (name, value)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}
        return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def _finish_job(ledger: Ledger, services: Services) -> None:
    """Store a finished job with two pages."""
    limits, options = Limits(max_pages=None, page_timeout_s=5), JobOptions()
    pages = (page(block("Hello world")), PRICES.model_copy(update={"number": 2}))
    put(services.blobs, JOB_ID, UPLOAD, b"%PDF-1.7")
    ledger.jobs.create(
        JobRecord(JOB_ID, "local", JobState.QUEUED, "scan \u00e4.pdf", "application/pdf", 8, options, limits, utc_now())
    )
    attempt = new_attempt()
    assert ledger.leases.claim(Unit(JOB_ID, UnitKind.PREPARE), attempt)
    assert ledger.pages.plan(JOB_ID, attempt, 2, inflight_limit=2, inline=False)
    for found in pages:
        services.page_results.write_page(JOB_ID, f"page-{found.number}", pack(found))
        assert ledger.leases.claim(Unit(JOB_ID, UnitKind.PAGE, found.number), attempt)
        ledger.pages.commit(
            *(JOB_ID, found.number, attempt.id, PageState.FINISHED),
            inflight_limit=2,
            blob=f"page-{found.number}",
            continue_as=attempt,
        )
    assert ledger.jobs.finish(JOB_ID, attempt.id)


_servers: list[Server] = []


def run_request(data: bytes) -> bool:
    """Send a request: no internal error, no broken header, and each error with the common body."""
    scope = parsed(data)
    if scope is None:
        return False
    if not _servers:
        _servers.append(Server())
    server = _servers[0]
    server.restore()
    found = server.send(dict(scope))
    if found is None:
        return False
    status, headers, body = found
    is_api = scope["path"].startswith("/api/v1") and scope["method"] != "HEAD"
    assert status < 500 or (status == 503 and scope["path"].endswith(("/health", "/health/ready"))), (status, body)
    if status >= 400 and is_api and headers.get("content-type") == "application/json":
        assert {"error", "detail", "code"} <= set(json.loads(body)), body
    return status < 400


def _request(line: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: localhost", *headers, *([f"Content-Length: {len(body)}"] if body else [])]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


_BASE = "/api/v1"
_JOB = f"{_BASE}/ocr/jobs/{JOB_ID}"
_CORRECTED = document(page(block("Hello there"))).model_copy(update={"job_id": JOB_ID}).model_dump_json().encode()
_FORM = (
    b'--x\r\nContent-Disposition: form-data; name="pages"\r\n\r\n1-2\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG\r\n\x1a\n\r\n--x--\r\n'
)
REQUEST = Target(
    "request",
    run_request,
    (
        _request(f"GET {_BASE}/ocr/jobs?limit=5&status=finished&name=scan&since=2020-01-01T00:00:00Z"),
        _request(f"GET {_BASE}/ocr/jobs?cursor=1893456000.5~{JOB_ID}&until=2040-01-01T00:00:00%2B01:00"),
        _request(f"GET {_JOB}"),
        _request(f"GET {_JOB}/document", "Accept: application/json"),
        _request(f"GET {_JOB}/file?format=text&join_lines=true&wait=0"),
        _request(f"GET {_JOB}/file?format=hocr&omit_headers_footers=true"),
        _request(f"GET {_JOB}/pages/2"),
        _request(f"GET {_JOB}/webhook"),
        _request(f"GET {_JOB}/review", "X-Request-ID: abc"),
        _request(f"GET {_BASE}/ocr/result/{JOB_ID}", "Accept: text/plain;q=0.5, text/html"),
        _request(f"GET {_BASE}/ocr/events/{JOB_ID}", "Last-Event-ID: 9999999999999-0"),
        _request(f"GET {_BASE}/capabilities", "Origin: http://localhost", "X-Forwarded-For: 1.2.3.4"),
        _request(f"HEAD {_JOB}/file?format=csv", "Range: bytes=0-10", 'If-None-Match: "0"'),
        _request(f"OPTIONS {_BASE}/ocr/submit", "Origin: https://evil.example", "Access-Control-Request-Method: POST"),
        _request(f"PUT {_JOB}/document", 'If-Match: "0"', "Content-Type: application/json", body=_CORRECTED),
        _request(f"POST {_JOB}/cancel"),
        _request(f"POST {_JOB}/retry", "Content-Type: application/x-www-form-urlencoded", body=b"password=x"),
        _request(
            f"POST {_BASE}/ocr/submit",
            "Content-Type: multipart/form-data; boundary=x",
            "Idempotency-Key: k",
            body=_FORM,
        ),
        _request(
            f"POST {_BASE}/auth/register",
            "Content-Type: application/json",
            body=b'{"name":"A","email":"a@example.com"}',
        ),
        _request(f"POST {_BASE}/auth/keys", "Authorization: Bearer x", body=b'{"name":"A"}'),
        _request("GET /nothing").replace(b"localhost", b"["),
        _request("PATCH /docs", "X-Forwarded-Host: [::1", "Range: bytes=9-1,-0"),
        _request("GET /metrics", "Accept: application/openmetrics-text"),
    ),
    (
        *(
            b"Host: [",
            b"Host: a b",
            b"Origin: http://[",
            b"X-Forwarded-Prefix: /x",
            b"Expect: 100-continue",
            b"HTTP/1.0",
        ),
        *(
            b"Transfer-Encoding: chunked",
            b"%2F",
            b"%00",
            b"%ff",
            b"?format=json",
            b"&wait=nan",
            b"+00:00",
            b"0001-01-01",
        ),
        *(
            b"9999-12-31T23:59:59-23:59",
            b"?cursor=1e400~x",
            b"?cursor=0~%C2%B2",
            b"Accept: text/html;q=",
            JOB_ID.encode(),
        ),
    ),
    rounds=20,
)

TARGETS = (REQUEST,)
