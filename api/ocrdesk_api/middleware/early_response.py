"""Delivers responses sent before the upload ends.

A refusal is sent immediately, and clients that read while they send, such as curl, can stop. Most clients only read
after sending everything, and get a broken pipe if the connection closes meanwhile, as it does after each HTTP/1.0
response, the version that nginx uses for its upstreams. So the rest of the body is read and discarded before the
response ends.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MAX_DISCARDED_BYTES = 256_000_000
"""The most that is read of a refused upload. A route can set less, as `request.state.discarded_bytes_limit`."""


class EarlyResponseMiddleware:
    """ASGI middleware: delays the end of an error response until the request has been received."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # A client that expects 100-continue sends no body before it is told to, and none after an error.
        is_receiving = _has_body(headers) and headers.get("expect", "").lower() != "100-continue"
        is_error = False

        async def receive_and_track() -> Message:
            nonlocal is_receiving
            message = await receive()
            is_receiving = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def send_and_discard_rest(message: Message) -> None:
            nonlocal is_error
            if message["type"] == "http.response.start":
                is_error = message["status"] >= 400
            is_end = message["type"] == "http.response.body" and not message.get("more_body", False)
            if not (is_end and is_error and is_receiving):
                await send(message)
                return
            await send({**message, "more_body": True})
            left = scope.get("state", {}).get("discarded_bytes_limit", _MAX_DISCARDED_BYTES)
            while is_receiving and left > 0:
                left -= len((await receive_and_track()).get("body", b""))
            await send({"type": "http.response.body"})

        await self._app(scope, receive_and_track, send_and_discard_rest)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
