"""A relay before Redis that carries one command out and cuts the connection instead of passing its answer on."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.socket_relay import UnixRelay

_BYTES = 1 << 16


class CuttingRelay(UnixRelay):
    """Listens at `path`. The first request with one of the `words` in it loses its answer."""

    def __init__(self, server: str, path: Path, words: tuple[bytes, ...]) -> None:
        super().__init__(server, path)
        self._words = words
        self.cuts = 0

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            server.connect(self._server)
            is_marked = False
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(_BYTES)
                    if not data or (ready is server and is_marked):
                        self.cuts += is_marked
                        return
                    is_marked |= ready is client and not self.cuts and any(word in data for word in self._words)
                    (server if ready is client else client).sendall(data)


@contextlib.contextmanager
def cutting_relay(server: str, path: Path, *words: bytes) -> Iterator[CuttingRelay]:
    """Run it before the Redis at the Unix socket `server`."""
    relay = CuttingRelay(server, path, words)
    with relay.serving():
        yield relay
