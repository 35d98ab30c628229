"""Runs Valkey, api and workers as separate processes, so that benchmarks can measure each of them."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from ocrdesk.backend.settings import Settings
from ocrdesk.local.server import valkey

_READY_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 30.0


class ServiceFailed(Exception):  # noqa: N818
    """A part did not start, ended early, or did not respond as expected; the message says which."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running api on an empty Valkey, without a key."""

    port: int
    store: subprocess.Popen[bytes]
    """Valkey."""
    api: subprocess.Popen[bytes]
    pool: subprocess.Popen[bytes] | None
    """The parent of the workers; None without workers."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[psutil.Process]:
        """Return the pool and all its descendants."""
        if self.pool is None:
            return []
        parent = psutil.Process(self.pool.pid)
        return [parent, *parent.children(recursive=True)]


@contextlib.contextmanager
def service(*, workers: int = 0, storage: str = "folder", **env: str) -> Iterator[Service]:
    """Run a service in an empty folder during the block. `storage` is `folder` or `redis`. Raises ServiceFailed."""
    with contextlib.ExitStack() as stack:
        # a short path, because the length of a socket's path is limited
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ocrdesk-", dir="/tmp")))
        redis_url = f"unix://{folder / valkey.SOCKET_NAME}"
        whole = _clean_env() | {"REDIS_URL": redis_url, "LOG_LEVEL": "WARNING"} | env
        if storage == "folder":
            whole["STORAGE_URL"] = (folder / "blobs").as_uri()
        store = stack.enter_context(_running("Valkey", valkey.command(folder, folder)))
        _eventually(lambda: valkey.is_ready(folder), store, "Valkey")
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=4096))
        port: int = listener.getsockname()[1]
        api = stack.enter_context(
            _running(
                "api",
                [sys.executable, "-m", "ocrdesk_api", "--fd", str(listener.fileno())],
                whole,
                pass_fds=(listener.fileno(),),
            )
        )
        _eventually(lambda: _is_healthy(port, workers=0), api, "the api")
        pool = None
        if workers:
            command = [sys.executable, "-m", "ocrdesk_worker", "--sole", "--workers", str(workers)]
            pool = stack.enter_context(_running("workers", command, whole))
            _eventually(lambda: _is_healthy(port, workers=workers), pool, "the workers")
        yield Service(port, store, api, pool)


def _clean_env() -> dict[str, str]:
    """Return the environment without the service's settings."""
    ours = tuple(name.upper() for name in Settings.model_fields)
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(ours)}


@contextlib.contextmanager
def _running(
    what: str, command: list[str], env: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=env, pass_fds=pass_fds, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield process
        if process.poll() is not None:
            raise ServiceFailed(f"{what} ended early with exit code {process.returncode}")
    finally:
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _eventually(condition: Callable[[], bool], process: subprocess.Popen[bytes], what: str) -> None:
    deadline = time.monotonic() + _READY_TIMEOUT_S
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServiceFailed(f"{what} did not start")
        time.sleep(0.05)


def _is_healthy(port: int, workers: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        body = answer.read()
        return answer.status == 200 and (not workers or f'"workers":{workers},'.encode() in body)
    return False
