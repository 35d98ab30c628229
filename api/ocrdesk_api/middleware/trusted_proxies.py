"""Who a request comes from when reverse proxies stand between: X-Forwarded-For, believed of known proxies only."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SITE_BITS = 64
"""What one customer is given of IPv6 at least: who is counted by single addresses has 2**64 of them."""


class TrustedProxiesMiddleware:
    """ASGI middleware: puts the caller's own address, and the scheme it used, where the proxy's were."""

    def __init__(self, app: ASGIApp, networks: Iterable[str]) -> None:
        self._app = app
        self._networks = tuple(ipaddress.ip_network(network, strict=False) for network in networks)
        self._has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._look_behind_proxies(scope)
        await self._app(scope, receive, send)

    def _look_behind_proxies(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        chain = headers.getlist("x-forwarded-for")
        peer = _peer(scope)
        if peer is None or not _is_in(peer, self._networks):
            if chain and not self._has_warned:
                self._has_warned = True
                _log.warning(
                    "X-Forwarded-For of %s is ignored: it is not in TRUSTED_PROXIES. If it is your proxy, name it "
                    "there; all who come through it count as one caller.",
                    peer,
                )
            return
        scope["client"] = (str(client_address(peer, chain, self._networks)), 0)
        proto = headers.get("x-forwarded-proto", "").strip().lower()
        if proto in ("http", "https"):
            scope["scheme"] = proto


def client_address(peer: Address, chain: Iterable[str], networks: tuple[Network, ...]) -> Address:
    """The nearest address that is no trusted proxy.

    Each proxy adds at the right whom it got the request from; so what stands left of the first address that we
    do not trust may be made up. `chain`: the values of X-Forwarded-For in the order of the headers.
    """
    hops = ",".join(chain).split(",")
    nearest = peer
    while _is_in(nearest, networks) and hops:
        hop = _address(hops.pop())
        if hop is None:
            break
        nearest = hop
    return nearest


def caller(scope: Scope) -> str:
    """Whom a request without a key is counted for: its IPv4 address or its IPv6 network."""
    address = _peer(scope)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), _SITE_BITS), strict=False))
    return str(address or "unknown")


def _peer(scope: Scope) -> Address | None:
    """None where there is no such thing, as on a Unix socket."""
    client = scope.get("client")
    return _address(client[0]) if client else None


def _address(text: str) -> Address | None:
    """An address as proxies write it: perhaps with a port, brackets, a zone, or IPv4 dressed as IPv6."""
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


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
