"""A TCP relay that behaves as a bad line: late, lossy, stalling, with connections that break or fall silent.

TCP hides lost packets, and shows them as delay: a lost one arrives a retransmission later. What a program sees of a
bad line is that delay, silence, and broken connections, and this relay makes them. All choices follow from the seed.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

_BYTES = 1 << 14
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """How bad the line is; the shares are of pieces of up to 16 KiB."""

    delay_s: float = 0.005
    """One way."""
    jitter_s: float = 0.015
    """At most this much more."""
    lost: float = 0.02
    retransmission_s: float = 0.2
    stalled: float = 0.003
    longest_stall_s: float = 8.0
    """Longer than clients wait for an answer."""
    reset: float = 0.004
    silenced: float = 0.002
    """The connection stays open, and nothing passes any more."""


FAR = Line(delay_s=0.1, jitter_s=0.1, lost=0.05)
"""To another continent, over a bad network."""


@dataclass(eq=False)
class FaultyLink:
    """Listens at `address`. `faults` counts what happened. While `is_good`, everything passes at once."""

    address: tuple[str, int]
    line: Line
    chosen: Random
    is_good: bool = False
    faults: Counter[str] = field(default_factory=Counter)
    pieces: int = 0
    """How many have passed."""

    async def copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one direction on until it ends. Raises OSError where the connection is reset."""
        while data := await reader.read(_BYTES):
            if not self.is_good:
                await self._suffer()
            self.pieces += 1
            writer.write(data)
            await writer.drain()

    async def _suffer(self) -> None:
        line, number = self.line, self.chosen.random()
        await asyncio.sleep(line.delay_s + line.jitter_s * self.chosen.random())
        for name, share in (("lost", line.lost), ("stall", line.stalled), ("reset", line.reset)):
            if number < share:
                self.faults[name] += 1
                await self._fault(name)
                return
            number -= share
        if number < line.silenced:
            self.faults["silence"] += 1
            while not self.is_good:  # the peer finds out by itself, or not at all
                await asyncio.sleep(0.1)
            raise ConnectionResetError

    async def _fault(self, name: str) -> None:
        if name == "lost":
            await asyncio.sleep(self.line.retransmission_s)
        elif name == "stall":
            await asyncio.sleep(self.line.longest_stall_s * self.chosen.random())
        else:
            raise ConnectionResetError

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: tuple[str, int]) -> None:
        """Join a client with the server until either side ends, or the line breaks."""
        with contextlib.suppress(OSError, asyncio.CancelledError):
            from_server, to_server = await asyncio.open_connection(*target)
            tasks = [asyncio.ensure_future(self.copy(*pair)) for pair in ((reader, to_server), (from_server, writer))]
            done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            is_reset = any(task.exception() for task in done)
            for task in left:
                task.cancel()
            for end in (to_server, writer):
                _close(end, is_reset=is_reset)


def _close(writer: asyncio.StreamWriter, *, is_reset: bool) -> None:
    if is_reset:
        own = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.close()


@contextlib.contextmanager
def faulty_link(target: tuple[str, int], seed: int, *, host: str, line: Line) -> Iterator[FaultyLink]:
    """Run the relay before the server at `target`, on a free port of `host`."""
    loop = asyncio.new_event_loop()
    link = FaultyLink((host, 0), line, Random(seed))  # no secret

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await link.serve(reader, writer, target)

    server = loop.run_until_complete(asyncio.start_server(serve, host, 0))
    link.address = server.sockets[0].getsockname()[:2]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield link
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(_end_tasks())
        loop.close()


async def _end_tasks() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
