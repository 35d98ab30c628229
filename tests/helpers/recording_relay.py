"""A relay before a server that records what clients send: for headers that a server does not tell, and to count."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator

_REQUEST = re.compile(rb"(GET|PUT|POST|HEAD|DELETE) (/\S*) HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)


class RecordingRelay:
    """Passes connections on to a port of 127.0.0.1; `change` makes what the server gets of what was sent."""

    def __init__(self, port: int, change: Callable[[bytes], bytes] = bytes) -> None:
        self._to = port
        self._change = change
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._sent: list[bytearray] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def requests(self) -> list[tuple[str, str, str]]:
        """Return the method, path and headers of every request so far."""
        found = [match for sent in list(self._sent) for match in _REQUEST.finditer(bytes(sent))]
        return [(one[1].decode(), one[2].decode(), one[3].decode("latin-1")) for one in found]

    def clear(self) -> None:
        """Forget what was sent so far."""
        for sent in self._sent:
            sent.clear()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                sent = bytearray()
                self._sent.append(sent)
                threading.Thread(target=self._pass_on, args=(client, server, sent), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(server, client, None), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, record: bytearray | None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if record is not None:
                    record += data
                    data = self._change(data)
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def recording_relay(port: int, change: Callable[[bytes], bytes] = bytes) -> Iterator[RecordingRelay]:
    """Run a relay to a port during the block."""
    relay = RecordingRelay(port, change)
    try:
        yield relay
    finally:
        relay.close()
