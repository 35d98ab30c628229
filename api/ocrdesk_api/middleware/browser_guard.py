"""Blocks requests of web pages of other sites.

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
from ocrdesk_api.middleware.host_names import host_check
from ocrdesk_api.middleware.path_prefix import path_below_prefix
from ocrdesk_api.middleware.trusted_proxies import FROM_TRUSTED_PROXY

_PROBES = ("/api/v1/health/live", "/api/v1/health/ready")
"""Platforms ask these under host names of their own."""


class BrowserGuardMiddleware:
    """ASGI middleware: 403 for a Host that is not accepted; without keys also for an Origin not in `origins`."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: tuple[str, ...],
        origins: tuple[str, ...],
        check_origin: bool,
        check_unlisted_hosts: bool = True,
    ) -> None:
        """`check_unlisted_hosts`: whether host names are checked although no `hosts` are listed.

        Without a list, probes and trusted proxies may use any name.
        """
        self._app = app
        self._is_host_accepted = host_check(hosts, by_default=check_unlisted_hosts)
        self._has_exemptions = not hosts
        self._origins = origins
        self._check_origin = check_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (problem := self._problem(scope)):
            await answer(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> HttpError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        is_exempt = self._has_exemptions and (
            path_below_prefix(scope) in _PROBES or scope.get("state", {}).get(FROM_TRUSTED_PROXY, False)
        )
        if not (is_exempt or self._is_host_accepted(host)):
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
