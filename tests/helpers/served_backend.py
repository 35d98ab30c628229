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
    """Whether it runs; one that ended and was not waited for yet does not."""
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
        """As this machine's own user, or, with `key=False`, as anyone."""
        return Client(self.url, token(self.data_dir) if key else None)

    def redis(self) -> Any:
        """A connection to its Valkey; untyped, because redis-py's answers may be awaitable."""
        path = str(run_dir(self.data_dir) / SOCKET_NAME)
        return Redis(unix_socket_path=path, decode_responses=True, encoding_errors="backslashreplace")

    # ── its parts ────────────────────────────────────────────────────────────────────────────────

    def all_processes(self) -> list[psutil.Process]:
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def part(self, name: str) -> psutil.Process:
        """valkey-server, ocrdesk_api or ocrdesk_worker (the pool)."""
        return wait_until(lambda: self._part(name), f"{name} runs")

    def _part(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(name in word for word in child.cmdline()):
                    return child
        return None

    def task_process(self) -> psutil.Process:
        """A task process at work: a child of a child of the pool."""
        return wait_until(self._task_process, "a task process runs")

    def _task_process(self) -> psutil.Process | None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for worker in self.part("ocrdesk_worker").children():
                for process in worker.children():
                    return process
        return None

    def process_on_page(self, client: Client, job_id: str, number: int | None = None) -> psutil.Process:
        """The task process of a job's page that is being read (any, or that one), surely in the middle of it."""

        def find() -> psutil.Process | None:
            for page in client.result(job_id).pages:
                if page.status is PageState.STARTED and number in (None, page.number):
                    return self._process_of(page.worker or "")
            return None

        return wait_until(find, f"a task process reads page {number or 'any'}")

    def _process_of(self, worker: str) -> psutil.Process | None:
        """By the worker's name, which RQ puts into no command line: the pool logs nothing, so look in Valkey."""
        with self.redis() as connection:
            pid = connection.hget(f"rq:worker:{worker}", "pid")
        with contextlib.suppress(psutil.NoSuchProcess, TypeError, ValueError):
            for process in psutil.Process(int(pid)).children():
                return process
        return None

    # ── its end ──────────────────────────────────────────────────────────────────────────────────

    def kill_everything(self) -> None:
        """kill -9 of every process at once, Valkey too; none is left."""
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
        """The exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextlib.contextmanager
def serving(data_dir: Path, *, workers: int = 2, port: int = 0, **env: str) -> Iterator[Serving]:
    """Serves for the length of a block; whatever is left then is killed."""
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
    """The numbers of the pages whose end was committed, a number for each commit, sorted."""
    from ocrdesk.client import EventStream

    events: list[Event] = list(EventStream(client, job_id, retry=False))
    return sorted(event.page for event in events if event.type is EventType.PAGE and event.page is not None)


def assert_each_page_once(client: Client, result: JobResult) -> None:
    assert page_commits(client, result.job_id) == list(range(1, (result.page_count or 0) + 1))
