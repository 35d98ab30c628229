"""Limits JSON bodies and forms: FastAPI reads them before it asks for a key, and a large one could fill the memory."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import Message

from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_api.errors import HttpError, bad_request

MAX_BODY_BYTES = 65_536


def body_too_large() -> HttpError:
    return HttpError(
        413,
        ErrorCode.BODY_TOO_LARGE,
        "Body too large",
        error_message("body_too_large", limit=MAX_BODY_BYTES),
    )


class SmallBodyRoute(APIRoute):
    """A route that refuses a body over MAX_BODY_BYTES before it is in memory."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_small(request: Request) -> Response:
            body = await _read(request)

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(Request(request.scope, receive))

        return handle_small


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise body_too_large()
    except ClientDisconnect:
        raise bad_request(ErrorCode.BAD_REQUEST, error_message("upload_interrupted")) from None
    return bytes(body)
