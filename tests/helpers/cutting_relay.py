"""A relay before Redis that carries one command out and cuts the connection instead of passing its answer on."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

_BYTES = 1 << 16


class CuttingRelay:
    """Listens at `path`. The first request with one of the `words` in it loses its answer."""

    def __init__(self, server: str, path: Path, words: tuple[bytes, ...]) -> None:
        self._server, self._words = server, words
        self.cuts = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

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
    thread = threading.Thread(target=relay.serve, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.listener.shutdown(socket.SHUT_RDWR)
        relay.listener.close()
        thread.join(10)
