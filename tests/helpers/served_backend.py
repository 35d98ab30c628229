"""Runs a real `ocrdesk serve` in a separate process, and finds its parts, to kill them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.jobs import JobResult
from ocrdesk.contract.states import PageState
from ocrdesk.local.paths import run_dir
from ocrdesk.local.server.state import read_state, token
from ocrdesk.local.server.valkey import SOCKET_NAME
from tests.helpers.wait import wait_until

PATIENCE_S = 90.0


def is_alive(process: psutil.Process) -> bool:
    """Return whether it runs; zombie processes do not count."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Serving:
    """A running `ocrdesk serve` on a data folder."""

    def __init__(self, data_dir: Path, *, workers: int = 2, port: int = 0, **env: str) -> None:
        self.data_dir = data_dir
        self.log = data_dir.parent / f"{data_dir.name}.log"
        command = [sys.executable, "-m", "ocrdesk", "serve", "--port", str(port)]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, "--workers", str(workers), "--data-dir", str(data_dir)],
                env=os.environ | env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        self.url = wait_until(self._ready_url, f"serve is ready; its log: {self.log.read_text()}")

    def _ready_url(self) -> str | None:
        assert self.process.poll() is None, self.log.read_text()
        found = read_state(self.data_dir)
        return found.url if found and found.pid == self.process.pid else None

    def client(self, *, key: bool = True) -> Client:
        """Return a client of this machine's own user, or with `key=False` one without a key."""
        return Client(self.url, token(self.data_dir) if key else None)

    def redis(self) -> Any:
        """A connection to its Valkey; untyped, because in redis-py results may be awaitable."""
        path = str(run_dir(self.data_dir) / SOCKET_NAME)
        return Redis(unix_socket_path=path, decode_responses=True, encoding_errors="backslashreplace")

    # ── its parts ────────────────────────────────────────────────────────────────────────────────

    def all_processes(self) -> list[psutil.Process]:
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def part(self, name: str) -> psutil.Process:
        """Return the process of valkey-server, ocrdesk_api or ocrdesk_worker (the pool)."""
        return wait_until(lambda: self._part(name), f"{name} runs")

    def _part(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(name in word for word in child.cmdline()):
                    return child
        return None

    def task_process(self) -> psutil.Process:
        """Return a running task process: a grandchild of the pool."""
        return wait_until(self._task_process, "a task process runs")

    def _task_process(self) -> psutil.Process | None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for worker in self.part("ocrdesk_worker").children():
                for process in worker.children():
                    return process
        return None

    def process_on_page(self, client: Client, job_id: str, number: int | None = None) -> psutil.Process:
        """Return the task process that is in the middle of a job's page (any page, or this one)."""

        def find() -> psutil.Process | None:
            for page in client.result(job_id).pages:
                if page.status is PageState.STARTED and number in (None, page.number):
                    return self._process_of(page.worker or "")
            return None

        return wait_until(find, f"a task process reads page {number or 'any'}")

    def _process_of(self, worker: str) -> psutil.Process | None:
        """Find a process by its worker's name in Valkey: no command line has it, and the pool logs nothing."""
        with self.redis() as connection:
            pid = connection.hget(f"rq:worker:{worker}", "pid")
        with contextlib.suppress(psutil.NoSuchProcess, TypeError, ValueError):
            for process in psutil.Process(int(pid)).children():
                return process
        return None

    # ── its end ──────────────────────────────────────────────────────────────────────────────────

    def kill_everything(self) -> None:
        """Kill every process with SIGKILL, including Valkey, and wait until all are gone."""
        processes = self.all_processes()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.process.wait()
        psutil.wait_procs(processes, timeout=PATIENCE_S)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextlib.contextmanager
def serving(data_dir: Path, *, workers: int = 2, port: int = 0, **env: str) -> Iterator[Serving]:
    """Run a server during the block; kill remaining processes at the end."""
    server = Serving(data_dir, workers=workers, port=port, **env)
    try:
        yield server
    finally:
        left = server.all_processes() if server.process.poll() is None else []
        if server.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.stop()
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def page_commits(client: Client, job_id: str) -> list[int]:
    """Return the sorted page numbers of all commits, one for each commit."""
    from ocrdesk.client import EventStream

    events: list[Event] = list(EventStream(client, job_id, retry=False))
    return sorted(event.page for event in events if event.type is EventType.PAGE and event.page is not None)


def assert_each_page_once(client: Client, result: JobResult) -> None:
    assert page_commits(client, result.job_id) == list(range(1, (result.page_count or 0) + 1))
