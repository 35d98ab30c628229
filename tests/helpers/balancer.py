"""A TCP balancer before several servers: each new connection goes to the next one that accepts it."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator

from tests.helpers.socket_relay import SocketRelay

_BYTES = 1 << 16
_CONNECT_S = 5


class Balancer(SocketRelay):
    """Listens on a port of 127.0.0.1. `targets` are the ports of the servers, and may change at any time."""

    def __init__(self, targets: list[int]) -> None:
        super().__init__(socket.create_server(("127.0.0.1", 0), backlog=256))
        self.targets = targets
        self._turn = itertools.count()
        self.port = int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _pass_on(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            server = self._connect()
            if server is None:
                return
            with server:
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()

    def _connect(self) -> socket.socket | None:
        targets, turn = list(self.targets), next(self._turn)
        for number in range(len(targets)):
            with contextlib.suppress(OSError):
                server = socket.create_connection(("127.0.0.1", targets[(turn + number) % len(targets)]), _CONNECT_S)
                server.settimeout(None)
                return server
        return None


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until the source ends; then tell the target."""
    with contextlib.suppress(OSError):
        while data := source.recv(_BYTES):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def balancer(*ports: int) -> Iterator[Balancer]:
    """Run one before the servers at these ports of 127.0.0.1."""
    made = Balancer(list(ports))
    with made.serving():
        yield made
