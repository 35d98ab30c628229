"""Which network addresses a webhook may call: public ones, and those that the operator allowed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

Address = IPv4Address | IPv6Address

# From IANA's registries of special-purpose addresses. Listed here, because what the standard library considers
# private differs between Python versions.
_REFUSED_V4 = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # formally public, but a service of the host on one cloud
        "169.254.0.0/16",  # link-local; the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
"""The only public part of IPv6; loopback, link-local, ULA and multicast are outside it."""
_REFUSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
# Networks whose addresses contain an IPv4 address, and how many bits follow it.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)


def carried(address: Address) -> Address:
    """Return the IPv4 address in an IPv6 address (IPv4-mapped, NAT64, 6to4); otherwise the address itself."""
    if isinstance(address, IPv6Address):
        for network, bits_after in _CARRIERS:
            if IPv6Address(int(address)) in network:
                return IPv4Address((int(address) >> bits_after) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Return whether an address, in any form, belongs to the public internet."""
    address = carried(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    bare = IPv6Address(int(address))  # without its zone, which networks do not support
    return bare in _GLOBAL_V6 and not any(bare in network for network in _REFUSED_V6)


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The entries of WEBHOOK_ALLOWED_HOSTS, and this machine's own addresses, which are refused otherwise."""

    names: frozenset[str] = frozenset()
    networks: tuple[object, ...] = field(default=())
    own: frozenset[Address] = frozenset()

    @classmethod
    def of(cls, allowed: tuple[str, ...], own: frozenset[Address] = frozenset()) -> Self:
        """Parse entries: networks, addresses, and host names (everything else)."""
        names, networks = set(), []
        for entry in allowed:
            try:
                networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                names.add(entry.lower().rstrip("."))
        return cls(frozenset(names), tuple(networks), own)

    def also_allowing(self, entries: tuple[str, ...]) -> Self:
        """Return the rules with more entries of WEBHOOK_ALLOWED_HOSTS."""
        if not entries:
            return self
        more = type(self).of(entries)
        return replace(self, names=self.names | more.names, networks=self.networks + more.networks)

    def allows_name(self, host: str) -> bool:
        """Return whether the operator allowed the host by name, whatever its address."""
        return host in self.names

    def allows(self, host: str, address: Address) -> bool:
        """Return whether a webhook to `host` may connect to `address`."""
        inner = carried(address)
        if self.allows_name(host) or self._is_listed(address) or self._is_listed(inner):
            return True
        return is_public(address) and address not in self.own and inner not in self.own

    def _is_listed(self, address: Address) -> bool:
        bare = IPv6Address(int(address)) if isinstance(address, IPv6Address) else address
        return any(bare in network for network in self.networks)  # type: ignore[operator]  # of either version


def parse_address(text: str) -> Address | None:
    """Parse an address; None for any other text."""
    try:
        return ip_address(text)
    except ValueError:
        return None
