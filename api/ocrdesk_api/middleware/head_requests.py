"""Answers HEAD on every route that supports GET.

The route handles the request as a GET, with the same key, limits and headers. Its body is not sent.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrdesk_api.allowed_methods import allowed_methods


class HeadRequestsMiddleware:
    """ASGI middleware, the innermost: all others see the request as it came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or "GET" not in allowed_methods(scope):
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        as_get = {**scope, "method": "GET"}
        try:
            await _Work().run(self._app, as_get, receive, send)
        finally:
            if "route" in as_get:
                scope["route"] = as_get["route"]  # for the log


class _Work:
    """A route's work on a request, which ends when it begins to stream its body: an event stream has no end."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._is_stream = False

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif message.get("more_body"):
                await self._end_stream()

        self._task = asyncio.create_task(_as_coroutine(app, scope, receive, send_headers))
        try:
            await asyncio.wait({self._task})
        except asyncio.CancelledError:
            self._task.cancel()
            await asyncio.wait({self._task})
            raise
        if not (self._is_stream and self._task.cancelled()):
            self._task.result()

    async def _end_stream(self) -> None:
        self._is_stream = True
        if self._task is not None:
            self._task.cancel()
        await asyncio.get_running_loop().create_future()  # until the cancellation arrives here


async def _as_coroutine(app: ASGIApp, scope: Scope, receive: Any, send: Any) -> None:
    await app(scope, receive, send)
