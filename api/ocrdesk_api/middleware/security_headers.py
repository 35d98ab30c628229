"""Tells browsers what they may do with a response: take its type as it is, and load nothing for it.

A result can contain what somebody else wrote. Opened in a browser, it must not run as a page of this server.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrdesk_api.middleware.path_prefix import path_below_prefix

_NEVER = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
API_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": f"default-src 'none'; style-src 'unsafe-inline'; {_NEVER}",
}
"""For all responses but the two pages below. Styles are allowed because an hOCR result has them."""
_PAGES = ("/docs", "/redoc")
_PAGE_HEADERS = API_HEADERS | {
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    + _NEVER
}
"""For the pages that show the description of the api: they have a script of FastAPI, and nothing of callers."""


class SecurityHeadersMiddleware:
    """ASGI middleware, outside all others: adds the headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_page = path_below_prefix(scope).rstrip("/") in _PAGES
                MutableHeaders(scope=message).update(_PAGE_HEADERS if is_page else API_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)
