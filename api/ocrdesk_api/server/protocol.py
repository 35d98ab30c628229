"""Limits of one HTTP connection: the size of its headers, and the time for headers, body and waiting.

A request's body may come slowly, as long as it comes: each connection has time for a pause, and each byte earns more of
it. No limit applies while the application works on a response, so downloads, event streams and `wait` take what they
need; only a client that stops reading is disconnected.
"""

from __future__ import annotations

import asyncio
import fcntl
import sys
import termios
from enum import Enum, auto
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ocrdesk_api.errors import HttpError, too_many_connections
from ocrdesk_api.server import refusal
from ocrdesk_api.server.connections import Connections

MAX_HEADERS = 100
MAX_HEAD_BYTES = 32_768
"""The most that a request's first line and headers may have, and a chunked body's trailers."""
HEAD_S = 10.0
"""Time for a request's headers, and for the first byte of a new connection."""
BODY_PAUSE_S = 30.0
"""How long a body may pause."""
BODY_BYTES_PER_S = 500
"""A body slower than this uses up the time for pauses."""
_STALL_S = 60.0
"""How long a client may read nothing of its response."""
_CLOSING_S = 2.0
"""How long a refused connection stays open, so that the client reads the refusal."""
_MAX_DISCARDED_BYTES = 1 << 20
"""The most that is read of a request after its response."""
_MAX_PIPELINED = 16
_MIN_CHUNK_BYTES = 128
_MAX_SMALL_CHUNKS = 1_000
"""A chunked body may have so many chunks that are smaller on average: each one costs as much time as a large one."""


class _Phase(Enum):
    WAITING = auto()
    HEAD = auto()
    BODY = auto()
    ANSWERING = auto()
    """The request was received completely; its response was not sent completely."""
    REFUSED = auto()


class _RefusedError(Exception):
    """Ends the parsing of a request."""


