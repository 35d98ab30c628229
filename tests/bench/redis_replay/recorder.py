"""A proxy between real processes and a real Valkey that records every command, with its connection and its time.

Unlike MONITOR it costs the server nothing, and it sees what belongs together: the commands that were sent at once, the
process that sent them, and the size of the replies. Commands inside scripts are part of their EVAL.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.bench.redis_replay.resp import Command, Commands, replies

_CHUNK = 1 << 16


@dataclass(slots=True)
class Exchange:
    """Commands that a client sent at once, and the replies to them."""

    at: float
    """When the last of them was sent, by `time.monotonic`."""
    commands: list[Command]
    sent_bytes: int
    replies: list[Any] = field(default_factory=list)
    reply_bytes: int = 0
    answered_at: float = 0.0


@dataclass(slots=True)
class Connection:
    """A client's connection, and all that it sent."""

    pid: int
    parent: int
    opened_at: float
    closed_at: float = 0.0
    exchanges: list[Exchange] = field(default_factory=list)

    def names(self) -> set[bytes]:
        """Return the names of its commands, in capitals."""
        return {command[0].upper() for exchange in self.exchanges for command in exchange.commands}


class Recorder:
    """Listens at a Unix socket, which names the processes, and passes everything on to the server at a port."""

    def __init__(self, listen_at: Path, port: int) -> None:
        self._listen_at, self._port = listen_at, port
        self.connections: list[Connection] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._listen_at

    @property
    def url(self) -> str:
        """The REDIS_URL of what is to be recorded."""
        return f"unix://{self._listen_at}"

    @contextlib.contextmanager
    def running(self) -> Iterator[Recorder]:
        """Record during the block, in a thread."""
        thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        thread.start()
        self._ready.wait()
        try:
            yield self
        finally:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_unix_server(self._accept, str(self._listen_at), limit=_CHUNK)
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._pass_on(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pid = _peer(writer.get_extra_info("socket"))
        connection = Connection(pid, _parent(pid), time.monotonic())
        self.connections.append(connection)
        to_server = await asyncio.open_connection("127.0.0.1", self._port, limit=_CHUNK)
        answering = asyncio.ensure_future(_answer(connection, to_server[0], writer))
        commands = Commands()
        try:
            while data := await reader.read(_CHUNK):
                _note(connection, list(commands.feed(data)), len(data))
                to_server[1].write(data)
        except ConnectionError:
            pass
        finally:
            connection.closed_at = time.monotonic()
            to_server[1].close()
            answering.cancel()
            writer.close()


async def _answer(connection: Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    found = replies()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            waiting = [one for one in connection.exchanges if len(one.replies) < len(one.commands)]
            if waiting:
                waiting[0].reply_bytes += len(data)
            found.feed(data)
            while (reply := found.gets()) is not False:
                waiting[0].replies.append(reply)
                if len(waiting[0].replies) == len(waiting[0].commands):
                    waiting.pop(0).answered_at = time.monotonic()
            writer.write(data)
    writer.close()


def _note(connection: Connection, commands: list[Command], sent_bytes: int) -> None:
    """Add commands to the last exchange if the client had not read all replies to it, otherwise as a new one.

    A transaction is one exchange, although a client sends a long one in parts, and the first part may be answered.
    """
    last = connection.exchanges[-1] if connection.exchanges else None
    if last is not None and (len(last.replies) < len(last.commands) or _is_open(last.commands)):
        last.commands += commands
        last.sent_bytes += sent_bytes
        last.at = time.monotonic()
    else:
        connection.exchanges.append(Exchange(time.monotonic(), commands, sent_bytes))


def _is_open(commands: list[Command]) -> bool:
    names = [command[0] for command in commands]
    return names.count(b"MULTI") > names.count(b"EXEC") + names.count(b"DISCARD")


def _peer(client: socket.socket) -> int:
    """Return the process at the other end of a Unix socket."""
    size = struct.calcsize("3i")
    pid, _, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(pid)


def _parent(pid: int) -> int:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).ppid()
    return 0
