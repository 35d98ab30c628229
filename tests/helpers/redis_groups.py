"""Runs several real Valkeys: a primary with replicas and Sentinels, or a cluster. Their primary can be killed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from ocrdesk.backend.redis_servers.key_prefix import TAG
from ocrdesk.local.server import valkey
from tests.helpers.processes import free_port
from tests.helpers.wait import wait_until

SERVICE = "ocrdesk"
_TIMEOUT_MS = 1_000
"""How long a node must be silent before the others take it for dead."""
_SLOTS = 16_384
_SYNC_AT_ONCE = ("--repl-diskless-sync-delay", "0")
"""A primary would wait five seconds for more replicas before it sends the first one its data."""


@dataclass(frozen=True)
class Place:
    """Where a node runs: its address, and the words before a command that let it run there."""

    address: str = "127.0.0.1"
    words: Sequence[str] = ()


HERE = Place()


@dataclass(eq=False)
class Node:
    """A Valkey on a port of its place, in a folder of its own."""

    folder: Path
    options: Sequence[str]
    place: Place = HERE
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    password: str | None = None
    is_silent: bool = False
    """Whether it stands still, or nobody here can reach it."""

    @property
    def address(self) -> str:
        return f"{self.place.address}:{self.port}"

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        program = valkey.command(self.folder, self.folder)[0]
        command = [*self.place.words, program, *self.options, "--port", str(self.port), "--dir", str(self.folder)]
        command += ["--bind", self.place.address, "--protected-mode", "no"]  # of this address alone
        quiet = {"stdout": (self.folder / "log").open("ab"), "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(command, **quiet)
        wait_until(self.answers, f"the Valkey at {self.address}")

    @contextlib.contextmanager
    def running(self) -> Iterator[Node]:
        self.start()
        try:
            yield self
        finally:
            self.kill()

    def answers(self) -> bool:
        try:
            return bool(self.redis().ping())
        except RedisError:
            return False

    def redis(self) -> Any:
        host = self.place.address
        return Redis(host=host, port=self.port, password=self.password, decode_responses=True, socket_timeout=5)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Let it stand still: its connections stay open, and nobody gets an answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        self.is_silent = True

    def resume(self) -> None:
        """Let it go on where it stood, with what it was sent meanwhile."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.is_silent = False

    def is_replica(self) -> bool:
        try:
            return bool(self.redis().info("replication")["role"] == "slave")
        except RedisError:
            return False


@dataclass(frozen=True)
class Group:
    """Nodes that replace each other, and the URL that leads to their primary."""

    nodes: Sequence[Node]
    url: str
    sentinels: Sequence[Node] = ()

    def primary(self) -> Node:
        """Return the node that takes our writes now."""
        return wait_until(lambda: next((node for node in self.nodes if _takes_writes(node)), None), "a primary")

    def fail_over(self) -> Node:
        """Kill the primary, and return the node that replaced it."""
        old = self.primary()
        old.kill()
        return self.primary()


def _takes_writes(node: Node) -> bool:
    if node.process is None or node.is_silent:
        return False
    try:
        node.redis().set(f"{TAG}:probe", "written", px=1)
    except RedisError:
        return False
    return True


@contextlib.contextmanager
def running_pair(folder: Path) -> Iterator[tuple[Node, Node]]:
    """Run a primary and its replica."""
    primary, replica = (Node(folder / name, ["--save", "", *_SYNC_AT_ONCE]) for name in ("primary", "replica"))
    try:
        for node in (primary, replica):
            node.start()
        replica.redis().replicaof("127.0.0.1", primary.port)
        wait_until(lambda: _is_linked(replica), "the replica has the primary's data")
        yield primary, replica
    finally:
        for node in (primary, replica):
            node.kill()


