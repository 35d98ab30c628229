"""Every path of the service's route table, with its methods."""

from __future__ import annotations

import re
from functools import cache

from fastapi.routing import iter_route_contexts

from ocrdesk.backend.settings import Settings
from ocrdesk_api.app import create_app

UNKNOWN_ID = "0f8fad5bd9cb469fa16570867728950e"


@cache
def methods_by_path() -> dict[str, set[str]]:
    """Return the methods of each path template; HEAD wherever there is GET."""
    found: dict[str, set[str]] = {}
    for route in iter_route_contexts(create_app(Settings(redis_url="unix:///nowhere")).routes):
        if route.path and route.methods:
            methods = found.setdefault(route.path, set())
            methods |= set(route.methods) | ({"HEAD"} if "GET" in route.methods else set())
    return found


def filled(path: str, job_id: str = UNKNOWN_ID) -> str:
    """Return a path with its parameters: a job's id, the first page, any key."""
    known = path.replace("{job_id}", job_id).replace("{number}", "1")
    return re.sub(r"\{\w+\}", UNKNOWN_ID, known)
