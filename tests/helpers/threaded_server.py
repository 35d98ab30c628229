"""Runs the api's own server in a thread of the test, so that a test can shorten its limits of time."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk_api.app import create_app
from ocrdesk_api.server import connections, uvicorn_server
from ocrdesk_api.server.uvicorn_server import Server
from tests.helpers.wait import wait_until

HEAD = b"GET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\n"


@dataclass(frozen=True, slots=True)
class ThreadedServer:
    """A running server. Its clock has 40 seconds for each real one."""

    server: Server
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def clock(self) -> connections.Clock:
        return self.server.clock

    def connect(self, *, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0))

    def wait(self, seconds: float, while_waiting: Callable[[], object] = lambda: None) -> None:
        """Return when the server's clock has moved on by so many of its seconds."""
        end = self.clock.now + seconds

        def is_over() -> bool:
            while_waiting()
            return self.clock.now > end

        wait_until(is_over, "the server's clock")


class _FastClock(connections.Clock):
    """A clock that moves by four seconds at each of the server's ticks, which come every tenth of a second."""

    def tick(self) -> None:
        self.now += 4.0


@contextlib.contextmanager
def threaded_server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[ThreadedServer]:
    """Run the service until the block ends. 127.0.0.1 gives it its port."""
    monkeypatch.setattr(connections, "Clock", _FastClock)
    monkeypatch.setattr(uvicorn_server, "_TICKS_PER_S", 1)
    app = create_app(settings)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = Server(app, settings, app.state.stop, host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        wait_until(lambda: server.started, "the server's start")
        try:
            yield ThreadedServer(server, listener.getsockname()[1])
        finally:
            app.state.services.hub.close()
            server.should_exit = True
            thread.join(30)


def read_to_end(connection: socket.socket) -> bytes:
    """Return what the server sends until it closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            received += part
    return received
