"""Counts the open connections, in all and by address, and makes room for new ones.

A connection that waits for a request, or for the end of its headers, costs nothing to close. So a new connection takes
the place of the one that has waited longest, and idle connections cannot keep a caller out. A new connection is refused
only if all others are answering requests.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from ocrdesk_api.middleware.trusted_proxies import is_in, peer_address, rate_limit_address

_log = logging.getLogger("ocrdesk_api")

_MAX_TICK_S = 2.0
_LOG_EVERY_S = 60.0


class Connection(Protocol):
    """What this module needs of a connection."""

    def drop(self) -> None:
        """Close at once."""


class Clock:
    """Seconds in which this process ran: a stop of the process or of the machine counts as two seconds at most."""

    def __init__(self) -> None:
        self.now = 0.0
        self._last = time.monotonic()

    def tick(self) -> None:
        """Move on. Called every second."""
        real = time.monotonic()
        self.now += min(real - self._last, _MAX_TICK_S)
        self._last = real


class Connections:
    """The connections of one process."""

    def __init__(
        self, limit: int, limit_per_address: int, trusted_proxies: Iterable[str] = (), *, max_refused: int = 64
    ) -> None:
        """An address has at most half of all connections. Those in `trusted_proxies` have no limit of their own.

        `max_refused`: refused connections that stay open for a moment, so that the refusal arrives.
        """
        self.clock = Clock()
        self._limit = limit
        self._max_refused = max_refused
        self._limit_per_address = min(limit_per_address, max(1, limit // 2))
        self._trusted = tuple(ipaddress.ip_network(network, strict=False) for network in trusted_proxies)
        self._open: dict[Connection, str | None] = {}
        self._waiting: dict[Connection, None] = {}
        self._refused: dict[Connection, None] = {}
        self._by_address: Counter[str] = Counter()
        self._logged_at = -_LOG_EVERY_S

    def admit(self, connection: Connection, client: tuple[str, int] | None) -> bool:
        """Count a new connection. Return False, and do not count it, if there is no room for it."""
        address = self._limited_address(client)
        if address is not None and self._by_address[address] >= self._limit_per_address:
            self._drop_longest_waiting(address)
        if len(self._open) >= self._limit:
            self._drop_longest_waiting(None)
        is_full = len(self._open) >= self._limit
        if is_full or (address is not None and self._by_address[address] >= self._limit_per_address):
            self._log_refusal(None if is_full else address)
            return False
        self._open[connection] = self._waiting[connection] = None
        if address is not None:
            self._open[connection] = address
            self._by_address[address] += 1
        return True

    def set_waiting(self, connection: Connection, *, is_waiting: bool) -> None:
        """Note whether a connection may be closed for a new one."""
        if not is_waiting:
            self._waiting.pop(connection, None)
        elif connection in self._open:
            self._waiting.setdefault(connection)

    def set_refused(self, connection: Connection) -> None:
        """Note that a connection will close soon, and count it no more."""
        self.forget(connection)
        if len(self._refused) >= self._max_refused:
            next(iter(self._refused)).drop()
        self._refused[connection] = None

    def forget(self, connection: Connection) -> None:
        """Count a connection no more."""
        self._waiting.pop(connection, None)
        self._refused.pop(connection, None)
        address = self._open.pop(connection, None)
        if address is not None:
            self._by_address[address] -= 1
            if self._by_address[address] <= 0:
                del self._by_address[address]

    def _drop_longest_waiting(self, address: str | None) -> None:
        """Close the connection that has waited longest, of this address if one is given."""
        for connection in self._waiting:
            if address is None or self._open.get(connection) == address:
                connection.drop()
                return

    def _limited_address(self, client: tuple[str, int] | None) -> str | None:
        scope = {"client": client}
        peer = peer_address(scope)
        return None if peer is None or is_in(peer, self._trusted) else rate_limit_address(scope)

    def _log_refusal(self, address: str | None) -> None:
        if time.monotonic() - self._logged_at < _LOG_EVERY_S:
            return
        self._logged_at = time.monotonic()
        _log.warning(
            "connections are refused: %s. Raise %s, and the limit of open files if it is lower.",
            f"all {self._limit} are in use" if address is None else f"{address} has {self._limit_per_address}",
            "MAX_CONNECTIONS" if address is None else "MAX_CONNECTIONS_PER_ADDRESS",
        )
