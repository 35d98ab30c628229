"""Connections that find the primary each time they are opened: Sentinels name it, or the nodes of a cluster.

redis-py's own pool for Sentinels does the work. For a cluster, `ClusterSlot` takes the Sentinels' place: all our keys
are in one slot, so the primary is the node that has this slot.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import redis.asyncio.sentinel
import redis.sentinel
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.connection import SSLConnection, parse_url
from redis.exceptions import ClusterDownError, MovedError, RedisClusterException
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from ocrdesk.backend.redis_servers.key_prefix import TAG
from ocrdesk.backend.redis_servers.redis_url import RedisUrl, Setup

_sentinel: Any = redis.sentinel  # its pools and those of asyncio have no types
_async_sentinel: Any = redis.asyncio.sentinel
_parse_url: Any = parse_url

_ASK_TIMEOUT_S = 1
"""A Sentinel or a node that is gone must not delay the question to the next one for long."""
_LEAVE_ALONE_S = 10
"""A Sentinel that did not answer is not asked again for so long, or each transaction would wait for it."""
_OF_SENTINELS = ("username", "password")
_PREFIX = "ssl_"


def pool(url: RedisUrl, **options: Any) -> redis.ConnectionPool:
    """Return a pool whose connections lead to the primary. `options` are those of redis-py's connections."""
    found: redis.ConnectionPool
    kwargs, is_tls = _connection_options(url, options)
    kind: Any
    if url.setup is Setup.CLUSTER:
        kind = _SlotSSLConnection if is_tls else _SlotConnection
        manager: Any = ClusterSlot(url, kwargs, is_tls=is_tls)
        found = _sentinel.SentinelConnectionPool(TAG, manager, connection_class=kind, **kwargs)
        return found
    kind = _PrimarySSLConnection if is_tls else _PrimaryConnection
    sentinels = _sentinel.Sentinel(url.hosts, sentinel_kwargs=_for_sentinels(url, kwargs, is_tls=is_tls))
    found = _sentinel.SentinelConnectionPool(url.service, sentinels, connection_class=kind, **kwargs)
    return found


def async_pool(url: RedisUrl, **options: Any) -> redis.asyncio.ConnectionPool:
    """Return a pool of asyncio connections that lead to the primary."""
    found: redis.asyncio.ConnectionPool
    kwargs, is_tls = _connection_options(url, options)
    kind: Any
    if url.setup is Setup.CLUSTER:
        kind = _AsyncSlotSSLConnection if is_tls else _AsyncSlotConnection
        manager: Any = _AsyncClusterSlot(ClusterSlot(url, kwargs, is_tls=is_tls))
        found = _async_sentinel.SentinelConnectionPool(TAG, manager, connection_class=kind, **kwargs)
        return found
    options_of_sentinels = _for_sentinels(url, kwargs, is_tls=is_tls) | {"retry": AsyncRetry(NoBackoff(), 0)}
    sentinels = _async_sentinel.Sentinel(url.hosts, sentinel_kwargs=options_of_sentinels)
    kind = _AsyncPrimarySSLConnection if is_tls else _AsyncPrimaryConnection
    found = _async_sentinel.SentinelConnectionPool(url.service, sentinels, connection_class=kind, **kwargs)
    return found


def doubt_of_sentinels(url: RedisUrl, **options: Any) -> Callable[[Any], str]:
    """Return a function that asks the Sentinels whether a connection leads to the primary, and is no longer replaced.

    It says why not, or "". More than half of them must answer, and none may have begun to replace that server: then
    what it has confirmed is not lost.
    """
    kwargs, is_tls = _connection_options(url, options)
    sentinels = _sentinel.Sentinel(url.hosts, sentinel_kwargs=_for_sentinels(url, kwargs, is_tls=is_tls)).sentinels

    silent_until = [0.0] * len(sentinels)

    def doubt(connection: Any) -> str:
        agreeing = 0
        for number, sentinel in enumerate(sentinels):
            if time.monotonic() < silent_until[number]:
                continue
            try:
                state = sentinel.sentinel_masters().get(url.service)
            except (RedisConnectionError, RedisTimeoutError):
                silent_until[number] = time.monotonic() + _LEAVE_ALONE_S
                continue
            if state is None:
                continue
            if (state["ip"], int(state["port"])) != (connection.host, int(connection.port)):
                return "The Sentinels name another primary."
            if _flags(state) != {"master"}:
                return "The Sentinels are about to replace the primary."
            agreeing += 1
        return "" if 2 * agreeing > len(sentinels) else "Too few Sentinels answer."

    return doubt


def _flags(state: Mapping[str, Any]) -> set[str]:
    flags = state["flags"]
    return set(flags.split(",")) if isinstance(flags, str) else set(flags)


