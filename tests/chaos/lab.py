"""Runs Valkey, several apis and several worker pools as processes, and starts again what died."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx2
import psutil
from redis import Redis

from ocrdesk.backend.settings import Settings
from ocrdesk.local.server import valkey
from tests.chaos.disk import Disk
from tests.helpers import plain_http
from tests.helpers.processes import clean_env
from tests.helpers.wait import wait_until

TENANTS = ("tenant-red-0001", "tenant-green-0002", "tenant-blue-0003")
"""The API keys of the callers."""
PAGE_LIMIT_S = 5
_RESTART_AFTER_S = 0.3
_STOP_S = 30.0
_COPIES = 3
"""How often a folder is copied again that changed meanwhile."""


@dataclass(slots=True)
class Part:
    """A program that is started again when it ends, as an init system does. `is_held`: not now."""

    name: str
    command: Sequence[str]
    env: dict[str, str]
    log: Path
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    is_held: bool = False
    starts: int = 0

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=self.descriptors,
                start_new_session=True,
            )
        self.starts += 1

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self.is_alive:
            os.kill(self.pid, number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Lab:
    """The running parts. `files` has the blobs and the scratch folder, `data` Valkey's append-only file."""

    root: Path
    storage: str
    env: dict[str, str]
    files: Disk
    data: Disk
    parts: list[Part] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    """Session ids of everything that was started: a process in one of them is ours, whatever its environment."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def valkey(self) -> Part:
        return self.parts[0]

    @property
    def apis(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith("api")]

    @property
    def pools(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith("pool")]

    @property
    def blobs(self) -> Path | None:
        """The folder of stored files; None where they are in Redis."""
        return self.files.path / "blobs" if self.storage == "folder" else None

    @property
    def scratch_folders(self) -> tuple[Path, Path]:
        """SCRATCH_DIR, and the folder that stands for the system's temporary folder."""
        return self.files.path / "scratch", self.root / "tmp"

    def settings(self) -> Settings:
        """Return the settings of the parts, for the backend's own classes in this process."""
        return Settings(redis_url=self.env["REDIS_URL"], storage_url=self.env.get("STORAGE_URL", ""))

    def base(self, number: int) -> str:
        return f"http://127.0.0.1:{self.ports[number % len(self.ports)]}/api/v1"

    def redis(self, *, timeout_s: float = 5.0) -> Any:
        """Return a connection that decodes; untyped, because in redis-py results may be awaitable."""
        return Redis.from_url(
            self.env["REDIS_URL"], decode_responses=True, socket_timeout=timeout_s, encoding_errors="backslashreplace"
        )

    # ── starting and stopping ────────────────────────────────────────────────────────────────────

    def start(self, part: Part) -> None:
        with self._lock:
            part.start()
            self.sessions.add(part.pid)

    def watch(self) -> None:
        """Start again what ended, until the lab stops."""
        while not self._stop.wait(0.05):
            for part in self.parts:
                if not part.is_held and not part.is_alive and not self._stop.wait(_RESTART_AFTER_S):
                    with self._lock:
                        if not part.is_held and not part.is_alive:
                            self.start(part)

    def replace_data(self, copy: Path) -> None:
        """Kill Valkey, give it the data of a copy, and start it again."""
        with self._lock:
            self.valkey.is_held = True
            self.valkey.kill()
            target = self.data.path / "valkey"
            shutil.rmtree(target)
            shutil.copytree(copy, target)
            self.start(self.valkey)
            self.valkey.is_held = False

    def copy_data(self, target: Path) -> None:
        """Copy Valkey's data as it is now; again if it was rewritten meanwhile."""
        for attempt in range(_COPIES):
            shutil.rmtree(target, ignore_errors=True)
            try:
                shutil.copytree(self.data.path / "valkey", target)
                return
            except shutil.Error:
                if attempt == _COPIES - 1:
                    raise

    def wait_until_ready(self) -> None:
        """Wait until every api answers and sees workers of every pool."""

        def is_ready(number: int) -> bool:
            with contextlib.suppress(httpx2.TransportError):
                answer = plain_http.get(f"{self.base(number)}/health", timeout=5, trust_env=False)
                return answer.status_code == 200 and answer.json().get("workers", 0) >= len(self.pools)
            return False

        for number in range(len(self.ports)):
            wait_until(lambda number=number: is_ready(number), "an api that sees all workers")  # type: ignore[misc]

    def end(self) -> None:
        """Stop the parts in order; kill those that do not end. Processes that outlive them are left, for the audit."""
        self._stop.set()
        with self._lock:
            served = [part for part in self.parts[1:] if part.is_alive]
            for part in served:
                part.send(signal.SIGCONT)
                part.send(signal.SIGTERM)
            for part in served:
                assert part.process is not None
                try:
                    part.process.wait(_STOP_S)
                except subprocess.TimeoutExpired:
                    part.kill()
            self.valkey.kill()

    # ── processes ────────────────────────────────────────────────────────────────────────────────

    def processes(self) -> list[psutil.Process]:
        """Return all processes of the parts, also those whose parents died."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                is_ours = os.getsid(process.pid) in self.sessions
                if is_ours and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def orphans(self) -> list[psutil.Process]:
        """Return processes that no live part is the ancestor of."""
        alive = {part.pid for part in self.parts if part.is_alive}
        found = []
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                if process.pid not in alive and alive.isdisjoint(parent.pid for parent in process.parents()):
                    found.append(process)
        return found


@contextlib.contextmanager
def running_lab(
    *, apis: int = 2, pools: int = 2, workers: int = 1, storage: str = "folder", disk_mb: int = 0, **env: str
) -> Iterator[Lab]:
    """Run the parts; `storage` is `folder` or `redis`. With `disk_mb`, files and data have disks of that size."""
    root = Path(tempfile.mkdtemp(prefix="ocrdesk-chaos-", dir="/tmp"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        files, data = (stack.enter_context(Disk.made(root / name, disk_mb)) for name in ("files", "data"))
        for folder in (root / "tmp", root / "logs", files.path / "scratch"):
            folder.mkdir()
        lab = Lab(root, storage, _environment(root, files, storage, env), files, data)
        lab.parts.append(Part("valkey", valkey.command(root, data.path), clean_env(), root / "logs" / "valkey.log"))
        for number in range(apis):
            listener = stack.enter_context(_listener())
            lab.ports.append(listener.getsockname()[1])
            command = [sys.executable, "-m", "ocrdesk_api", "--no-env-file", "--fd", str(listener.fileno())]
            lab.parts.append(_part(lab, f"api{number}", command, listener.fileno()))
        command = [sys.executable, "-m", "ocrdesk_worker", "--no-env-file", "--workers", str(workers)]
        lab.parts += [_part(lab, f"pool{number}", command) for number in range(pools)]
        stack.callback(_kill_all, lab)
        stack.callback(lab.end)
        for part in lab.parts:
            lab.start(part)
        threading.Thread(target=lab.watch, daemon=True).start()
        lab.wait_until_ready()
        yield lab


def _environment(root: Path, files: Disk, storage: str, extra: dict[str, str]) -> dict[str, str]:
    own = {
        "REDIS_URL": f"unix://{root / valkey.SOCKET_NAME}",
        "TMPDIR": str(root / "tmp"),
        "SCRATCH_DIR": str(files.path / "scratch"),
        "LOG_FORMAT": "json",
        "API_KEY_ENABLED": "true",
        "API_KEYS": ",".join(TENANTS),
        "METRICS_ENABLED": "false",
        "OCR_TIMEOUT_PER_PAGE": str(PAGE_LIMIT_S),
        "WORKER_GRACE_S": "2",
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "WEBHOOK_RETRY_SCHEDULE": "0,1,1,2,2,4,4,8,8,15,15,30",
        "PYTHONUNBUFFERED": "1",
    }
    if storage == "folder":
        own["STORAGE_URL"] = (files.path / "blobs").as_uri()
    return clean_env(**own | extra)


def _part(lab: Lab, name: str, command: Sequence[str], *descriptors: int) -> Part:
    return Part(name, command, lab.env, lab.root / "logs" / f"{name}.log", descriptors)


def _listener() -> socket.socket:
    """Return a listening socket, which outlives the api that uses it, as under socket activation."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def _kill_all(lab: Lab) -> None:
    for process in lab.processes():
        with contextlib.suppress(psutil.Error):
            process.kill()


def open_logs(lab: Lab) -> Iterator[tuple[str, IO[str]]]:
    """Yield the name and the open log of each part but Valkey."""
    for part in lab.parts[1:]:
        with part.log.open(errors="replace") as log:
            yield part.name, log


def now() -> float:
    """Return the time of this machine, which all parts share: Unix seconds."""
    return time.time()


def end_in_order_on_sigterm() -> None:
    """Let SIGTERM end this program as Ctrl-C does, so that the lab is cleaned up. For the commands."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
