"""Blocks cross-site requests to an api without keys.

Any web page can make its visitor's browser send requests to this machine. Browsers reveal the page in `Origin`, and
a host name of the page that resolves to this machine (DNS rebinding) in `Host`.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode
from ocrdesk_api.errors import HttpError, answer, origin_not_allowed


class BrowserGuardMiddleware:
    """ASGI middleware: 403 for a Host not in `hosts`; without keys also for a foreign Origin not in `origins`."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], origins: tuple[str, ...], check_origin: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins
        self._check_origin = check_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (problem := self._problem(Headers(scope=scope))):
            await answer(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _problem(self, headers: Headers) -> HttpError | None:
        host = headers.get("host", "")
        if self._hosts and _split(f"//{host}").hostname not in self._hosts:
            return HttpError(
                403, ErrorCode.FORBIDDEN_ORIGIN, "Forbidden", error_message("host_not_allowed", host=repr(host))
            )
        origin = headers.get("origin")
        if self._check_origin and origin and origin not in self._origins and _split(origin).netloc != host:
            return origin_not_allowed(origin)
        return None


def _split(url: str) -> SplitResult:
    """Split a URL; return empty parts, which match nothing, if it is malformed."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
