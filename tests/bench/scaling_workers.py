"""The benchmark command for more workers: how much two of them read, on cores and hosts of their own, against one.

python -m tests.bench.scaling_workers [--corpus DIR] [--pages N] [--rounds N] [--engine NAME]

It needs two cores, and root or a kernel that allows user namespaces.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.client import Client
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState
from ocrdesk.local.server.valkey import find_program
from tests.chaos.conftest import dense_page
from tests.helpers.network_hosts import SWITCH, Host, enter_own_network, running_hosts, why_impossible
from tests.helpers.processes import clean_env
from tests.helpers.wait import wait_until
from tests.hosts.network import end_in_order_on_sigterm

ONE, TWO, HOSTS = "1 worker", "2 workers", "2 workers on 2 hosts"
_CORES = (0, 1)
_WORKER_HOSTS = ("worker-a", "worker-b")
_PORT, _API_PORT = 6379, 8000
_NOISY = 0.05
"""Of the cores' time: a run in which other programs used more is marked."""
_KINDS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Times:
    """Processor seconds: of a core's whole time, its idle part, and each group of our processes."""

    idle: tuple[float, ...]
    total: tuple[float, ...]
    ours: dict[str, float]

    @classmethod
    def now(cls, groups: dict[str, list[subprocess.Popen[bytes]]]) -> Times:
        cores = psutil.cpu_times(percpu=True)
        idle = tuple(cores[core].idle + cores[core].iowait for core in _CORES)
        total = tuple(sum(cores[core]) - cores[core].guest - cores[core].guest_nice for core in _CORES)
        return cls(idle, total, {name: sum(map(_used_s, group)) for name, group in groups.items()})


