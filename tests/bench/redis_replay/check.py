"""Compares the replay with the real worker and api: the same jobs, as fast, one after the other."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.states import JobState, PageState
from tests.bench.redis_replay.real import Recording, announce, hold_reaper
from tests.bench.redis_replay.recorder import Recorder
from tests.bench.redis_replay.server import Server, Used, running_server, without_idle
from tests.bench.redis_replay.simulated import Simulation
from tests.bench.redis_replay.templates import Templates, of_jobs

BOUND = 0.05
"""How far commands and bytes of the replay may be from the real ones."""
IDLE_BOUND = 0.1
"""The same for what only the server counts: what it does without a job is measured before, and subtracted."""
CPU_BOUND = 0.25
"""The same for Valkey's processor time, which other programs on the same cores change."""
_SHORT_PAGE_S = 0.5


@dataclass(frozen=True, slots=True)
class Compared:
    """What was measured of the real processes and of the replay, per page."""

    what: str
    real: float
    replayed: float
    bound: float

    @property
    def difference(self) -> float:
        return self.replayed / self.real - 1

    @property
    def is_met(self) -> bool:
        return abs(self.difference) <= self.bound


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay of all jobs sent and received, and what the server did for it."""

    used: Used
    commands: int
    bytes_in: int
    bytes_out: int
    wrong: list[str]
    """What a ledger finds wrong."""


def compare(recording: Recording, replayed: Replayed) -> list[Compared]:
    """Return the comparison of a replay of a recording's jobs, without what is done while there is no job.

    Processor time has no bound for pages that take long: beside recognition, which empties the processor's caches,
    Valkey needs up to twice the time for the same commands.
    """
    real, pages = without_idle(recording.used, recording.idle_used), recording.all_pages
    exchanges = list(of_jobs(recording))
    bytes_in = sum(one.sent_bytes for one in exchanges) / pages
    bytes_out = sum(one.reply_bytes for one in exchanges) / pages
    again = replayed.used
    return [
        Compared("commands", sum(len(one.commands) for one in exchanges) / pages, replayed.commands / pages, BOUND),
        Compared("and within scripts", real.commands / pages, again.commands / pages, IDLE_BOUND),
        Compared("bytes to Valkey", bytes_in, replayed.bytes_in / pages, BOUND),
        Compared("bytes from Valkey", bytes_out, replayed.bytes_out / pages, BOUND),
        Compared(
            "processor ms of Valkey",
            1000 * real.cpu_s / pages,
            1000 * again.cpu_s / pages,
            CPU_BOUND if recording.worker_cpu_s / pages < _SHORT_PAGE_S else math.inf,
        ),
    ]


def replay_in_turn(
    folder: Path, recording: Recording, made: Templates, workers: int, *, idle_s: float = 1.0, pace: float = 1.0
) -> Replayed:
    """Replay the recorded jobs one after the other, with one worker and no pool."""
    with running_server(folder) as server:
        hold_reaper(server)
        announce(server, recording.node_text, recording.node, workers)
        recorder = Recorder(folder / "recorder.sock", server.port)  # the real processes were recorded too
        with recorder.running():
            used, began = asyncio.run(_replay(server, recorder.socket, made, idle_s, pace))
        exchanges = [one for connection in recorder.connections for one in connection.exchanges if one.at > began]
        return Replayed(
            used,
            sum(len(one.commands) for one in exchanges),
            sum(one.sent_bytes for one in exchanges),
            sum(one.reply_bytes for one in exchanges),
            list(unfinished(server, len(recording.jobs))),
        )


async def _replay(server: Server, socket: Path, made: Templates, idle_s: float, pace: float) -> tuple[Used, float]:
    """Return what the server did beyond what it does without work, and when the first job began."""
    simulation = Simulation(server.port, made, pace=pace, socket=socket, least_pause_s=0.0005, looks_around=False)
    await simulation.start(1)
    await asyncio.sleep(idle_s)  # it connects and registers
    first = await asyncio.to_thread(server.used)
    await asyncio.sleep(idle_s)
    before, began = await asyncio.to_thread(server.used), time.monotonic()
    for _ in made.jobs:
        await simulation.submit()
        await simulation.all_ended()
    after = await asyncio.to_thread(server.used)
    await simulation.stop()
    assert not simulation.counted.refused, "Valkey refused commands of the replay"
    return without_idle(after - before, before - first), began


def unfinished(server: Server, jobs: int) -> Iterator[str]:
    """Yield what a ledger finds wrong after all jobs have ended: the real one, on what the replay has written."""
    redis = server.redis()
    ledger = Ledger(redis, TaskQueue(Redis.from_url(server.url), "ocrdesk"), 86_400)
    ids = [job_id for key in redis.scan_iter(match=redis_keys.owner_jobs("*")) for job_id in redis.zrange(key, 0, -1)]
    if len(ids) != jobs:
        yield f"{len(ids)} jobs instead of {jobs}"
    for job_id in ids:
        job = ledger.jobs.get(job_id)
        if job is None or job.state is not JobState.FINISHED:
            yield f"the job {job_id} is {job.state if job else 'unknown'}"
            continue
        states = [page.state for page in ledger.pages.of_job(job)]
        if job.pages_done != len(states) or set(states) != {PageState.FINISHED} or job.inflight:
            yield f"the job {job_id} has {job.pages_done} pages, {job.inflight} in flight, records {states}"
    left = {
        "units in the queue": redis.hlen(redis_keys.PENDING_UNITS),
        "leases": redis.hlen(redis_keys.LEASES),
        "places": redis.hlen(redis_keys.PLACES_TAKEN),
        "jobs that have not ended": redis.zcard(redis_keys.ACTIVE_JOBS),
        "pages left": ledger.backlog.load().pages,
    }
    yield from (f"{count} {what} are left" for what, count in left.items() if count)


def table(compared: Sequence[Compared]) -> Iterator[str]:
    """Yield the rows of the comparison."""
    yield f"{'per page':<24}{'real':>10}{'replay':>10}{'differs by':>12}{'bound':>8}  met"
    for one in compared:
        yield (
            f"{one.what:<24}{one.real:>10.1f}{one.replayed:>10.1f}{one.difference:>+12.1%}"
            + (f"{one.bound:>8.0%}  {'yes' if one.is_met else 'NO'}" if one.bound < math.inf else "       -  -")
        )
