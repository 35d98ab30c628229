"""Measures one Valkey with many simulated workers: what they cost while they wait, and at several rates of pages."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.bench.load import Meter
from tests.bench.redis_replay.check import unfinished
from tests.bench.redis_replay.real import NODE_WORKERS, Recording, announce, hold_reaper
from tests.bench.redis_replay.server import Server, Used, running_server
from tests.bench.redis_replay.simulated import Counted, Simulation
from tests.bench.redis_replay.templates import Templates

_SETTLE_S = 3.0
_RAMP_S = 5.0
"""After that time pages end as often as they begin."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A period at one rate. `used`: of each server."""

    rate: float
    seconds: float
    pages: int
    used: list[Used]
    counted: list[Counted]
    kept: int
    """Bytes of memory that the jobs use after their end, as long as their results are kept."""
    own_cpu_s: float

    def milliseconds(self, what: str, percentile: int) -> float:
        """Return a percentile of claims or commits; not a number if there was none."""
        found = [1000 * seconds for one in self.counted for seconds in one.latency_s.get(what, [])]
        if len(found) < 2:
            return float("nan")
        return median(found) if percentile == 50 else quantiles(found, n=100)[percentile - 1]

    @property
    def lag_ms(self) -> float:
        return 1000 * median(lag for one in self.counted for lag in one.lag_s)


def measure(folder: Path, recording: Recording, made: Templates, options: argparse.Namespace) -> None:
    """Print a table with a row for each rate."""
    meter = Meter()
    print(
        f"{'pages/s':>8}{'wanted':>8}{'commands':>9}{'KB in':>7}{'KB out':>7}{'cpu ms':>8}{'Valkey':>8}"
        f"{'claim p50':>11}{'p99':>7}{'commit p50':>12}{'p99':>7}{'conflicts':>11}{'KB kept':>9}"
        f"{'replay':>8}{'lag':>8}  ledger"
    )
    for text in options.rates.split(","):
        _print_row(_measured(folder / f"at-{text}", recording, made, options, float(text)))
    print(
        f"\n{options.workers} workers on {options.workers // NODE_WORKERS} pools, {options.owners} owners, "
        f"{options.apis} api processes, {options.shards} Valkey, jobs of {recording.pages} pages; a page takes "
        f"{options.page_s:g} s. Commands, KB and cpu ms are per page; Valkey and replay are shares of a core. "
        f"Other programs used {meter.read().others_share:.0%} of the processor time that was used."
    )


def _print_row(found: Measured) -> None:
    pages = max(1, found.pages)
    used = found.used
    per_core = sum(one.cpu_s for one in used) / found.seconds / len(used)
    wrong = found.counted[0].refused
    print(
        f"{found.pages / found.seconds:>8.1f}{found.rate:>8g}"
        f"{sum(one.commands for one in used) / pages:>9.0f}"
        f"{sum(one.bytes_in for one in used) / pages / 1000:>7.1f}"
        f"{sum(one.bytes_out for one in used) / pages / 1000:>7.1f}"
        f"{1000 * sum(one.cpu_s for one in used) / pages:>8.2f}{per_core:>8.0%}"
        f"{found.milliseconds('claim', 50):>9.1f}ms{found.milliseconds('claim', 99):>5.0f}ms"
        f"{found.milliseconds('commit', 50):>10.1f}ms{found.milliseconds('commit', 99):>5.0f}ms"
        f"{sum(one.conflicts for one in found.counted) / pages:>11.2f}"
        f"{found.kept / sum(one.pages for one in found.counted) / 1000:>9.2f}"
        f"{found.own_cpu_s / found.seconds:>8.0%}{found.lag_ms:>6.1f}ms  {wrong or 'good'}",
        flush=True,
    )


