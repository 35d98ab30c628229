"""Runs `ocrdesk_api.main:app` under the ASGI servers that people use, as real processes."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.processes import clean_env, end
from tests.helpers.wait import wait_until

_APP = "ocrdesk_api.main:app"
SERVERS: dict[str, tuple[str, ...]] = {
    "uvicorn": ("uvicorn", _APP, "--port", "{port}"),
    "uvicorn with two workers": ("uvicorn", _APP, "--port", "{port}", "--workers", "2"),
    "gunicorn": ("gunicorn", _APP, "-b", "127.0.0.1:{port}", "-k", "asgi", "--no-control-socket"),
    "gunicorn with uvicorn": (
        *("gunicorn", _APP, "-b", "127.0.0.1:{port}", "--no-control-socket"),
        *("-k", "uvicorn_worker.UvicornWorker"),
    ),
    "hypercorn": ("hypercorn", _APP, "--workers", "0", "-b", "127.0.0.1:{port}"),
    "granian": ("granian", "--interface", "asgi", _APP, "--port", "{port}"),
}


@dataclass(frozen=True, slots=True)
class AsgiServer:
    """A running server; `url` ends in /api/v1."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def get(self, path: str) -> httpx2.Response:
        return plain_http.get(self.url + path, timeout=60, trust_env=False)

    @property
    def is_alive(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/health/live").status_code == 200
        except httpx2.TransportError:
            return False


def command(server: str, port: int) -> list[str]:
    """Return the command line of a server; skips the test if it is not installed."""
    words = SERVERS[server]
    if find_spec(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    if "uvicorn_worker.UvicornWorker" in words and find_spec("uvicorn_worker") is None:
        pytest.skip("uvicorn-worker is not installed")
    return [sys.executable, "-m", *(word.format(port=port) for word in words)]


@contextlib.contextmanager
def running_server(words: list[str], port: int, folder: Path, prefix: str = "", **env: str) -> Iterator[AsgiServer]:
    """Run a server in a folder; yield it once it responds. Its output goes to `log` there."""
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            words, cwd=folder, env=clean_env(**env), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    server = AsgiServer(process, f"http://127.0.0.1:{port}{prefix}/api/v1", log)
    try:
        wait_until(lambda: server.is_alive, "the server's answer")
        yield server
    finally:
        end(process, 40)
