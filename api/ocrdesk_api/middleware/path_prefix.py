"""The path prefix below which a proxy publishes the api: links in responses begin with it."""

from __future__ import annotations

from starlette.types import Scope

from ocrdesk.backend.settings import path_prefix

HEADER = "X-Forwarded-Prefix"


def prefix_in(header: str) -> str | None:
    """Return the prefix in a proxy's X-Forwarded-Prefix; None if it is no path, so that it cannot get into links."""
    try:
        return path_prefix(header.strip())
    except ValueError:
        return None


def publish_below(scope: Scope, prefix: str) -> None:
    """Add the prefix that the proxy has removed from the path. It replaces one that the server was started with.

    In ASGI, the path includes the prefix, and `root_path` says how much of the path that is.
    """
    started_with, path = prefix_of(scope), path_below_prefix(scope)
    scope["root_path"] = prefix
    scope["path"] = prefix + path
    if raw_path := scope.get("raw_path"):
        scope["raw_path"] = prefix.encode() + raw_path.removeprefix(started_with.encode())


def prefix_of(scope: Scope) -> str:
    """Return the prefix of a request; also after a router has changed `root_path`."""
    return str(scope.get("app_root_path", scope.get("root_path", ""))).rstrip("/")


def path_below_prefix(scope: Scope) -> str:
    """Return the path as the api's routes spell it."""
    return str(scope["path"]).removeprefix(prefix_of(scope)) or "/"
