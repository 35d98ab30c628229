"""Counts requests and limits them.

Each request is counted before anything else is done for it: for the owner of its key, or, without a valid key, for
the address it comes from. When the app is built, `include` chooses each route's limit by its path.

Wrong keys have a count of their own. A right key is never refused for the wrong ones of its address: many callers can
share one address, and anyone among them could lock out the others. Guesses are kept off by the keys' length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrdesk.backend.rate_limits import RateLimit, RateLimits, RateLimitStatus, configured_limits
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api.access.authentication import CallerKind, Principal
from ocrdesk_api.access.dependencies import ServicesDep, get_principal, get_services
from ocrdesk_api.errors import UnauthorizedError, answer, rate_limited
from ocrdesk_api.middleware.trusted_proxies import rate_limit_address

_UNLIMITED = ("/health", "/health/live", "/health/ready", "/metrics")
_SUBMITS = {("POST", "/ocr/submit"), ("POST", "/ocr/jobs/{job_id}/retry")}
_REGISTER = ("POST", "/auth/register")
_CallerDep = Annotated[Principal, Depends(get_principal)]


def include(api: APIRouter, router: APIRouter, settings: Settings) -> None:
    """Add a router's routes to `api`, each with the limit for its method and path."""
    for route in router.routes:
        bound = _limit_of(route)
        single = APIRouter(routes=[route])
        if bound is None:
            api.include_router(single)
        else:
            count = _count_address if bound is RateLimit.REGISTRATIONS else _count_caller(bound)
            api.include_router(single, dependencies=[Depends(count)], responses={429: _described(bound, settings)})


def install(app: FastAPI) -> None:
    """Count wrong keys, and add rate limit headers to every response."""
    app.add_exception_handler(UnauthorizedError, _on_unauthorized)
    app.add_middleware(RateLimitHeadersMiddleware)


class RateLimitHeadersMiddleware:
    """ASGI middleware: adds the rate limit headers of a counted request to its response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            count: RateLimitStatus | None = state.get("rate")
            if count is not None and message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_headers(count))
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _limit_of(route: BaseRoute) -> RateLimit | None:
    """Return the limit of a route; None for unlimited routes. Routes not named here count as reads."""
    if not isinstance(route, APIRoute):
        raise TypeError(f"{route!r} would not be counted: include its routes individually")
    if route.path in _UNLIMITED:
        return None
    named = {(method, route.path) for method in route.methods or ()}
    if named & _SUBMITS:
        return RateLimit.SUBMITS
    return RateLimit.REGISTRATIONS if _REGISTER in named else RateLimit.READS


def _count_caller(bound: RateLimit) -> Callable[..., Any]:
    async def count(request: Request, services: ServicesDep, principal: _CallerDep) -> None:
        """Raise 429. The token of the local server is not counted."""
        if not services.settings.rate_limit_enabled or principal.unlimited:
            return
        is_open = principal.kind is CallerKind.OPEN
        who = f"address-{rate_limit_address(request.scope)}" if is_open else principal.owner
        await _count(request, services.rate_limits, bound, who)

    return count


async def _count_address(request: Request, services: ServicesDep) -> None:
    """Raise 429. For registrations, whose callers have no key yet: they are always limited."""
    if services.settings.registration_enabled:
        address = f"address-{rate_limit_address(request.scope)}"
        for bound, who in ((RateLimit.REGISTRATIONS, address), (RateLimit.ALL_REGISTRATIONS, "all")):
            await _count(request, services.rate_limits, bound, who)


async def _count(request: Request, rates: RateLimits, bound: RateLimit, who: str) -> None:
    count = await run_in_threadpool(rates.consume, bound, who)
    if bound is not RateLimit.ALL_REGISTRATIONS or (count and not count.is_allowed):
        request.state.rate = count
    if count is not None and not count.is_allowed:
        raise rate_limited(count.limit.text, count.reset_s)


async def _on_unauthorized(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UnauthorizedError)  # noqa: S101  # registered for this type only
    services = get_services(request)
    is_limited = services.settings.rate_limit_enabled
    address = rate_limit_address(request.scope)
    count = await run_in_threadpool(services.rate_limits.consume, RateLimit.WRONG_KEYS, address) if is_limited else None
    request.state.rate = count
    if count is not None and not count.is_allowed:
        return answer(rate_limited(count.limit.text, count.reset_s))
    return answer(error)


def _headers(count: RateLimitStatus) -> dict[str, str]:
    """Return the headers of the IETF drafts up to the seventh, which clients know, and the policy of later drafts."""
    return {
        "RateLimit-Limit": str(count.limit.amount),
        "RateLimit-Remaining": str(count.remaining),
        "RateLimit-Reset": str(count.reset_s),
        "RateLimit-Policy": f'"{count.kind}";q={count.limit.amount};w={count.limit.window_s}',
    }


def _described(bound: RateLimit, settings: Settings) -> dict[str, Any]:
    """Return the description of a route's 429."""
    limit = configured_limits(settings)[bound]
    body = rate_limited(limit.text, limit.window_s).body.model_dump(exclude_none=True)
    integer = {"type": "integer", "minimum": 0}
    return {
        "model": ErrorBody,
        "description": "Too many registrations"
        if bound is RateLimit.REGISTRATIONS
        else "Too many requests, if RATE_LIMIT_ENABLED is set",
        "content": {"application/json": {"example": body}},
        "headers": {
            "Retry-After": {"description": "Seconds until the next request is accepted", "schema": integer},
            "RateLimit-Limit": {"description": "Requests per window; on every response", "schema": integer},
            "RateLimit-Remaining": {"description": "Requests left; on every response", "schema": integer},
            "RateLimit-Reset": {
                "description": "Seconds until one more is available; on every response",
                "schema": integer,
            },
            "RateLimit-Policy": {
                "description": "The limit's name, requests (q) and seconds (w); on every response",
                "schema": {"type": "string"},
            },
        },
    }
