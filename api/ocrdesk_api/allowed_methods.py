"""Which methods a path supports."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Scope

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def allowed_methods(scope: Scope) -> list[str]:
    """Return the methods that the routes of a request's path support together; HEAD wherever there is GET."""
    app: Starlette = scope["app"]
    allowed = [method for method in _METHODS if any(_supports(route, scope, method) for route in app.routes)]
    return ["GET", "HEAD", *allowed[1:]] if "GET" in allowed else allowed


def _supports(route: BaseRoute, scope: Scope, method: str) -> bool:
    if isinstance(route, Mount) and method != "GET":
        return False  # static files, whose route matches any method
    match, _ = route.matches({**scope, "method": method})
    return match is Match.FULL
