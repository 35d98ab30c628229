"""A real HTTP proxy in front of the real server; each failure that a test queues happens once."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx2

from tests.helpers import plain_http

_HOP_BY_HOP = ("connection", "host", "keep-alive", "transfer-encoding", "content-length", "content-encoding")


class Cut(Enum):
    """Where the connection breaks: before the request is passed on, after that, or in the middle of the response."""

    BEFORE = "before"
    AFTER = "after"
    HALFWAY = "halfway"


@dataclass(frozen=True, slots=True)
class Says:
    """An error response, without passing the request on to the server."""

    status: int
    code: str
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A received request."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Relay:
    """Each request uses up one of `failures`; `always` stays. Without any, requests are passed on."""

    server_url: str
    port: int = 0
    failures: list[Says | Cut] = field(default_factory=list)
    always: Says | Cut | None = None
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next_failure(self, request: Seen) -> Says | Cut | None:
        self.seen.append(request)
        return self.failures.pop(0) if self.failures else self.always


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    relay: ClassVar[Relay]

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        failure = self.relay.next_failure(Seen(self.command, self.path, headers))
        if failure is Cut.BEFORE:
            self._cut()
        elif isinstance(failure, Says):
            self._refuse(failure)
        else:
            kept = {name: value for name, value in headers.items() if name not in _HOP_BY_HOP}
            answer = plain_http.request(
                self.command,
                self.relay.server_url + self.path,
                content=body,
                headers=kept,
                timeout=60,
                trust_env=False,
            )
            self._pass_on(answer, failure)

    do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815  # http.server calls them

    def _refuse(self, failure: Says) -> None:
        body = json.dumps({"error": "No", "detail": "Not now.", "code": failure.code}).encode()
        self.send_response(failure.status)
        if failure.retry_after_s is not None:
            self.send_header("Retry-After", str(failure.retry_after_s))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pass_on(self, answer: httpx2.Response, failure: Cut | None) -> None:
        if failure is Cut.AFTER:
            self._cut()
            return
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if failure is Cut.HALFWAY:
            self.wfile.write(answer.content[: len(answer.content) // 2])
            self._cut()
        else:
            self.wfile.write(answer.content)

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *arguments: object) -> None:
        """Log nothing, to keep the test's output clean."""


@contextlib.contextmanager
def run_faulty_proxy(server_url: str) -> Iterator[Relay]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    relay = Relay(server_url, server.server_port)
    handler.relay = relay  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
