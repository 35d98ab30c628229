"""Which names in a request's Host header the api responds to.

A page of `evil.example` can let its own name resolve to this machine (DNS rebinding); its requests then count as
requests to its own site, and carry that name as Host. Names that nobody can let resolve so are always accepted:
addresses, and names without a dot, which public DNS does not have.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable

ANY = "*"
_HEADER = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+(?:%[\w.~-]+)?)\]|(?P<name>[\w.~-]+))(?::[0-9]*)?", re.ASCII)
"""A name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port. Nothing else, such as a user."""


def host_check(allowed: Iterable[str], *, by_default: bool) -> Callable[[str], bool]:
    """Return a function that tells whether a Host header is accepted.

    With `allowed`, these names and addresses alone are; `*` accepts all, and `*.example.org` those below it. Without,
    the names that cannot be forged and this machine's own are accepted if `by_default`, otherwise all.
    """
    names = frozenset(name.lower().rstrip(".") for name in allowed)
    if ANY in names or not (names or by_default):
        return lambda _: True
    if not names:
        own = socket.gethostname().lower()
        known = frozenset((own, f"{own}.local"))
        return lambda header: _cannot_be_forged(name := _name_in(header)) or name in known
    suffixes = tuple(name.removeprefix(ANY) for name in names if name.startswith(f"{ANY}."))
    return lambda header: (name := _name_in(header)) in names or (bool(suffixes) and name.endswith(suffixes))


def _name_in(header: str) -> str:
    """Return the name or address of a Host header, without its port; empty if it is malformed."""
    found = _HEADER.fullmatch(header)
    return (found["address"] or found["name"]).lower().rstrip(".") if found else ""


def _cannot_be_forged(name: str) -> bool:
    return bool(name) and ("." not in name or name.endswith(".localhost") or _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
