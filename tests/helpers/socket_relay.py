"""Relays that listen at a socket; what they do with a connection is for a subclass to say."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path


class SocketRelay:
    """Has a thread for each connection to `listener`."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Serve while the block runs."""
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        raise NotImplementedError


class UnixRelay(SocketRelay):
    """Listens at `path`, before the server at another Unix socket."""

    def __init__(self, server: str, path: Path) -> None:
        super().__init__(socket.socket(socket.AF_UNIX))
        self._server = server
        self._listener.bind(str(path))
        self._listener.listen(256)