@contextlib.contextmanager
def running_sentinels(
    folder: Path, *, password: str = "", sentinel_password: str = "", places: Sequence[Place] = (HERE,) * 3
) -> Iterator[Group]:
    """Run a primary with two replicas, and three Sentinels, which may ask for passwords.

    `places`: of the three servers, of which the first is the primary; a Sentinel is beside each.
    """
    login = ["--requirepass", password, "--masterauth", password] if password else []
    own = ["--save", "", "--appendonly", "yes", *_SYNC_AT_ONCE, *login]
    nodes = [
        Node(folder / f"node{number}", own, place, password=password or None) for number, place in enumerate(places)
    ]
    sentinels = [
        Node(folder / f"sentinel{number}", [], place, password=sentinel_password or None)
        for number, place in enumerate(places)
    ]
    try:
        for node in nodes:
            node.start()
        for replica in nodes[1:]:
            replica.redis().replicaof(nodes[0].place.address, nodes[0].port)
        for sentinel in sentinels:
            sentinel.folder.mkdir()
            config = sentinel.folder / "sentinel.conf"
            config.write_text(_sentinel_config(nodes[0], password, sentinel_password))
            sentinel.options = [str(config), "--sentinel"]
            sentinel.start()
        wait_until(lambda: all(_is_linked(node) for node in nodes), "the replicas have the primary's data")
        wait_until(lambda: all(_knows_all(sentinel) for sentinel in sentinels), "all Sentinels know all servers")
        hosts = ",".join(sentinel.address for sentinel in sentinels)
        login_text = f":{password}@" if password else ""
        query = f"?sentinel_password={sentinel_password}" if sentinel_password else ""
        yield Group(nodes, f"redis+sentinel://{login_text}{hosts}/{SERVICE}{query}", sentinels)
    finally:
        for node in (*sentinels, *nodes):
            node.kill()


def _sentinel_config(primary: Node, password: str, sentinel_password: str) -> str:
    lines = [
        f"sentinel monitor {SERVICE} {primary.place.address} {primary.port} 2",
        f"sentinel down-after-milliseconds {SERVICE} {_TIMEOUT_MS}",
        f"sentinel failover-timeout {SERVICE} 5000",
    ]
    if password:
        lines.append(f"sentinel auth-pass {SERVICE} {password}")
    if sentinel_password:
        lines.append(f"requirepass {sentinel_password}")
    return "\n".join(lines) + "\n"


def _knows_all(sentinel: Node) -> bool:
    state = sentinel.redis().sentinel_masters()[SERVICE]
    return state["num-slaves"] == 2 and state["num-other-sentinels"] == 2


@contextlib.contextmanager
def running_cluster(folder: Path, *, places: Sequence[Place] = (HERE,) * 3) -> Iterator[Group]:
    """Run a cluster of three primaries, one at each place, with a replica each, at the next place."""
    own = ["--cluster-enabled", "yes", "--cluster-node-timeout", str(_TIMEOUT_MS), "--save", "", "--appendonly", "yes"]
    own += _SYNC_AT_ONCE
    bus = [free_port() for _ in range(6)]  # the usual one is 10,000 higher, so perhaps no port at all
    homes = [*places, *places[1:], places[0]]
    nodes = [
        Node(folder / f"node{number}", [*own, "--cluster-port", str(bus[number])], home)
        for number, home in enumerate(homes)
    ]
    try:
        for node in nodes:
            node.start()
        for number, node in enumerate(nodes[:3]):
            node.redis().cluster("ADDSLOTSRANGE", number * _SLOTS // 3, (number + 1) * _SLOTS // 3 - 1)
            node.redis().cluster("SET-CONFIG-EPOCH", number + 1)
        for node in nodes[1:]:
            node.redis().cluster("MEET", nodes[0].place.address, nodes[0].port, bus[0])
        wait_until(lambda: all(_known_nodes(node) == 6 for node in nodes), "all nodes know each other")
        for replica, primary in zip(nodes[3:], nodes[:3], strict=True):
            replica.redis().cluster("REPLICATE", primary.redis().cluster("MYID"))
        wait_until(lambda: all(_is_complete(node) for node in nodes), "the cluster is complete")
        hosts = ",".join(node.address for node in nodes)
        yield Group(nodes, f"redis+cluster://{hosts}")
    finally:
        for node in nodes:
            node.kill()


def _known_nodes(node: Node) -> int:
    return int(node.redis().cluster("INFO")["cluster_known_nodes"])


def _is_complete(node: Node) -> bool:
    return node.redis().cluster("INFO")["cluster_state"] == "ok" and _is_linked(node)


def _is_linked(node: Node) -> bool:
    replication = node.redis().info("replication")
    return replication["role"] == "master" or replication["master_link_status"] == "up"