def _connection_options(url: RedisUrl, options: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the options of connections, without an address, and whether they use TLS."""
    found: dict[str, Any] = dict(_parse_url(url.single))
    is_tls = found.pop("connection_class", None) is SSLConnection
    for name in ("host", "port", "path"):
        found.pop(name, None)
    return found | dict(options), is_tls


def _for_sentinels(url: RedisUrl, kwargs: Mapping[str, Any], *, is_tls: bool) -> dict[str, Any]:
    """Return the options of connections to Sentinels: the same certificates, but a login of their own.

    One that does not answer is asked once: redis-py would ask it four times before it asks the next one.
    """
    kept = {name: value for name, value in kwargs.items() if name.startswith(_PREFIX)}
    own = {name: url.sentinel_options[name] for name in _OF_SENTINELS if name in url.sentinel_options}
    timeouts = {"socket_connect_timeout": _ASK_TIMEOUT_S, "socket_timeout": _ASK_TIMEOUT_S}
    return kept | own | timeouts | {"retry": Retry(NoBackoff(), 0)} | ({"ssl": True} if is_tls else {})


class ClusterSlot:
    """Finds the primary of the slot in which all our keys are. It has the interface of redis-py's Sentinel."""

    def __init__(self, url: RedisUrl, kwargs: Mapping[str, Any], *, is_tls: bool) -> None:
        self._hosts = url.hosts
        self._kwargs = {
            name: value for name, value in kwargs.items() if name.startswith(_PREFIX) or name in _OF_SENTINELS
        }
        self._is_tls = is_tls
        self._cluster: RedisCluster | None = None

    def discover_master(self, _: str) -> tuple[str, int]:
        """Return the address of the primary. Raises ConnectionError if no node says which one it is."""
        try:
            if self._cluster is None:
                self._cluster = self._connect()
            else:
                self._cluster.nodes_manager.initialize()
            node: Any = self._cluster.get_node_from_key(TAG)  # type: ignore[no-untyped-call]
        except (RedisClusterException, ClusterDownError, KeyError, IndexError) as error:
            raise RedisConnectionError(f"No node of the cluster answers: {error}") from error
        if node is None:
            raise RedisConnectionError("The cluster has no primary for our keys now.")
        return str(node.host), int(node.port)

    def _connect(self) -> RedisCluster:
        nodes = [ClusterNode(host, port) for host, port in self._hosts]  # type: ignore[no-untyped-call]
        return RedisCluster(
            startup_nodes=nodes,
            ssl=self._is_tls,
            require_full_coverage=False,
            socket_connect_timeout=_ASK_TIMEOUT_S,
            socket_timeout=_ASK_TIMEOUT_S,
            **self._kwargs,
        )


class _AsyncClusterSlot:
    def __init__(self, slot: ClusterSlot) -> None:
        self._slot = slot

    async def discover_master(self, name: str) -> tuple[str, int]:
        return await asyncio.to_thread(self._slot.discover_master, name)


_AWAY = (MovedError, ClusterDownError)
_MOVED = "Another node of the cluster has become the primary."


_ASK_ROLE = ("INFO", "replication")
_NOT_PRIMARY = "The Sentinels or the nodes still name a server that is not the primary."


def _is_replica(answer: Any) -> bool:
    """Return whether the answer to `_ASK_ROLE` is that of a replica."""
    return "role:slave" in (answer.decode("ascii", "replace") if isinstance(answer, bytes) else answer)


class _PrimaryConnection(redis.sentinel.SentinelManagedConnection):
    """Asks the server whether it is the primary: after a failover a Sentinel may be late, and replicas answer reads.

    It connects again after an answer that did not come. redis-py's class would ask the same silent server forever.
    """

    def connect_to(self, address: tuple[str, int]) -> None:
        super().connect_to(address)  # type: ignore[no-untyped-call]
        self.send_command(*_ASK_ROLE, check_health=False)  # type: ignore[no-untyped-call]
        if _is_replica(self.read_response()):
            self.disconnect()  # type: ignore[no-untyped-call]
            raise RedisConnectionError(_NOT_PRIMARY)

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        return super().read_response(*args, **{"disconnect_on_error": True, **kwargs})


class _PrimarySSLConnection(_PrimaryConnection, redis.sentinel.SentinelManagedSSLConnection):
    pass


class _SlotConnection(_PrimaryConnection):
    """Connects again, to the new primary, when a node says that it is not the primary any more."""

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().read_response(*args, **kwargs)
        except _AWAY:
            self.disconnect()  # type: ignore[no-untyped-call]
            raise RedisConnectionError(_MOVED) from None


class _SlotSSLConnection(_SlotConnection, redis.sentinel.SentinelManagedSSLConnection):
    pass


class _AsyncPrimaryConnection(redis.asyncio.sentinel.SentinelManagedConnection):
    async def connect_to(self, address: tuple[str, int]) -> None:
        await super().connect_to(address)  # type: ignore[no-untyped-call]
        await self.send_command(*_ASK_ROLE, check_health=False)
        if _is_replica(await self.read_response()):
            await self.disconnect()
            raise RedisConnectionError(_NOT_PRIMARY)


class _AsyncPrimarySSLConnection(_AsyncPrimaryConnection, redis.asyncio.sentinel.SentinelManagedSSLConnection):
    pass


class _AsyncSlotConnection(_AsyncPrimaryConnection):
    async def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super().read_response(*args, **kwargs)
        except _AWAY:
            await self.disconnect()
            raise RedisConnectionError(_MOVED) from None


class _AsyncSlotSSLConnection(_AsyncSlotConnection, redis.asyncio.sentinel.SentinelManagedSSLConnection):
    pass
