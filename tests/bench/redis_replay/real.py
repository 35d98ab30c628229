"""Runs real jobs through a real api and a real worker, and records what they say to Valkey."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ocrdesk.backend import redis_keys
from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk.client import Client
from ocrdesk.contract.states import JobState
from tests.bench.redis_replay.recorder import Connection, Recorder
from tests.bench.redis_replay.server import Server, Used
from tests.helpers.processes import running_api_process, running_pool
from tests.helpers.sample_files import scan_pdf
from tests.helpers.wait import wait_until

NODE_WORKERS = 4
"""Workers of each simulated machine."""
API_PERIOD_S = 5.0
"""How often an api looks at its pools and its queue by itself."""
_LONG_S = 3_600


@dataclass(frozen=True, slots=True)
class RealJob:
    """A job, and when its client did what, by `time.monotonic`."""

    job_id: str
    began: float
    submitted: float
    ended: float
    fetched: float


@dataclass(slots=True)
class Recording:
    """What real processes said to Valkey while they worked on jobs of the same form."""

    pages: int
    """Of each job."""
    jobs: list[RealJob]
    connections: list[Connection]
    api_pid: int
    pool_pid: int
    node: str
    node_text: str
    """The heartbeat of the recorded pool."""
    used: Used
    """What the server did while the jobs ran, including the background."""
    idle: tuple[float, float]
    """A period without a job, by `time.monotonic`."""
    idle_used: Used
    """What the server did in it."""
    worker_cpu_s: float
    """Processor seconds of the pool and its processes while the jobs ran."""
    api_cpu_s: float
    upload_bytes: int
    """Of one file."""
    result_bytes: int
    """That all jobs have stored, without uploads."""

    @property
    def all_pages(self) -> int:
        return self.pages * len(self.jobs)


@dataclass(slots=True)
class _Real:
    client: Client
    recorder: Recorder
    api_pid: int
    pool_pid: int
    node: str = ""
    node_text: str = ""
    jobs: list[RealJob] = field(default_factory=list)


def record(
    server: Server, file: Path, pages: int, jobs: int, *, workers: int = 1_000, idle_s: float = 2 * API_PERIOD_S
) -> Recording:
    """Read a file of that many pages several times with one real worker among `workers` announced ones."""
    with _running(server) as real:
        announce(server, real.node_text, real.node, workers)
        idle_from, idle_before = time.monotonic(), server.used()
        time.sleep(idle_s)
        idle, idle_used = (idle_from, time.monotonic()), server.used() - idle_before
        cpu_before = [_processor_s(pid) for pid in (real.pool_pid, real.api_pid)]
        before = server.used()
        for _ in range(jobs):
            real.jobs.append(_read(real.client, file, pages))
        after = server.used()
        wait_until(lambda: _is_waiting(real.recorder), "the worker waits for its next task")
        cpu = [_processor_s(pid) for pid in (real.pool_pid, real.api_pid)]
        stored = [path for path in (server.folder / "blobs").rglob("*") if path.is_file()]
        results = sum(path.stat().st_size for path in stored if path.name != UPLOAD)
    return Recording(
        pages,
        real.jobs,
        real.recorder.connections,
        real.api_pid,
        real.pool_pid,
        real.node,
        real.node_text,
        after - before,
        idle,
        idle_used,
        cpu[0] - cpu_before[0],
        cpu[1] - cpu_before[1],
        file.stat().st_size,
        results,
    )


def _processor_s(pid: int) -> float:
    """Return the processor seconds of a process and its descendants, including those that have ended."""
    process = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:4]) for one in (process, *process.children(recursive=True)))


def hold_reaper(server: Server) -> None:
    """Keep every pool from working as the reaper, whose cost is measured on its own."""
    with server.redis() as redis:
        redis.set(redis_keys.REAPER_LOCK, "held by the benchmark", ex=_LONG_S)


def announce(server: Server, text: str, name: str, workers: int) -> list[str]:
    """Let pools of NODE_WORKERS workers appear to be alive, as many as there are; return their names."""
    names = node_names(name, max(1, workers // NODE_WORKERS))
    with server.redis() as redis:
        for one in names:
            told = text.replace(name, one).replace('"workers": 1,', f'"workers": {NODE_WORKERS},')
            redis.set(redis_keys.node(one), told, ex=_LONG_S)
        redis.sadd(redis_keys.NODES, *names)
        redis.set(redis_keys.WORKER_COUNT, len(names) * NODE_WORKERS)
    return names


def node_names(pattern: str, count: int) -> list[str]:
    """Return names of the same length as a real pool's, which ends with eight hexadecimal digits."""
    return [f"{pattern[:-8]}{number:08x}" for number in range(count)]


