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

    def memory(self) -> int:
        """Return the bytes that it has allocated, without what it knows of the dataset's rewrite."""
        with self.redis() as redis:
            return int(redis.info("memory")["used_memory"])


@contextlib.contextmanager
def running_server(folder: Path, *options: str) -> Iterator[Server]:
    """Run a Valkey with the options of the local server, but at a port: workers on other machines use TCP."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [*valkey.command(folder, folder), "--port", str(port), "--maxclients", "20000", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: valkey.is_ready(folder), "Valkey's answer")
        yield Server(port, folder)
    finally:
        process.kill()
        process.wait()
