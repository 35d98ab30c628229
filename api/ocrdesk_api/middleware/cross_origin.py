"""Lets web pages of the origins in CORS_ORIGINS use the api from a browser.

Before a request with a key, a browser asks by another one, without the key, whether the page may send it (a preflight).
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ocrdesk_api.errors import answer, origin_not_allowed

_READABLE_HEADERS = (
    "Allow",
    "Content-Disposition",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)
"""Response headers that scripts of these pages may read, besides Content-Type, Content-Length and Cache-Control."""


class CrossOriginMiddleware(CORSMiddleware):
    """ASGI middleware, outside all others, so that these pages can also read errors. Answers preflights itself.

    Cookies are not allowed: the api uses none.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=("*",),
            allow_headers=("*",),
            allow_private_network=True,
            expose_headers=_READABLE_HEADERS,
        )

    async def simple_response(self, scope: Scope, receive: Receive, send: Send, request_headers: Headers) -> None:
        """Add headers to the response of a request that is no preflight, if any origin is allowed."""
        if self.allow_origins:
            await super().simple_response(scope, receive, send, request_headers)
        else:
            await self.app(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return the answer to a preflight; 403 with the usual body for an origin that is not allowed."""
        origin = request_headers["origin"]
        return (
            super().preflight_response(request_headers)
            if self.is_allowed_origin(origin)
            else answer(origin_not_allowed(origin))
        )
