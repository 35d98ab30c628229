"""Request ids and access log."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrdesk.backend import logs
from ocrdesk_api.errors import answer, internal, shutting_down
from ocrdesk_api.middleware.http_metrics import HttpMetrics
from ocrdesk_api.middleware.path_prefix import path_below_prefix
from ocrdesk_api.server_stop import ServerStop

_log = logging.getLogger("ocrdesk_api.access")

HEADER = "X-Request-ID"
_PREFIX = "/api/v1"
_VALID_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_DEBUG_ROUTES = ("/health", "/health/live", "/health/ready", "/metrics")
"""Routes that monitoring calls every few seconds; logged at DEBUG only."""
CLIENT_GONE = 499
"""Logged as the status of a request whose caller disconnected before a response."""


class RequestLogMiddleware:
    """ASGI middleware, the outermost: accepts X-Request-ID or creates one, and returns it."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics, stop: ServerStop) -> None:
        self._app = app
        self._metrics = metrics
        self._stop = stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _valid_id(Headers(scope=scope).get(HEADER)) or uuid.uuid4().hex
        exchange = _Exchange(request_id, receive, send)
        with logs.bound(request_id=request_id):
            begun = time.perf_counter()
            try:
                with self._metrics.in_progress.track_inprogress(), self._stop.request():
                    await self._handle(scope, exchange)
            finally:
                self._record(scope, exchange, time.perf_counter() - begun)

    async def _handle(self, scope: Scope, exchange: _Exchange) -> None:
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            # Logged and handled here: uvicorn would log it again, without the id.
            _log.exception("unexpected error")
            if exchange.status is not None:
                raise _ClientDisconnectedError from None
            problem = internal()
            self._metrics.count_error(problem.body)
            await answer(problem)(scope, exchange.receive, exchange.send)
        except asyncio.CancelledError:
            if exchange.status is not None or not self._stop.has_begun:
                raise
            _log.warning("the process is stopping: a request in progress is refused")
            await answer(shutting_down())(scope, exchange.receive, exchange.send)

    def _record(self, scope: Scope, exchange: _Exchange, seconds: float) -> None:
        route, method = route_of(scope), scope["method"]
        status = CLIENT_GONE if exchange.status is None else exchange.status
        self._metrics.observe(method, route, status, seconds)
        level = logging.DEBUG if route.removeprefix(_PREFIX) in _DEBUG_ROUTES else logging.INFO
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
            # for keys in API_KEYS, the beginning of the hash is enough to tell them apart
            fields["owner"] = owner[:12] if owner.startswith("key-") else owner
        _log.log(level, "%s %s %d", method, route, status, extra=fields)


class _ClientDisconnectedError(Exception):
    """A response that could not be completed and was logged: makes the server close the connection."""


@dataclass(slots=True)
class _Exchange:
    """One request and its response, and how many bytes they have."""

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


def _valid_id(given: str | None) -> str | None:
    """Return the caller's id if it is safe in logs and headers."""
    return given if given and _VALID_ID.fullmatch(given) else None


def route_of(scope: Scope) -> str:
    """Return the path template, such as /api/v1/ocr/result/{job_id}: real paths and queries are not logged."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if not isinstance(path, str):
        return "unmatched"
    # newer versions of FastAPI give the path relative to the included router
    inner = path_below_prefix(scope).startswith(f"{_PREFIX}/") and not path.startswith(f"{_PREFIX}/")
    return _PREFIX + path if inner else path