def _bytes_in_system(transport: asyncio.Transport) -> int:
    """Return how much the system keeps until the client reads it. It can take minutes before it wants more of us."""
    try:
        found = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
    except OSError:  # not every kind of socket tells
        return 0
    return int.from_bytes(found, sys.byteorder)


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits. `check` must be called every second."""

    def __init__(self, *args: Any, limits: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._clock = limits.clock
        self._phase = _Phase.WAITING
        self._deadline: float | None = None
        self._problem: HttpError | None = None
        self._running: RequestResponseCycle | None = None
        """The request that the application handles; others that were sent ahead wait."""
        self._unparsed_bytes = 0
        """Received since the last part of a request that was understood: the parser keeps unfinished headers."""
        self._head_bytes = self._head_count = 0
        self._chunk_count = self._body_bytes = 0
        self._discarded_bytes = 0
        self._is_dropped = False
        self._unsent_bytes = 0
        self._stalled_since = 0.0

    # ── the connection ───────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        if not self._limits.admit(self, self.client):
            self._refuse(too_many_connections())

    def connection_lost(self, exc: Exception | None) -> None:
        self._limits.forget(self)
        self._disconnect_running()
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close at once."""
        self._is_dropped = True
        self._limits.forget(self)
        self.transport.abort()

    def check(self) -> None:
        """Close the connection if its time is over."""
        now = self._clock.now
        if self._is_dropped:
            return
        if self._is_stalled(now):
            self.drop()
            return
        if self.transport.is_closing():
            return  # as soon as the client has read all
        if self._phase is _Phase.BODY:
            self._check_body(now)
        if self._deadline is None or now < self._deadline:
            return
        if self._phase is _Phase.REFUSED:
            self.drop()
        elif self._phase is _Phase.WAITING:
            self.transport.close()
        else:
            self._refuse(refusal.timed_out(HEAD_S, BODY_BYTES_PER_S))

    def _check_body(self, now: float) -> None:
        """Pause the clock while the client may not send, and let a refused request give way to new connections."""
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._deadline = now + BODY_PAUSE_S
        self._limits.set_waiting(self, is_waiting=self.cycle.response_started)

    def _is_stalled(self, now: float) -> bool:
        """Return whether the client has read nothing for too long."""
        unsent = self.transport.get_write_buffer_size()
        if unsent > 0:
            unsent += _bytes_in_system(self.transport)
        if unsent == 0 or unsent < self._unsent_bytes or self._unsent_bytes == 0:
            self._stalled_since = now
        self._unsent_bytes = unsent
        return unsent > 0 and now - self._stalled_since > _STALL_S

    @property
    def _is_refused(self) -> bool:
        return self._phase is _Phase.REFUSED

    # ── what the client sends ────────────────────────────────────────────────────────────────────

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            self._discard(data)
            return
        self._unparsed_bytes += len(data)
        super().data_received(data)
        if self._unparsed_bytes > MAX_HEAD_BYTES and not self._is_refused:
            self._refuse(refusal.headers_too_large(MAX_HEADERS, MAX_HEAD_BYTES))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._phase = _Phase.HEAD
        self._deadline = self._clock.now + HEAD_S
        self._head_bytes = self._head_count = self._discarded_bytes = 0
        self._chunk_count = self._body_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header, or a trailer of a chunked body."""
        self._head_count += 1
        self._count_head(len(name) + len(value))
        super().on_header(name, value)

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES or self._head_count > MAX_HEADERS:
            self._problem = refusal.headers_too_large(MAX_HEADERS, MAX_HEAD_BYTES)
            raise _RefusedError

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= _MAX_PIPELINED:
            raise _RefusedError
        self._phase = _Phase.BODY
        self._deadline = self._clock.now + BODY_PAUSE_S
        self._unparsed_bytes = 0
        self._limits.set_waiting(self, is_waiting=False)
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Count a chunk of a chunked body."""
        self._chunk_count += 1
        if self._chunk_count > _MAX_SMALL_CHUNKS + self._body_bytes // _MIN_CHUNK_BYTES:
            self._problem = refusal.chunks_too_small(_MIN_CHUNK_BYTES)
            raise _RefusedError

    def on_body(self, body: bytes) -> None:
        if self._is_refused:
            return  # the rest of what was received at once
        self._body_bytes += len(body)
        now = self._clock.now
        earned = (self._deadline or now) + len(body) / BODY_BYTES_PER_S
        self._deadline = min(now + BODY_PAUSE_S, earned)
        self._unparsed_bytes = 0
        if self.cycle.response_complete:
            self._discard(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self._is_refused:
            return
        self._unparsed_bytes = 0
        self._phase = _Phase.ANSWERING
        self._deadline = None
        if self.cycle.response_complete:
            self._wait()

    # ── what the client gets ─────────────────────────────────────────────────────────────────────

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._phase is _Phase.ANSWERING and self.cycle.response_complete:
            self._wait()
        else:
            self._unset_keepalive_if_required()  # the next request has begun, or more of this one may come

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words
        self._refuse(self._problem or refusal.malformed())

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as if no upgrade was asked for, without uvicorn's two log lines for each such request."""

    def _wait(self) -> None:
        self._phase = _Phase.WAITING
        self._deadline = self._clock.now + HEAD_S
        self._limits.set_waiting(self, is_waiting=True)

    def _refuse(self, problem: HttpError) -> None:
        """Send an error if a response is still possible, and close the connection soon."""
        self._phase = _Phase.REFUSED
        self._deadline = self._clock.now + _CLOSING_S
        self._unset_keepalive_if_required()
        self._limits.set_refused(self)
        self.pipeline.clear()  # requests that were sent ahead get no response
        if self._disconnect_running():
            self.transport.close()
            return
        self.transport.write(refusal.response_bytes(problem, self.server_state.default_headers))
        self.transport.write_eof()
        self.flow.resume_reading()

    def _disconnect_running(self) -> bool:
        """Tell the application that the client is gone; return whether it has sent a part of its response."""
        running = self._running
        if running is None or running.response_complete:
            return False
        running.disconnected = True
        running.waiting_for_100_continue = False  # nothing follows the refusal
        running.message_event.set()
        return running.response_started

    def _discard(self, data: bytes) -> None:
        """Read on a little, then let the client wait: a connection that closes at once loses its response."""
        self._discarded_bytes += len(data)
        if self._discarded_bytes <= _MAX_DISCARDED_BYTES:
            return
        self.flow.pause_reading()
        if not self._is_refused:
            self._phase = _Phase.REFUSED
            self._deadline = self._clock.now + _CLOSING_S
            self._limits.set_refused(self)
