"""Rate limits at the border: each request is counted before anything else is done for it.

A key's requests count for its owner; those without a key, and keys that are wrong, for the address that they
come from. Which bound a route has is decided here, by its path, when the app is put together.
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

from ocrdesk.backend.rate_limits import RateLimit, RateLimits, RateLimitStatus, configured_limits, limit_text
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api.access.authentication import OPEN_OWNER, Principal
from ocrdesk_api.access.dependencies import ServicesDep, get_principal, get_services
from ocrdesk_api.errors import UnauthorizedError, answer, rate_limited
from ocrdesk_api.middleware.trusted_proxies import caller

_FREE = ("/health", "/metrics")
_SUBMITS = {("POST", "/ocr/submit"), ("POST", "/ocr/jobs/{job_id}/retry")}
_REGISTER = ("POST", "/auth/register")
_CallerDep = Annotated[Principal, Depends(get_principal)]


def include(api: APIRouter, router: APIRouter, settings: Settings) -> None:
    """Adds a router's routes to `api`, each with the bound that its method and path ask for."""
    for route in router.routes:
        bound = _bound_of(route)
        single = APIRouter(routes=[route])
        if bound is None:
            api.include_router(single)
        else:
            count = _count_address if bound is RateLimit.REGISTRATIONS else _count_caller(bound)
            api.include_router(single, dependencies=[Depends(count)], responses={429: _described(bound, settings)})


def install(app: FastAPI) -> None:
    """Counts keys that are wrong, and tells every answer's reader how they stand."""
    app.add_exception_handler(UnauthorizedError, _on_unauthorized)
    app.add_middleware(RateHeaders)


class RateHeaders:
    """ASGI middleware: adds what was noted of a request's count to its answer, of whatever kind that is."""

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


def _bound_of(route: BaseRoute) -> RateLimit | None:
    """None for routes that are free. All that are not named here have the bound of reads."""
    if not isinstance(route, APIRoute):
        raise TypeError(f"{route!r} would not be counted: include its routes one by one")
    if route.path.startswith(_FREE):
        return None
    named = {(method, route.path) for method in route.methods or ()}
    if named & _SUBMITS:
        return RateLimit.SUBMITS
    return RateLimit.REGISTRATIONS if _REGISTER in named else RateLimit.READS


def _count_caller(bound: RateLimit) -> Callable[..., Any]:
    async def count(request: Request, services: ServicesDep, principal: _CallerDep) -> None:
        """Raises 429. The local backend's own token is not counted."""
        if services.rates is None or principal.unlimited:
            return
        address = caller(request.scope)
        if principal.owner == OPEN_OWNER:
            await _count(request, services.rates, bound, f"address-{address}")
        else:
            await _count(request, services.rates, bound, principal.owner, address)

    return count


async def _count_address(request: Request, services: ServicesDep) -> None:
    """Raises 429. For those who come to get a key, and so have none."""
    if services.rates is not None:
        await _count(request, services.rates, RateLimit.REGISTRATIONS, f"address-{caller(request.scope)}")


async def _count(request: Request, rates: RateLimits, bound: RateLimit, who: str, address: str | None = None) -> None:
    count = await run_in_threadpool(rates.consume, bound, who, address)
    request.state.rate = count
    if count is not None and not count.is_allowed:
        raise rate_limited(count.limit_text, count.reset_s)


async def _on_unauthorized(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UnauthorizedError)  # noqa: S101  # what it is registered for
    rates = get_services(request).rates
    count = await run_in_threadpool(rates.consume, RateLimit.WRONG_KEYS, caller(request.scope)) if rates else None
    request.state.rate = count
    if count is not None and not count.is_allowed:
        return answer(rate_limited(count.limit_text, count.reset_s))
    return answer(error)


def _headers(count: RateLimitStatus) -> dict[str, str]:
    """The names of the drafts up to the seventh, which clients know, and the policy of the later ones."""
    return {
        "RateLimit-Limit": str(count.limit.amount),
        "RateLimit-Remaining": str(count.remaining),
        "RateLimit-Reset": str(count.reset_s),
        "RateLimit-Policy": f'"{count.kind}";q={count.limit.amount};w={count.window_s}',
    }


def _described(bound: RateLimit, settings: Settings) -> dict[str, Any]:
    """The 429 of a route, for the schema."""
    limit = configured_limits(settings)[bound]
    body = rate_limited(limit_text(limit), limit.get_expiry()).body.model_dump()
    integer = {"type": "integer", "minimum": 0}
    return {
        "model": ErrorBody,
        "description": "Too many requests; where the operator has set RATE_LIMIT_ENABLED",
        "content": {"application/json": {"example": body}},
        "headers": {
            "Retry-After": {"description": "Seconds until the next request is taken", "schema": integer},
            "RateLimit-Limit": {"description": "Requests that the window takes; on every answer", "schema": integer},
            "RateLimit-Remaining": {"description": "How many are left; on every answer", "schema": integer},
            "RateLimit-Reset": {"description": "Seconds until there is one more; on every answer", "schema": integer},
            "RateLimit-Policy": {
                "description": "The bound's name, requests (q) and seconds (w); on every answer",
                "schema": {"type": "string"},
            },
        },
    }