@contextlib.contextmanager
def _running(server: Server) -> Iterator[_Real]:
    recorder = Recorder(server.folder / "recorder.sock", server.port)
    for name in ("blobs", "scratch"):
        (server.folder / name).mkdir(exist_ok=True)
    env = {
        "REDIS_URL": recorder.url,
        "STORAGE_URL": (server.folder / "blobs").as_uri(),
        "SCRATCH_DIR": str(server.folder / "scratch"),
    }
    hold_reaper(server)
    with recorder.running(), running_pool(workers=1, **env) as pool, running_api_process(**env) as api:
        client = Client(api.url)
        wait_until(lambda: client.health().workers, "a worker is alive")
        wait_until(lambda: _is_waiting(recorder), "the worker waits for a task")
        with server.redis() as redis:
            (node,) = redis.smembers(redis_keys.NODES)
            text = redis.get(redis_keys.node(node))
        yield _Real(client, recorder, api.process.pid, pool.pid, node, text)


def _read(client: Client, file: Path, pages: int) -> RealJob:
    """Submit a file, wait for its end, and fetch its text."""
    began = time.monotonic()
    job_id = client.submit(file)
    submitted = time.monotonic()
    result = client.wait(job_id)
    assert result.status is JobState.FINISHED, result
    assert result.page_count == pages, result
    ended = time.monotonic()
    client.export(job_id, "text")
    return RealJob(job_id, began, submitted, ended, time.monotonic())


def work_connection(connections: Sequence[Connection]) -> Connection | None:
    """Return the connection on which the worker of the common queue takes its tasks."""
    for connection in connections:
        for exchange in connection.exchanges:
            for command in exchange.commands:
                if command[0] == b"BLMOVE" and not command[1].endswith((b"-images", b"-webhooks")):
                    return connection
    return None


def connections(recording: Recording) -> dict[str, int]:
    """Return how many connections each process has at most, by what it is; a pool with its two helpers."""
    at_work = work_connection(recording.connections)
    assert at_work is not None
    by_process: dict[tuple[str, int], int] = {}
    for one in recording.connections:
        if one.pid == recording.api_pid:
            what = "api"
        elif one.pid == at_work.pid:
            what = "worker"
        elif one.parent == at_work.pid:
            what = "task"
        else:
            what = "pool"
        process = (what, one.pid if what == "task" else 0)
        by_process[process] = by_process.get(process, 0) + 1
    return {what: max(by_process[one] for one in by_process if one[0] == what) for what, _ in by_process}


def _is_waiting(recorder: Recorder) -> bool:
    found = work_connection(recorder.connections)
    return found is not None and found.exchanges[-1].commands[-1][0] == b"BLMOVE" and not found.exchanges[-1].replies


def letter_file(folder: Path, pages: int) -> Path:
    """Write a scan of letter pages full of text, at 300 dpi."""
    from tests.bench.scan import make_scan

    return make_scan(folder / f"letters-{pages}.pdf", pages).path


def small_file(folder: Path, pages: int) -> Path:
    """Write a scan of pages of one line, which take a worker a fraction of a second."""
    path = folder / f"lines-{pages}.pdf"
    path.write_bytes(scan_pdf([f"Ships and harbours, page {number}" for number in range(1, pages + 1)]))
    return path
