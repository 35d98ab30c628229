"""A server whose responses do not end, or cannot be unpacked."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator

_BODIES = {"endless": b"{" + b" " * 100_000, "broken gzip": b"no gzip"}
_HEADERS = {"endless": b"", "broken gzip": b"Content-Encoding: gzip\r\n"}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, status: bytes, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.head = b"HTTP/1.1 " + status + b"\r\n" + _HEADERS[kind] + b"\r\n"
        self.body, self.is_endless = _BODIES[kind], kind == "endless"
        self.sent = 0


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Server)
        self.request.recv(65_536)
        with contextlib.suppress(OSError):
            self.request.sendall(self.server.head + self.server.body)
            while self.server.is_endless:
                self.request.sendall(self.server.body)
                self.server.sent += len(self.server.body)


@contextlib.contextmanager
def endless_server(status: bytes, kind: str = "endless") -> Iterator[str]:
    """Yield the address. `kind` is `endless` or `broken gzip`."""
    with _Server(status, kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
        assert server.sent < 100_000_000
