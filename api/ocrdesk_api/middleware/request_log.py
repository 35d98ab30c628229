"""Gives every request an id and a line in the log, and has each end in an answer that names it."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrdesk.backend import logs
from ocrdesk_api.errors import answer, internal, shutting_down
from ocrdesk_api.middleware.http_metrics import HttpMetrics

_log = logging.getLogger("ocrdesk_api.access")

HEADER = "X-Request-ID"
_PREFIX = "/api/v1"
_FIT = re.compile(r"[A-Za-z0-9._-]{1,128}")
_QUIET = ("/health", "/health/live", "/health/ready", "/metrics")
"""Routes that machines ask every few seconds: their lines are for DEBUG."""
CLIENT_GONE = 499
"""Stands in the log for the status of a request whose caller left before an answer."""


class RequestLogMiddleware:
    """ASGI middleware, the outermost of ours: takes X-Request-ID or makes one, and sends it back."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics, is_closing: Callable[[], bool]) -> None:
        self._app = app
        self._metrics = metrics
        self._is_closing = is_closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _taken(Headers(scope=scope).get(HEADER)) or uuid.uuid4().hex
        exchange = _Exchange(request_id, receive, send)
        with logs.bound(request_id=request_id):
            begun = time.perf_counter()
            try:
                with self._metrics.in_progress.track_inprogress():
                    await self._answered(scope, exchange)
            finally:
                self._tell(scope, exchange, time.perf_counter() - begun)

    async def _answered(self, scope: Scope, exchange: _Exchange) -> None:
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            # Logged and answered here: the server behind us would log it again, without the id.
            _log.exception("an unforeseen failure")
            if exchange.status is not None:
                raise _ClientDisconnectedError from None
            await answer(internal())(scope, exchange.receive, exchange.send)
        except asyncio.CancelledError:
            if exchange.status is not None or not self._is_closing():
                raise
            _log.warning("the process stops: a request under way is refused")
            await answer(shutting_down())(scope, exchange.receive, exchange.send)

    def _tell(self, scope: Scope, exchange: _Exchange, seconds: float) -> None:
        route, method = route_of(scope), scope["method"]
        status = CLIENT_GONE if exchange.status is None else exchange.status
        self._metrics.observe(method, route, status, seconds)
        level = logging.DEBUG if route.removeprefix(_PREFIX) in _QUIET else logging.INFO
        if not _log.isEnabledFor(level):
            return
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "bytes_in": exchange.bytes_in,
            "bytes_out": exchange.bytes_out,
        }
        if owner := scope.get("state", {}).get("owner"):
            # of a key that the operator made up, the beginning of its hash tells it from others and no more
            fields["owner"] = owner[:12] if owner.startswith("key-") else owner
        _log.log(level, "%s %s %d", method, route, status, extra=fields)


class _ClientDisconnectedError(Exception):
    """An answer that could not be completed, and was logged: has the server close the connection."""


@dataclass(slots=True)
class _Exchange:
    """One request and its answer, counted as they pass."""

    request_id: str
    _receive: Receive
    _send: Send
    status: int | None = None
    bytes_in: int = 0
    bytes_out: int = 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self.bytes_in += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.request_id
        elif message["type"] == "http.response.body":
            self.bytes_out += len(message.get("body", b""))
        await self._send(message)


def _taken(given: str | None) -> str | None:
    """The caller's id, when it is one that a log and a header can hold."""
    return given if given and _FIT.fullmatch(given) else None


def route_of(scope: Scope) -> str:
    """The template of the path, as /api/v1/ocr/result/{job_id}: paths and queries are callers' own words."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if not isinstance(path, str):
        return "unmatched"
    # newer releases of FastAPI give the path within the router that was included
    inner = scope["path"].startswith(f"{_PREFIX}/") and not path.startswith(f"{_PREFIX}/")
    return _PREFIX + path if inner else path
