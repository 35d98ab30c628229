"""A relay before Redis that answers chosen commands with an error of Redis instead of passing them on."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from tests.helpers.socket_relay import UnixRelay

Command = list[bytes]
Refusal = Callable[[Command], bytes | None]
"""Returns the error line for a command, without its end of line; None passes the command on."""


def passes_all(command: Command) -> bytes | None:
    """Refuse nothing."""
    return None


class RefusingRelay(UnixRelay):
    """Listens at `path` and asks `refuse` about each command. `seen` has the names of all commands."""

    def __init__(self, server: str, path: Path) -> None:
        super().__init__(server, path)
        self.url = f"unix://{path}"
        self.refuse: Refusal = passes_all
        self.seen: set[bytes] = set()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError, ValueError):
            server.connect(self._server)
            commands, answers = client.makefile("rb"), server.makefile("rb")
            while command := _read_command(commands):
                raw, words = command
                self.seen.add(words[0].upper())
                if refused := self.refuse(words):
                    if words[0].upper() == b"EXEC":  # Redis, which refuses a transaction, ends it
                        server.sendall(b"DISCARD\r\n")
                        _read_answer(answers)
                    client.sendall(refused + b"\r\n")
                    continue
                server.sendall(raw)
                if words[0].upper() in (b"SUBSCRIBE", b"PSUBSCRIBE"):
                    threading.Thread(target=_copy, args=(client, server), daemon=True).start()
                    _copy(server, client, answers)
                    return
                client.sendall(_read_answer(answers))


def _copy(source: socket.socket, target: socket.socket, begun: BinaryIO | None = None) -> None:
    """Pass on what a subscription brings until either side ends."""
    with contextlib.suppress(OSError):
        while data := begun.read1() if begun else source.recv(1 << 16):  # type: ignore[attr-defined]
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _read_command(stream: BinaryIO) -> tuple[bytes, Command] | None:
    raw = stream.readline()
    if not raw:
        return None
    words = []
    for _ in range(int(raw[1:])):
        head = stream.readline()
        body = stream.read(int(head[1:]) + 2)
        raw += head + body
        words.append(body[:-2])
    return raw, words


def _read_answer(stream: BinaryIO) -> bytes:
    """Return one answer of either version of the protocol."""
    raw = stream.readline()
    if not raw:
        raise ValueError("Redis has ended")
    kind, size = raw[:1], raw[1:-2]
    if kind in b"$=!" and int(size) >= 0:
        return raw + stream.read(int(size) + 2)
    if kind in b"*~>%" and int(size) > 0:
        return raw + b"".join(_read_answer(stream) for _ in range(int(size) * (2 if kind == b"%" else 1)))
    return raw


@contextlib.contextmanager
def refusing_relay(server: str, path: Path) -> Iterator[RefusingRelay]:
    """Run it before the Redis at the Unix socket `server`."""
    relay = RefusingRelay(server, path)
    with relay.serving():
        yield relay
