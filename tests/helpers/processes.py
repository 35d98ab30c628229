"""Starts and stops the real programs that tests use: Valkey, the local server, the api alone."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
from redis import Redis

from ocrdesk.backend.settings import Settings
from ocrdesk.local.paths import run_dir
from ocrdesk.local.server import state, valkey
from tests.helpers import plain_http
from tests.helpers.wait import wait_until

_OURS = ("OCRDESK_", "TESSDATA_PREFIX", "PORT", "RQ_", *(name.upper() for name in Settings.model_fields))


def clean_env(**extra: str) -> dict[str, str]:
    """Return this process's environment without ocrdesk's settings, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_OURS)}
    return kept | extra


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """Yield a temporary folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="ocrdesk-test-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def run_valkey(folder: Path) -> Iterator[str]:
    """Run a Valkey as the local server starts it; yield its URL."""
    process = subprocess.Popen(valkey.command(folder, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: valkey.is_ready(folder), "Valkey's answer")
        yield f"unix://{folder / valkey.SOCKET_NAME}"
    finally:
        process.kill()
        process.wait()


def end(process: subprocess.Popen[bytes], timeout_s: float) -> None:
    """Stop a process that may have ended already; kill it if it has not ended after `timeout_s` seconds."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_PORTS, _MOST_PORTS = (15_000, 32_000), 100
_SHARES = 17
"""So many processes of one test run have ports of their own, as two could pick the same one before it is used."""
_given: set[int] = set()


def free_port() -> int:
    """Return a port of 127.0.0.1 at which nothing listens now, and which this process did not get before.

    It is below the ports that the system gives to outgoing connections: one of these could take it before it is used.
    """
    share = (_PORTS[1] - _PORTS[0]) // _SHARES
    first = _PORTS[0] + share * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES)
    for _ in range(_MOST_PORTS):
        port = random.randrange(first, first + share)  # no secret
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port
    raise AssertionError("no port is free")


@contextlib.contextmanager
def logged_pool(log: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker pool with one worker, and write what it says to a file."""
    with log.open("wb") as out:
        pool = subprocess.Popen(
            [sys.executable, "-m", "ocrdesk_worker", "--workers", "1"],
            env=clean_env(LOG_FORMAT="json", **env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield pool
    finally:
        end(pool, 40)


@dataclass(frozen=True, slots=True)
class Backend:
    """A running `ocrdesk serve`."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    url: str

    @property
    def api(self) -> str:
        return f"{self.url}/api/v1"

    @property
    def token(self) -> str:
        """The key that has no limits."""
        return state.token(self.data_dir)

    @property
    def redis_url(self) -> str:
        return f"unix://{run_dir(self.data_dir) / valkey.SOCKET_NAME}"

    @property
    def storage_url(self) -> str:
        return self.blobs.as_uri()

    @property
    def blobs(self) -> Path:
        """The folder of uploads and results."""
        return self.data_dir.resolve() / "blobs"

    def redis(self) -> Any:
        """A connection to the server's Valkey; untyped, because in redis-py results may be awaitable."""
        return Redis.from_url(self.redis_url, decode_responses=True)

    def children(self) -> list[psutil.Process]:
        """Return all descendants of `serve`."""
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


@contextlib.contextmanager
def running_backend(data_dir: Path, *, workers: int = 2, **env: str) -> Iterator[Backend]:
    """Run `ocrdesk serve` on a free port; yield it when it is ready."""
    process = start_serve(data_dir, workers=workers, **env)
    try:
        yield Backend(process, data_dir, wait_until_served(process, data_dir))
    finally:
        end(process, 30)


def start_serve(
    data_dir: Path, *, workers: int = 2, port: int | None = 0, host: str = "", cwd: Path | None = None, **env: str
) -> subprocess.Popen[bytes]:
    """Start `ocrdesk serve`; its output goes to serve.log beside the data folder. `port` None: its default."""
    listen = ([] if port is None else ["--port", str(port)]) + (["--host", host] if host else [])
    with data_dir.with_name(data_dir.name + "-serve.log").open("ab") as log:
        return subprocess.Popen(
            [*OCRDESK, "serve", *listen, "--workers", str(workers), "--data-dir", str(data_dir)],
            cwd=cwd,
            env=clean_env(**env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def wait_until_served(process: subprocess.Popen[bytes], data_dir: Path) -> str:
    """Return the URL once the server has printed it."""

    def url() -> str | None:
        assert process.poll() is None, f"serve ended with exit code {process.returncode}"
        running = state.read_state(data_dir)
        return running.url if running and running.pid == process.pid else None

    return wait_until(url, "the backend", 60) or ""


OCRDESK = (sys.executable, "-m", "ocrdesk")


@dataclass(frozen=True, slots=True)
class ApiProcess:
    """A running `ocrdesk api`; its URL up to /api/v1."""

    process: subprocess.Popen[bytes]
    api: str

    @property
    def url(self) -> str:
        return self.api.removesuffix("/api/v1")


@contextlib.contextmanager
def running_api(*, log: Path | None = None, before: Sequence[str] = (), **env: str) -> Iterator[str]:
    """Run the api alone, as `ocrdesk api` does; yield its URL up to /api/v1. Its output goes to `log`.

    `before`: words before the command, which make it run as another user.
    """
    with running_api_process(log=log, before=before, **env) as started:
        yield started.api


@contextlib.contextmanager
def running_api_process(
    *, log: Path | None = None, port: int = 0, before: Sequence[str] = (), **env: str
) -> Iterator[ApiProcess]:
    """Do the same; yield the process, for tests that kill it or start another one on its port."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        port = listener.getsockname()[1]
        descriptor = listener.fileno()
        said = stack.enter_context(log.open("ab")) if log else subprocess.DEVNULL
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "ocrdesk_api", "--fd", str(descriptor)],
            env=clean_env(**env),
            pass_fds=(descriptor,),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    try:
        url = f"http://127.0.0.1:{port}/api/v1"
        wait_until(lambda: _is_alive(process, url), "the api's answer")
        yield ApiProcess(process, url)
    finally:
        process.terminate()
        process.wait(30)


def _is_alive(process: subprocess.Popen[bytes], url: str) -> bool:
    assert process.poll() is None, f"the api ended with exit code {process.returncode}"
    try:
        return plain_http.get(f"{url}/health/live", timeout=5, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


@contextlib.contextmanager
def running_pool(*, workers: int = 1, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run workers alone, as `ocrdesk worker` does; they stop cleanly unless the test kills them."""
    pool = subprocess.Popen(
        [sys.executable, "-m", "ocrdesk_worker", "--workers", str(workers)],
        env=clean_env(**env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield pool
    finally:
        if pool.poll() is None:
            pool.terminate()
            assert pool.wait(40) == 0


def run_ocrdesk(
    *arguments: str | Path, timeout_s: float = 120, cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run one call of the command line to its end."""
    return subprocess.run(
        [*OCRDESK, *map(str, arguments)],
        cwd=cwd,
        env=clean_env(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