def _measured(
    folder: Path, recording: Recording, made: Templates, options: argparse.Namespace, rate: float
) -> Measured:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running_server(folder / f"v{one}", share=options.valkey_share))
            for one in range(options.shards)
        ]
        for server in servers:
            hold_reaper(server)
            announce(server, recording.node_text, recording.node, options.workers // options.shards)
        return asyncio.run(_at_rate(servers, made, options, rate, recording))


async def _at_rate(
    servers: Sequence[Server], made: Templates, options: argparse.Namespace, rate: float, recording: Recording
) -> Measured:
    """Submit jobs at a rate for some seconds, and return what was measured once pages end at this rate."""
    recorded_s = sum(job.fetched - job.began for job in recording.jobs) / recording.all_pages
    pace = options.page_s / recorded_s
    simulations = [
        Simulation(server.port, made, pace=pace, owners=_owners(options.owners), apis=options.apis)
        for server in servers
    ]
    for simulation in simulations:
        await simulation.start(options.workers // len(servers), nodes=options.workers // NODE_WORKERS // len(servers))
    await asyncio.sleep(_SETTLE_S)
    memory = await asyncio.to_thread(_memory, servers)
    submitting = asyncio.ensure_future(_submit(simulations, options, rate, recording.pages))
    await asyncio.sleep(_RAMP_S)
    before = [await asyncio.to_thread(server.used) for server in servers]
    began, own = time.monotonic(), time.process_time()
    pages = sum(simulation.begin_measuring() for simulation in simulations)
    await submitting
    seconds, own = time.monotonic() - began, time.process_time() - own
    pages = sum(simulation.end_measuring() for simulation in simulations) - pages
    used = [await asyncio.to_thread(server.used) - first for server, first in zip(servers, before, strict=True)]
    for simulation in simulations:
        await simulation.all_ended()
    kept = await asyncio.to_thread(_memory, servers) - memory
    for simulation in simulations:
        await simulation.stop()
    counted = [simulation.counted for simulation in simulations]
    for server, one in zip(servers, counted, strict=True):
        if wrong := list(unfinished(server, one.jobs_begun)):
            raise SystemExit(f"The replay left a ledger that is not right: {wrong[:3]}")
    return Measured(rate, seconds, pages, used, counted, kept, own)


def _memory(servers: Sequence[Server]) -> int:
    return sum(server.memory(data_only=True) for server in servers)


async def _submit(simulations: Sequence[Simulation], options: argparse.Namespace, rate: float, pages: int) -> None:
    """Submit jobs in turn to each server, for the time of the ramp and of the measurement."""
    tasks = set()
    began, number = time.monotonic(), 0
    while time.monotonic() < began + _RAMP_S + options.seconds:
        await asyncio.sleep(max(0.0, began + number * pages / rate - time.monotonic()))
        task = asyncio.ensure_future(simulations[number % len(simulations)].submit())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        number += 1
    await asyncio.gather(*tasks)


def _owners(count: int) -> list[bytes]:
    """Return names of owners, as long as the recorded one."""
    return [b"o%04d" % number for number in range(count)]


def measure_idle(folder: Path, recording: Recording, made: Templates, options: argparse.Namespace) -> None:
    """Print what workers, pools and api processes cost while there is nothing to do."""
    with running_server(folder / "idle") as server:
        hold_reaper(server)
        announce(server, recording.node_text, recording.node, options.workers)
        asyncio.run(_idle(server, made, options))


async def _idle(server: Server, made: Templates, options: argparse.Namespace) -> None:
    empty = await asyncio.to_thread(server.memory)
    pools = options.workers // NODE_WORKERS
    print(f"{'':<28}{'commands/s':>12}{'KB/s in':>9}{'KB/s out':>10}{'of a core':>11}{'KB each':>9}")
    for what, nodes in (("workers that wait", 0), ("workers and their pools", pools)):
        simulation = Simulation(server.port, made, apis=options.apis)
        await simulation.start(options.workers, nodes=nodes)
        await asyncio.sleep(_SETTLE_S)
        before, began = await asyncio.to_thread(server.used), time.monotonic()
        await asyncio.sleep(options.seconds)
        seconds = time.monotonic() - began
        used = await asyncio.to_thread(server.used) - before
        kilobytes = (await asyncio.to_thread(server.memory) - empty) / options.workers / 1000
        await simulation.stop()
        print(
            f"{what:<28}{used.commands / seconds:>12.0f}{used.bytes_in / seconds / 1000:>9.1f}"
            f"{used.bytes_out / seconds / 1000:>10.1f}{used.cpu_s / seconds:>11.2%}{kilobytes:>9.1f}",
            flush=True,
        )
    print(
        f"\n{options.workers} workers on {pools} pools, {options.apis} api processes; KB each: of Valkey's memory, per "
        f"worker, with its connections."
    )
