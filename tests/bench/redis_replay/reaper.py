"""Measures a round of the real reaper, and its counting of all that waits, while many units wait."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import Attempt, NodeInfo, Unit, UnitKind
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.states import JobState
from ocrdesk_worker.engines.languages.tessdata import collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.processes.reaper import EVERY_S, UNITS_PER_ROUND, Reaper
from tests.bench.redis_replay.real import NODE_WORKERS
from tests.bench.redis_replay.server import Server, running_server
from tests.helpers.ledger_jobs import new_job_record

_PAGES_OF_JOB = 1_000
_ROUNDS = 5
_OWNERS = 10
_LONG_US = 500


def measure(folder: Path, units: int, workers: int) -> None:
    """Print what a round costs Valkey and the reaper, without and with that much work."""
    print(
        f"{'units wait':>11}{'leases':>8}{'commands':>10}{'MB out':>8}{'Valkey cpu':>12}{'reaper cpu':>12}"
        f"{'round':>9}{'longest command':>17}"
    )
    with running_server(folder / "reaper") as server:
        (folder / "blobs").mkdir()
        settings = Settings(redis_url=server.url, storage_url=(folder / "blobs").as_uri())
        work = context.make(settings, Engines(collect()))
        for number in range(max(1, workers // NODE_WORKERS)):
            work.ledger.nodes.heartbeat(NodeInfo(f"node{number}", NODE_WORKERS, ("tesseract",), ("eng",), "1"), 3_600)
        logging.disable(logging.WARNING)  # without workers that renew their leases, some may end
        _rounds(server, work, 0, [])
        leases: list[str] = []
        for waiting in sorted({units // 10, units}):
            _fill(work.ledger, waiting - int(work.ledger.backlog.snapshot().units_waiting))
            leases += _hold(work.ledger, workers - len(leases))
            _rounds(server, work, waiting, leases)
    print(
        f"\n{_ROUNDS} rounds each, of one pool among {workers // NODE_WORKERS}, that read the whole queue: every "
        f"{EVERY_S:g} s, and with more than {UNITS_PER_ROUND} units once for each {UNITS_PER_ROUND} in {EVERY_S:g} s."
    )


def measure_recount(folder: Path, units: int) -> None:
    """Print what counting again costs Valkey and the reaper, with a tenth of so many jobs and with all of them."""
    print(
        f"{'jobs':>8}{'commands':>10}{'MB out':>8}{'Valkey cpu':>12}{'reaper cpu':>12}"
        f"{'takes':>9}{'longest command':>17}"
    )
    with running_server(folder / "recount") as server:
        (folder / "blobs").mkdir()
        settings = Settings(redis_url=server.url, storage_url=(folder / "blobs").as_uri())
        ledger = context.make(settings, Engines(collect())).ledger
        made = 0
        for jobs in sorted({max(1, units // 10), units}):
            for number in range(made, jobs):
                ledger.jobs.create(replace(new_job_record(f"owner{number % _OWNERS}"), job_id=uuid.uuid4().hex))
            made = jobs
            with server.redis() as redis:
                redis.hset(redis_keys.BACKLOG, "pages", 0)
            ledger.backlog.recount()
            assert (found := ledger.backlog.load()).pages == found.jobs == jobs, "the sums are right again"
            _print_cost(server, f"{jobs:>8}", ledger.backlog.recount)


def _print_cost(server: Server, begin: str, work: Callable[[], object]) -> None:
    """Print what a piece of work costs Valkey and this process, on average of some times."""
    with server.redis() as redis:
        redis.config_set("slowlog-log-slower-than", _LONG_US)
        redis.slowlog_reset()
        before, cpu, began = server.used(), time.process_time(), time.perf_counter()
        for _ in range(_ROUNDS):
            work()
        used, cpu, real = server.used() - before, time.process_time() - cpu, time.perf_counter() - began
        slow = [1e-3 * int(one["duration"]) for one in redis.slowlog_get(128)]
    print(
        f"{begin}{used.commands / _ROUNDS:>10.0f}{used.bytes_out / _ROUNDS / 1e6:>8.2f}"
        f"{1000 * used.cpu_s / _ROUNDS:>10.1f}ms{1000 * cpu / _ROUNDS:>10.0f}ms{1000 * real / _ROUNDS:>7.0f}ms"
        f"{max(slow, default=1e-3 * _LONG_US):>15.1f}ms",
        flush=True,
    )


def _rounds(server: Server, work: context.Context, waiting: int, leases: list[str]) -> None:
    for attempt in leases:
        work.ledger.leases.renew(attempt)
    Reaper(work).run()  # the first one also looks at the storage as a whole
    _print_cost(server, f"{waiting:>11}{len(leases):>8}", lambda: Reaper(work).run())  # a new one reads everything


def _fill(ledger: Ledger, units: int) -> None:
    """Queue the pages of long jobs of several owners."""
    for number in range(max(0, units) // _PAGES_OF_JOB):
        job = replace(new_job_record(f"owner{number % _OWNERS}"), job_id=uuid.uuid4().hex)
        ledger.jobs.create(job)
        attempt = _attempt(number)
        assert ledger.leases.claim(Unit(job.job_id, UnitKind.PREPARE), attempt)
        planned = ledger.pages.plan(job.job_id, attempt, _PAGES_OF_JOB, inflight_limit=_PAGES_OF_JOB, inline=False)
        assert planned is not None
        assert planned.state is JobState.STARTED


def _hold(ledger: Ledger, count: int) -> list[str]:
    """Let workers hold units that wait; return the attempts."""
    attempts = [_attempt(number) for number in range(count)]
    claims = [ledger.leases.claim(unit, attempt) for unit, attempt in zip(_waiting(ledger), attempts, strict=False)]
    return [attempt.id for attempt, job in zip(attempts, claims, strict=False) if job is not None]


def _waiting(ledger: Ledger) -> Iterator[Unit]:
    return (queued.unit for queued in ledger.lost_work.pending() if queued.unit.kind is UnitKind.PAGE)


def _attempt(number: int) -> Attempt:
    node = f"node{number // NODE_WORKERS}"
    return Attempt(uuid.uuid4().hex, node, f"{node}-{number:06x}")
