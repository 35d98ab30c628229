"""Reads X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Prefix from trusted proxies."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ocrdesk_api.middleware import path_prefix

_log = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FROM_TRUSTED_PROXY = "from_trusted_proxy"
"""A request's state has this name if a trusted proxy sent it."""
_SITE_PREFIX = 64
"""The IPv6 prefix that counts as one caller: every customer has at least 2**64 addresses."""


class TrustedProxiesMiddleware:
    """ASGI middleware: replaces the proxy's address, scheme and path by those of the caller."""

    def __init__(self, app: ASGIApp, networks: Iterable[str], root_path: str) -> None:
        """`root_path`: the path prefix of requests without an X-Forwarded-Prefix of a trusted proxy."""
        self._app = app
        self._root_path = root_path
        self._networks = tuple(ipaddress.ip_network(network, strict=False) for network in networks)
        self._has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            prefix = self._replace_address(scope) or self._root_path
            if prefix:
                path_prefix.publish_below(scope, prefix)
        await self._app(scope, receive, send)

    def _replace_address(self, scope: Scope) -> str | None:
        """Set the caller's address and scheme; return the proxy's path prefix."""
        headers = Headers(scope=scope)
        chain = headers.getlist("x-forwarded-for")
        peer = peer_address(scope)
        if peer is None or not is_in(peer, self._networks):
            if chain and not self._has_warned:
                self._has_warned = True
                _log.warning(
                    "X-Forwarded-For of %s is ignored, because it is not in TRUSTED_PROXIES. Add your own proxy "
                    "there: otherwise all its clients count as one caller.",
                    peer,
                )
            return None
        scope.setdefault("state", {})[FROM_TRUSTED_PROXY] = True
        scope["client"] = (str(client_address(peer, chain, self._networks)), 0)
        proto = headers.get("x-forwarded-proto", "").strip().lower()
        if proto in ("http", "https"):
            scope["scheme"] = proto
        return path_prefix.prefix_in(headers.get(path_prefix.HEADER, ""))


def client_address(peer: Address, chain: Iterable[str], networks: tuple[Network, ...]) -> Address:
    """Return the nearest address that is not a trusted proxy.

    Each proxy appends the address from which it received the request, so everything left of the first untrusted
    address may be forged. `chain`: the values of X-Forwarded-For in the order of the headers.
    """
    hops = ",".join(chain).split(",")
    nearest = peer
    while is_in(nearest, networks) and hops:
        hop = _address(hops.pop())
        if hop is None:
            break
        nearest = hop
    return nearest


def rate_limit_address(scope: Scope) -> str:
    """Return the IPv4 address or IPv6 network that a request without a key counts for."""
    address = peer_address(scope)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), _SITE_PREFIX), strict=False))
    return str(address or "unknown")


def peer_address(scope: Scope) -> Address | None:
    """Return the peer's address; None if there is none, as on a Unix socket."""
    client = scope.get("client")
    return _address(client[0]) if client else None


def _address(text: str) -> Address | None:
    """Parse an address as proxies write it: with or without port, brackets, zone, or mapped from IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None) or address


def is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
