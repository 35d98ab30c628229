"""Runs the api or a worker pool alone; gives access to its process and its log lines."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.helpers import plain_http
from tests.helpers.processes import clean_env, end
from tests.helpers.wait import wait_until

Line = dict[str, Any]


def lines_of(log: Path) -> list[Line]:
    """Return a log's lines; each is a JSON object."""
    return [json.loads(line) for line in log.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class LoggedApi:
    """A running api; `url` ends in /api/v1."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self.url.removesuffix("/api/v1").rpartition(":")[2])

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return plain_http.get(self.url + path, headers=headers, timeout=60, trust_env=False)

    def access_line(self, request_id: str) -> Line:
        """Return the line of a request, which is written just after its response."""
        return wait_until(lambda: self._access_line(request_id), f"a line of request {request_id}", 10) or {}

    def _access_line(self, request_id: str) -> Line | None:
        for line in lines_of(self.log):
            if line["logger"] == "ocrdesk_api.access" and line.get("request_id") == request_id and "status" in line:
                return line
        return None


@contextlib.contextmanager
def logged_api(log: Path, **env: str) -> Iterator[LoggedApi]:
    """Run the api alone, on a free port, with stderr in a file."""
    with socket.socket() as listener, log.open("wb") as out:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/v1"
        process = subprocess.Popen(
            [sys.executable, "-m", "ocrdesk_api", "--fd", str(listener.fileno())],
            env=clean_env(**env),
            pass_fds=(listener.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=out,
        )
    api = LoggedApi(process, url, log)
    try:
        wait_until(lambda: _is_alive(api), "the api's answer")
        yield api
    finally:
        end(process, 30)


def _is_alive(api: LoggedApi) -> bool:
    assert api.process.poll() is None, api.log.read_text()
    try:
        return api.get("/health/live").status_code == 200
    except httpx2.TransportError:
        return False
