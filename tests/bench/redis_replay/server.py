"""Starts the Valkey that is measured, and reads what it has done: commands, bytes, processor time, memory."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis

from ocrdesk.local.server import valkey
from tests.helpers.processes import free_port
from tests.helpers.wait import wait_until

_PERIOD_US = 10_000


@dataclass(frozen=True, slots=True)
class Used:
    """What a server did in a period."""

    seconds: float
    commands: int
    """Also those inside scripts and transactions."""
    bytes_in: int
    bytes_out: int
    cpu_s: float

    def __sub__(self, other: Used) -> Used:
        return Used(
            self.seconds - other.seconds,
            self.commands - other.commands,
            self.bytes_in - other.bytes_in,
            self.bytes_out - other.bytes_out,
            self.cpu_s - other.cpu_s,
        )


def without_idle(used: Used, idle: Used) -> Used:
    """Return what a server did in a period beyond what it does in an idle one of the same length."""
    times = used.seconds / idle.seconds
    return Used(
        used.seconds,
        used.commands - round(times * idle.commands),
        used.bytes_in - round(times * idle.bytes_in),
        used.bytes_out - round(times * idle.bytes_out),
        used.cpu_s - times * idle.cpu_s,
    )


@dataclass(frozen=True, slots=True)
class Server:
    """A running Valkey with an append-only file, at a port of this machine."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def redis(self) -> Any:
        """Return a connection; untyped, because in redis-py results may be awaitable."""
        return Redis.from_url(self.url, decode_responses=True)

    def used(self) -> Used:
        """Return what it has done since its start."""
        with self.redis() as redis:
            found: dict[str, Any] = redis.info("everything")
        return Used(
            float(found["server_time_usec"]) / 1e6,
            int(found["total_commands_processed"]),
            int(found["total_net_input_bytes"]),
            int(found["total_net_output_bytes"]),
            float(found["used_cpu_user"]) + float(found["used_cpu_sys"]),
        )

    def memory(self, *, data_only: bool = False) -> int:
        """Return the bytes that it has allocated; `data_only`: without those for connections and the log."""
        with self.redis() as redis:
            return int(redis.info("memory")["used_memory_dataset" if data_only else "used_memory"])


@contextlib.contextmanager
def running_server(folder: Path, *, share: float = 1.0) -> Iterator[Server]:
    """Run a Valkey with the options of the local server, but at a port: workers on other machines use TCP.

    `share`: of a core that it may use, so that a simulation on the same machine can bring it to its limit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [*valkey.command(folder, folder), "--port", str(port), "--maxclients", "20000"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: valkey.is_ready(folder), "Valkey's answer")
        with limited_to(process.pid, share):
            yield Server(port, folder)
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def limited_to(pid: int, share: float) -> Iterator[None]:
    """Let a process use no more than a share of a core during the block; 1: no limit. Needs root and control groups."""
    if share >= 1:
        yield
        return
    old, new = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
    group = (old if old.is_dir() else new) / f"valkey-{pid}"
    quota = round(share * _PERIOD_US)
    try:
        group.mkdir()
        if old.is_dir():
            (group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (group / "cpu.max").write_text(f"{quota} {_PERIOD_US}")
        (group / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise SystemExit(f"Valkey's share of a core cannot be limited here: {error}") from None
    try:
        yield
    finally:
        (group.parent / "cgroup.procs").write_text(str(pid))
        group.rmdir()
