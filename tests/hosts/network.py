"""An api, a Valkey and two workers, each on a host of its own. Files are in Redis, so the network is all they share."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import ActiveLease
from ocrdesk.client import Client, ClientError
from ocrdesk.contract.jobs import JobOptions, JobResult
from ocrdesk.contract.states import JobState, PageState
from ocrdesk.local.server.valkey import find_program
from tests.helpers.network_hosts import Host, running_hosts
from tests.helpers.processes import clean_env
from tests.helpers.served_backend import page_commits
from tests.helpers.wait import wait_until

VALKEY, API = "valkey", "api"
WORKERS = ("worker-a", "worker-b")
_PORT, _API_PORT = 6379, 8000
_PATIENCE_S = 300.0
_BEGUN_S = 0.15
"""Of processor time: by then the file has been fetched, and the page is not finished."""
QUICK = JobOptions(engine="tesseract", languages=("eng",))


@dataclass(eq=False)
class Network:
    """The hosts and what runs on them."""

    folder: Path
    hosts: dict[str, Host]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def redis_address(self) -> tuple[str, int]:
        return self.hosts[VALKEY].address, _PORT

    @property
    def url(self) -> str:
        return f"http://{self.hosts[API].address}:{_API_PORT}"

    def client(self, **options: Any) -> Client:
        return Client(self.url, **options)

    def redis(self) -> Any:
        """Return a connection from the switch; untyped, because in redis-py results may be awaitable."""
        host, port = self.redis_address
        return Redis(host=host, port=port, decode_responses=True, socket_timeout=5)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    # ── programs ─────────────────────────────────────────────────────────────────────────────────

    def start_valkey(self) -> None:
        program = find_program()
        assert program is not None
        (self.folder / "data").mkdir(exist_ok=True)
        options = {"port": str(_PORT), "bind": "*", "protected-mode": "no", "appendonly": "yes", "save": ""}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        command = [str(program), *words, "--dir", str(self.folder / "data")]
        self.processes[VALKEY] = self.hosts[VALKEY].popen(command, clean_env(), self.log(VALKEY))
        wait_until(self._has_redis, "Valkey's answer")

    def crash_valkey(self) -> None:
        """Let its host lose power and start again without Valkey: connections end, and no packet says so."""
        host, process = self.hosts[VALKEY], self.processes.pop(VALKEY)
        host.cut_off()
        process.kill()
        process.wait()
        host.crash()
        host.boot()

    def _has_redis(self) -> bool:
        with contextlib.suppress(Exception), self.redis() as redis:
            return bool(redis.ping())
        return False

    def start_api(self) -> None:
        command = [sys.executable, "-m", "ocrdesk_api", "--no-env-file", "--host", "0.0.0.0", "--port", str(_API_PORT)]
        env = self._env() | {"ALLOWED_HOSTS": "*"}
        self.processes[API] = self.hosts[API].popen(command, env, self.log(API))
        with self.client() as client:
            wait_until(lambda: _answers(client), "the api's answer")

    def start_worker(self, name: str, address: tuple[str, int] | None = None) -> None:
        """Start a pool with one worker on its host, with another address of Redis if one is given."""
        command = [sys.executable, "-m", "ocrdesk_worker", "--no-env-file", "--workers", "1"]
        self.processes[name] = self.hosts[name].popen(command, self._env(address), self.log(name))

    def start_workers(self) -> None:
        """Start those that do not run, and wait until all are alive."""
        for name in WORKERS:
            if name not in self.processes:
                self.start_worker(name)
        self.wait_for_workers()

    def stop_workers(self) -> None:
        """Stop those that run, as an init system does."""
        for process in (self.processes.pop(name) for name in WORKERS if name in self.processes):
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.processes.values():
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait()

    def _env(self, address: tuple[str, int] | None = None) -> dict[str, str]:
        host, port = address or self.redis_address
        own = {
            "REDIS_URL": f"redis://{host}:{port}/0",
            "SCRATCH_DIR": str(self.folder / "scratch"),
            "LOG_FORMAT": "json",
            "OCR_TIMEOUT_PER_PAGE": "120",
            "MAX_PDF_PAGES": "0",
            "MAX_FILE_SIZE_MB": "0",
        }
        return clean_env(**own)

    # ── what happens ─────────────────────────────────────────────────────────────────────────────

    def wait_for_workers(self, number: int = len(WORKERS)) -> None:
        with self.client() as client:
            wait_until(lambda: _answers(client, number), f"{number} live workers", _PATIENCE_S)

    def leases(self) -> list[ActiveLease]:
        """Return what attempts hold now."""
        with self.redis() as redis:
            entries = redis.hgetall(redis_keys.LEASES)
        return [codec.lease_from(attempt, entry) for attempt, entry in entries.items()]

    def page_of(self, host: str, job_id: str) -> int:
        """Return a page of the job that a worker on this host is reading, once there is one."""

        def held() -> int | None:
            of_job = [lease for lease in self.leases() if lease.unit.job_id == job_id and lease.unit.page]
            return next((lease.unit.page for lease in of_job if lease.attempt.node.startswith(f"{host}-")), None)

        return wait_until(held, f"a page of the job on {host}", _PATIENCE_S) or 0

    def is_recognising(self, host: str) -> bool:
        """Return whether a process that opens files is in the middle of a page there: child of a worker's task."""
        with contextlib.suppress(psutil.Error):
            for worker in psutil.Process(self.processes[host].pid).children():
                for task in worker.children():
                    if any(process.cpu_times().user > _BEGUN_S for process in task.children(recursive=True)):
                        return True
        return False

    def commits_by_host(self, client: Client, job_id: str, pages: int) -> dict[str, int]:
        """Check that a job has finished with all its pages, each committed once; return how many each host read."""
        result = _ended(client, job_id)
        assert result.status is JobState.FINISHED, f"{result.status} {result.error}"
        states = [page.status for page in result.pages]
        assert states == [PageState.FINISHED] * pages, states
        commits = page_commits(client, job_id)
        assert commits == list(range(1, pages + 1)), f"commits of pages: {commits}"
        firsts = [text.split()[:2] for text in (result.text or "").split("\f")]
        assert firsts == [["PAGE", str(number)] for number in range(1, pages + 1)], firsts
        readers = [(page.worker or "").rsplit("-", 2)[0] for page in result.pages]
        return {host: readers.count(host) for host in WORKERS}


def _ended(client: Client, job_id: str) -> JobResult:
    """Return the job's result when it has ended, or when no further page was read for a long time."""
    pages_done = -1
    result = client.wait(job_id, timeout_s=_PATIENCE_S)
    while not result.status.is_final and result.pages_done > pages_done:
        pages_done = result.pages_done
        result = client.wait(job_id, timeout_s=_PATIENCE_S)
    return result


def _answers(client: Client, workers: int = 0) -> bool:
    with contextlib.suppress(ClientError):
        return (client.health().workers or 0) >= workers
    return False


@contextlib.contextmanager
def running_network() -> Iterator[Network]:
    """Run Valkey and the api on their hosts. Workers are started by who needs them."""
    folder = Path(tempfile.mkdtemp(prefix="ocrdesk-hosts-", dir="/tmp"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "scratch").mkdir()
        network = Network(folder, stack.enter_context(running_hosts(VALKEY, API, *WORKERS)))
        stack.callback(network.end)
        network.start_valkey()
        network.start_api()
        yield network


def seconds_since(begun: float) -> float:
    return round(time.monotonic() - begun, 1)


def end_in_order_on_sigterm() -> None:
    """Let SIGTERM end this program as Ctrl-C does, so that its processes end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
