"""Hosts as network namespaces that a bridge joins: each has its own address, name and cable.

A program that calls `enter_own_network` first runs as the switch of a network of its own, as root or, where the kernel
allows user namespaces, as any user. The kernel removes all of it when the program and what it started have ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.wait import wait_until

SWITCH = "10.77.0.1"
"""The address of the program itself."""
_BRIDGE = "switch"
_MARK = "OCRDESK_TEST_NETWORK"
_UNSHARE = ("unshare", "--net", "--uts")
_AS_USER = ("--user", "--map-root-user")


def _unshare() -> list[str]:
    return [*_UNSHARE, *(() if os.geteuid() == 0 else _AS_USER)]


def why_impossible() -> str:
    """Return why there can be no namespaces here; empty if there can."""
    for tool in ("ip", "unshare", "nsenter", "setpriv"):
        if shutil.which(tool, path=_path()) is None:
            return f"{tool} is missing: apt-get install iproute2 util-linux"
    script = "ip link set lo up && ip link add one type bridge && ip link add two type veth peer name three"
    tried = subprocess.run([*_unshare(), "sh", "-c", script], capture_output=True, text=True, env=_env(), check=False)
    return "" if tried.returncode == 0 else f"namespaces are not allowed here: {tried.stderr.strip()}"


def has_token_bucket() -> bool:
    """Return whether `tc` and the kernel can slow a link down."""
    script = "ip link set lo up && tc qdisc add dev lo root tbf rate 1mbit burst 4kb latency 1s"
    return (
        subprocess.run([*_unshare(), "sh", "-c", script], capture_output=True, env=_env(), check=False).returncode == 0
    )


def _path() -> str:
    return os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def _env() -> dict[str, str]:
    return os.environ | {"PATH": _path()}


def enter_own_network(module: str) -> None:
    """Run `python -m MODULE` again with this program's arguments in namespaces of its own, unless it runs there."""
    if os.environ.get(_MARK) == str(os.getpid()):
        os.environ["PATH"] = _path()
        return
    env = _env() | {_MARK: str(os.getpid())}  # the process stays the same
    os.execvpe("unshare", [*_unshare(), sys.executable, "-m", module, *sys.argv[1:]], env)


@dataclass(eq=False)
class Host:
    """A machine on the network. `number` is the last part of its address."""

    name: str
    number: int
    holder: subprocess.Popen[bytes] | None = None
    """The process that keeps its namespaces. It ends with this program."""

    @property
    def address(self) -> str:
        return f"10.77.0.{self.number}"

    @property
    def port(self) -> str:
        """Its end of the cable at the switch."""
        return f"to-{self.name}"

    def boot(self) -> None:
        """Make the machine and connect it. Its address and its network card are always the same."""
        self.holder = subprocess.Popen([*_UNSHARE, "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        holder = self.holder.pid
        wait_until(lambda: _namespaces(holder).isdisjoint(_namespaces(os.getpid())), f"the namespaces of {self.name}")
        card = ["name", "eth0", "address", f"02:00:00:00:00:{self.number:02x}"]
        _run("ip", "link", "add", self.port, "type", "veth", "peer", *card, "netns", str(holder))
        _run(*self.command("hostname", self.name))
        _run(*self.command("ip", "link", "set", "lo", "up"))
        _run(*self.command("ip", "address", "add", f"{self.address}/24", "dev", "eth0"))
        _run(*self.command("ip", "link", "set", "eth0", "up"))
        _run("ip", "link", "set", self.port, "master", _BRIDGE, "up")

    def crash(self) -> None:
        """Remove the machine with its open connections, of which no other one hears. Its programs must have ended."""
        if self.holder is not None:
            self.holder.kill()
            self.holder.wait()
            self.holder = None
            subprocess.run(["ip", "link", "del", self.port], capture_output=True, check=False)

    def command(self, *words: str) -> list[str]:
        """Return a command that runs on this host. The process is the one that is started."""
        assert self.holder is not None, f"{self.name} does not run"
        return ["nsenter", f"--target={self.holder.pid}", "--net", "--uts", *words]

    def popen(
        self, command: Sequence[str], env: dict[str, str], log: str | os.PathLike[str]
    ) -> subprocess.Popen[bytes]:
        """Start a program here, which ends with this one whatever happens."""
        words = self.command("setpriv", "--pdeathsig=KILL", *command)
        with open(log, "ab") as out:  # noqa: PTH123  # any path
            return subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def cut_off(self) -> None:
        """Let nothing pass in either direction, and tell neither end: its packets go nowhere."""
        _run("ip", "link", "set", self.port, "nomaster")

    def connect(self) -> None:
        """Let packets pass again."""
        _run("ip", "link", "set", self.port, "master", _BRIDGE)

    def slow_down(self, kbit_s: int) -> None:
        """Limit both directions to so many kbit/s, with a queue of a second."""
        shape = ["tbf", "rate", f"{kbit_s}kbit", "burst", "4kb", "latency", "1s"]
        _run("tc", "qdisc", "replace", "dev", self.port, "root", *shape)
        _run(*self.command("tc", "qdisc", "replace", "dev", "eth0", "root", *shape))

    def speed_up(self) -> None:
        """Remove the limit."""
        _run("tc", "qdisc", "del", "dev", self.port, "root")
        _run(*self.command("tc", "qdisc", "del", "dev", "eth0", "root"))


@contextlib.contextmanager
def running_hosts(*names: str) -> Iterator[dict[str, Host]]:
    """Make hosts of these names, each of at most 10 letters, and remove them at the end."""
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", _BRIDGE, "type", "bridge")
    _run("ip", "address", "add", f"{SWITCH}/24", "dev", _BRIDGE)
    _run("ip", "link", "set", _BRIDGE, "up")
    hosts = {name: Host(name, number) for number, name in enumerate(names, 2)}
    try:
        for host in hosts.values():
            host.boot()
        yield hosts
    finally:
        for host in hosts.values():
            host.crash()
        _run("ip", "link", "del", _BRIDGE)


def _namespaces(pid: int) -> set[str]:
    return {str(Path(f"/proc/{pid}/ns/{kind}").readlink()) for kind in ("net", "uts")}


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