def _used_s(process: subprocess.Popen[bytes]) -> float:
    """Return the processor time of a process, of all below it, and of those that they have waited for."""
    used = 0.0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(process.pid)
        for each in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                used += sum(each.cpu_times()[:4])
    return used


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement. Shares are of the time of the cores that workers had."""

    pages_per_s: float
    idle: float
    service: float
    """Of the api and Valkey."""
    others: float
    """Of all programs that are not ours."""
    processor_s: float
    """Of all our processes, for a page."""

    @property
    def is_noisy(self) -> bool:
        return self.others > _NOISY


@dataclass(eq=False)
class Service:
    """Valkey and api on the switch, and the hosts for workers."""

    folder: Path
    hosts: dict[str, Host]
    processes: dict[str, list[subprocess.Popen[bytes]]] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        return clean_env(
            REDIS_URL=f"redis://{SWITCH}:{_PORT}/0",
            STORAGE_URL=(self.folder / "blobs").as_uri(),
            OCR_TIMEOUT_PER_PAGE="600",
            MAX_FILE_SIZE_MB="0",
        )

    def start(self, group: str, command: Sequence[str], host: Host | None = None, core: int | None = None) -> None:
        words = host.command(*command) if host else list(command)
        pinned = ["taskset", "--cpu-list", str(core), *words] if core is not None else words
        with (self.folder / f"{group}.log").open("ab") as log:
            process = subprocess.Popen(pinned, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.setdefault(group, []).append(process)

    def start_worker(self, core: int, host: Host | None = None) -> None:
        """Start a pool with one worker on a core."""
        self.start("workers", [sys.executable, "-m", "ocrdesk_worker", "--no-env-file", "--workers", "1"], host, core)

    def stop_workers(self) -> None:
        for process in self.processes.pop("workers", []):
            process.terminate()
            assert process.wait(60) == 0

    def end(self) -> None:
        for group in self.processes.values():
            for process in group:
                process.terminate()
            for process in group:
                process.wait(60)

    def redis(self) -> Any:
        return Redis(host=SWITCH, port=_PORT, decode_responses=True)


@contextlib.contextmanager
def running_service() -> Iterator[tuple[Service, Client]]:
    folder = Path(tempfile.mkdtemp(prefix="ocrdesk-bench-", dir="/tmp"))
    program = find_program()
    assert program is not None
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        service = Service(folder, stack.enter_context(running_hosts(*_WORKER_HOSTS)))
        stack.callback(service.end)
        options = ["--bind", SWITCH, "--protected-mode", "no", "--appendonly", "yes", "--dir", str(folder)]
        service.start("service", [str(program), "--port", str(_PORT), *options])
        api = [sys.executable, "-m", "ocrdesk_api", "--no-env-file", "--host", SWITCH, "--port", str(_API_PORT)]
        service.start("service", api)
        client = stack.enter_context(Client(f"http://{SWITCH}:{_API_PORT}", retry_policy=60))
        wait_until(lambda: _workers(client) is not None, "the api's answer")
        yield service, client


def _workers(client: Client) -> int | None:
    with contextlib.suppress(Exception):
        return client.health().workers
    return None


def measure(service: Service, client: Client, kind: str, files: Sequence[Path], options: JobOptions) -> Run:
    """Let workers read the files, each as a job, and measure from the first start to the last one.

    In that time no worker lacks work. Of a page that is read at the end, the part counts that was read until then.
    """
    cores = _CORES[:1] if kind == ONE else _CORES
    for number, core in enumerate(cores):
        service.start_worker(core, service.hosts[_WORKER_HOSTS[number]] if kind == HOSTS else None)
    wait_until(lambda: (_workers(client) or 0) >= len(cores), "the workers")
    for job_id in [client.submit(files[0], options) for _ in cores]:  # each loads what it needs
        client.wait(job_id)
    ids = [client.submit(file, options) for file in files]
    before = Times.now(service.processes)
    begun = time.time()
    with service.redis() as redis:
        wait_until(lambda: _has_begun(redis, ids[-1]), "the last page's start", 3600)
        after = Times.now(service.processes)
        ended = time.time()
        assert all(client.wait(job_id).status is JobState.FINISHED for job_id in ids)
        spans = [_span(redis, job_id) for job_id in ids]
    service.stop_workers()
    read = sum(_part(start, end, begun, ended) for start, end in spans)
    return _run(read, ended - begun, before, after, len(cores))


def _has_begun(redis: Any, job_id: str) -> bool:
    return bool(redis.hget(redis_keys.job(job_id), "started_at"))


def _span(redis: Any, job_id: str) -> tuple[float, float]:
    """Return when a job began and ended, in Unix seconds."""
    start, end = redis.hmget(redis_keys.job(job_id), ["started_at", "ended_at"])
    return datetime.fromisoformat(start).timestamp(), datetime.fromisoformat(end).timestamp()


def _part(start: float, end: float, begun: float, ended: float) -> float:
    """Return the part of a page that was read in the time that is measured."""
    within = min(end, ended) - max(start, begun)
    return max(0.0, within) / (end - start)


def _run(pages: float, seconds: float, before: Times, after: Times, cores: int) -> Run:
    idle = sum(after.idle[core] - before.idle[core] for core in range(cores))
    total = sum(after.total[core] - before.total[core] for core in range(cores))
    all_total = sum(after.total) - sum(before.total)
    all_idle = sum(after.idle) - sum(before.idle)
    ours = {name: after.ours[name] - before.ours[name] for name in before.ours}
    used = sum(ours.values())
    others = max(0.0, all_total - all_idle - used)
    return Run(pages / seconds, idle / total, ours["service"] / all_total, others / all_total, used / pages)


def _files(options: argparse.Namespace, folder: Path) -> list[Path]:
    """Return page images, each once; again from the first if there are not so many."""
    if options.corpus:
        found = [path for path in sorted((options.corpus / "pages" / "image").iterdir()) if path.suffix in _KINDS]
    else:
        found = [folder / f"{number}.png" for number in range(4)]
        for number, path in enumerate(found):
            dense_page(number + 1).save(path)
    return [found[number % len(found)] for number in range(options.pages or len(found))]


def _report(runs: dict[str, list[Run]]) -> Iterator[str]:
    single = median(run.pages_per_s for run in runs[ONE])
    yield f"{'':22} pages/s   ratio to linear   idle   api and Valkey   others   processor s/page"
    for kind, found in runs.items():
        rate = median(run.pages_per_s for run in found)
        ratio = rate / (single * (1 if kind == ONE else 2))
        shares = [median(getattr(run, name) for run in found) for name in ("idle", "service", "others")]
        cost = median(run.processor_s for run in found)
        of_cores = f"{shares[0]:4.1%}   {shares[1]:14.1%}   {shares[2]:6.1%}"
        yield f"{kind:22} {rate:7.3f}   {ratio:15.3f}   {of_cores}   {cost:16.3f}"
    noisy = sum(run.is_noisy for found in runs.values() for run in found)
    yield f"{noisy} of {sum(map(len, runs.values()))} runs were noisy: other programs used more than {_NOISY:.0%}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, help="read the real page images of this corpus; default: drawn pages")
    parser.add_argument("--pages", type=int, default=0, help="in each run; default: each of the corpus once")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", default="auto")
    options = parser.parse_args()
    if why := why_impossible() or ("" if len(os.sched_getaffinity(0)) > 1 else "this needs two cores"):
        print(why, file=sys.stderr)
        return 77
    enter_own_network("tests.bench.scaling_workers")
    end_in_order_on_sigterm()
    job_options = JobOptions(engine=options.engine, languages=("eng",))
    runs: dict[str, list[Run]] = {kind: [] for kind in (ONE, TWO, HOSTS)}
    with running_service() as (service, client):
        files = _files(options, service.folder)
        for _ in range(options.rounds):
            for kind, found in runs.items():
                found.append(run := measure(service, client, kind, files, job_options))
                noisy = "   NOISY" if run.is_noisy else ""
                print(f"{kind}: {run.pages_per_s:.3f} pages/s, others {run.others:.1%}{noisy}", flush=True)
    print(f"\n{len(files)} pages in each run, engine {options.engine}, medians of {options.rounds} rounds:")
    print("\n".join(_report(runs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
