"""A real HTTP server that receives webhooks, records the requests, and responds as the test says."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Received:
    """One request, its header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The response of the receiver. With `body` None, the headers announce a body that is never sent."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = b""


@dataclass(slots=True)
class Receiver:
    """Each request uses one of `answers`; the last one stays."""

    port: int
    scheme: str = "http"
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    received: list[Received] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    """While it is cleared, requests are received but get no response."""
    cut_off: threading.Event = field(default_factory=threading.Event)
    """Set when the client disconnected before it had the whole response."""

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def take(self, request: Received) -> Answer:
        self.received.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.open.wait(60)
        return answer


class _Handler(BaseHTTPRequestHandler):
    receiver: ClassVar[Receiver]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.receiver.take(Received(self.path, headers, body))
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(1000 if answer.body is None else len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body or b"")
            if answer.body is None:
                self.wfile.flush()
                self.rfile.read(1)  # until the client gives up
        except OSError:
            self.receiver.cut_off.set()

    def do_GET(self) -> None:
        """Handle GET, because a followed redirect would arrive as GET."""
        self.do_POST()

    def log_message(self, *arguments: object) -> None:
        """Log nothing, to keep the test's output clean."""


@contextlib.contextmanager
def run_webhook_receiver(
    *, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer((address, port), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver = Receiver(server.server_port, "https" if tls else "http")
    receiver.open.set()
    handler.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.open.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def signature_by_hand(secret: str, request: Received) -> str:
    """Return the expected header webhook-signature, computed as the specification says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
