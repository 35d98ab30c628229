"""The bytes of a connection, in pieces, as the server's protocol receives them, with its limits and its clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.server import ServerState

from ocrdesk_api.server.connections import Connections
from ocrdesk_api.server.protocol import MAX_HEAD_BYTES, LimitedProtocol
from tests.fuzz.target import Target

_loop = asyncio.new_event_loop()
_LONG_S = 1_000.0
"""Longer than any time limit of a connection."""


class _Transport(asyncio.Transport):
    """Keeps what is written; its client reads at once."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.has_ended = False
        self.is_late = False
        """Whether something was written after the end, which real connections refuse."""
        self.is_closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 50000), "sockname": ("127.0.0.1", 8000)}.get(name, default)

    def write(self, data: Any) -> None:
        self.is_late |= self.has_ended
        self.written += bytes(data)

    def write_eof(self) -> None:
        self.has_ended = True

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def set_protocol(self, protocol: Any) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = True


class _Responses:
    """Counts responses that were written completely."""

    def __init__(self) -> None:
        self.count = 0

    def on_message_complete(self) -> None:
        self.count += 1


async def _echo(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """Read the whole body and answer with its length."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@cache
def _config() -> Config:
    config = Config(_echo, log_config=None, access_log=False, ws="none", server_header=False, date_header=False)
    config.load()
    return config


async def _converse(data: bytes) -> tuple[bytes, int]:
    """Send bytes in pieces and wait for the end of the connection. Return what came back, and the kept connections."""
    limits, state = Connections(10, 5), ServerState()
    protocol = LimitedProtocol(config=_config(), server_state=state, app_state={}, limits=limits)
    transport = _Transport()
    protocol.connection_made(transport)
    size = max(1, len(data) // 5)
    for start in range(0, len(data), size):
        if transport.is_closed:
            break
        protocol.data_received(data[start : start + size])
        for _ in range(8):
            await asyncio.sleep(0)
    for _ in range(4):  # at the end of its time a connection is refused, and then closed
        limits.clock.now += _LONG_S
        protocol.check()
        for _ in range(8):
            await asyncio.sleep(0)
    assert transport.is_closed, "it stays open"
    protocol.connection_lost(None)
    for task in list(state.tasks):
        await asyncio.wait_for(task, 5)
    assert not transport.is_late, "written after the end"
    return transport.written, len(state.connections)


def run_connection(data: bytes) -> bool:
    """Send bytes on a connection: each answer is complete HTTP, and the connection ends."""
    written, kept = _loop.run_until_complete(_converse(data))
    assert kept == 0
    if not written:
        return False
    if b"HEAD " not in data:  # its responses say how long a body would be that does not follow
        responses = _Responses()
        httptools.HttpResponseParser(responses).feed_data(written.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b""))
        assert responses.count >= 1
    return written.startswith((b"HTTP/1.1 200", b"HTTP/1.1 100"))


_POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CONNECTION = Target(
    "connection",
    run_connection,
    (
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3,
        b"GET / HTTP/1.0\r\n\r\n",
        _POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        _POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        _POST + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(90)) + b"\r\n",
        b"HEAD /" + b"a" * 3000 + b" HTTP/1.1\r\nConnection: close\r\n\r\n",
    ),
    (
        *(
            b"\r\n\r\n",
            b"Content-Length: 5\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Transfer-Encoding: gzip, chunked\r\n",
        ),
        *(
            b"0\r\n\r\n",
            b"ffffffff\r\n",
            b"HTTP/2.0",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"CONNECT x:1 HTTP/1.1\r\n\r\n",
        ),
        *(b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"a" * MAX_HEAD_BYTES, b"X: y\r\n" * 101),
    ),
    rounds=4,
)

TARGETS = (CONNECTION,)
