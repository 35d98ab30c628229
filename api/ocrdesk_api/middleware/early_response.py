"""Lets clients see an answer that comes before their upload is through.

Such an answer is sent at once; who looks for it while sending, as curl does, can stop. But most clients look
only when all is sent, and would meet a broken pipe if the connection were closed on them (as it is after each
answer to HTTP/1.0, which is what nginx speaks to what is behind it). So the rest of the body is taken in and
thrown away before the answer ends.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MAX_BYTES = 256_000_000
"""More of an upload that was refused is not taken in."""


class EarlyResponseMiddleware:
    """ASGI middleware: holds back the end of an error answer until the request has come in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Who expects 100-continue sends no body before it is asked for, and none at all to an error.
        is_coming = _has_body(headers) and headers.get("expect", "").lower() != "100-continue"
        is_error = False

        async def receive_and_note() -> Message:
            nonlocal is_coming
            message = await receive()
            is_coming = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def send_and_take_rest(message: Message) -> None:
            nonlocal is_error
            if message["type"] == "http.response.start":
                is_error = message["status"] >= 400
            is_end = message["type"] == "http.response.body" and not message.get("more_body", False)
            if not (is_end and is_error and is_coming):
                await send(message)
                return
            await send({**message, "more_body": True})
            left = _MAX_BYTES
            while is_coming and left > 0:
                left -= len((await receive_and_note()).get("body", b""))
            await send({"type": "http.response.body"})

        await self._app(scope, receive_and_note, send_and_take_rest)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
