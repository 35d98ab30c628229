"""The command for a capacity plan: from what a page costs to cores, memory, storage, network and money.

python -m tests.bench.capacity --pages-per-day N [--peak N] [--page-cpu-s S] …

What a page costs is measured by `python -m tests.bench.redis_replay`; the prices are options of this command.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DAY_S, _DAY_H, _MONTH_D = 86_400, 24, 30


@dataclass(frozen=True, slots=True)
class Plan:
    """What is needed for a number of pages a day. Rates in pages a second, memory and storage in GB."""

    average: float
    peak: float
    busy_cores: float
    """That recognition keeps busy on average."""
    worker_cores: int
    """For the peak."""
    nodes: int
    api_cores: int
    valkey_share: float
    """Of a core, at the peak and on one server."""
    shards: int
    memory_gb: float
    """Of Valkey, for what it keeps of a day's jobs and for the connections of all workers."""
    network_mb_s: float
    """To and from Valkey at the peak."""
    storage_gb: float


def plan(options: argparse.Namespace) -> Plan:
    """Return the plan for the options of the command."""
    average = options.pages_per_day / _DAY_S
    peak = average * options.peak
    worker_cores = math.ceil(peak * options.page_cpu_s / options.busy)
    valkey_share = peak * options.valkey_ms / 1000
    kept_pages = options.pages_per_day * options.hours_kept / _DAY_H
    return Plan(
        average,
        peak,
        average * options.page_cpu_s,
        worker_cores,
        math.ceil(worker_cores / options.cores_per_node),
        max(2, math.ceil(peak * options.api_ms / 1000 / options.busy)),
        valkey_share,
        math.ceil(valkey_share / options.valkey_busy),
        (kept_pages * options.kb_kept + worker_cores * options.kb_per_worker) / 1e6,
        peak * (options.kb_in + options.kb_out) / 1000,
        kept_pages * (options.kb_result + options.kb_upload) / 1e6,
    )


def costs(found: Plan, options: argparse.Namespace) -> dict[str, float]:
    """Return what a day costs, by what it is for, if the workers follow the load."""
    elastic_cores = found.busy_cores / options.busy
    return {
        "workers": elastic_cores * _DAY_H * options.core_hour,
        "api": found.api_cores * _DAY_H * options.core_hour,
        "Valkey": (found.shards * options.core_hour + found.memory_gb * options.gb_hour) * _DAY_H,
        "storage": found.storage_gb * options.gb_month / _MONTH_D,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the plan; return the exit code."""
    options = _parser().parse_args(arguments)
    for line in _lines(plan(options), options):
        print(line)
    return 0


def _lines(found: Plan, options: argparse.Namespace) -> Iterator[str]:
    yield f"{options.pages_per_day:,.0f} pages a day, {options.peak:g} times as many per second at the peak"
    yield ""
    rows = {
        "pages a second, average and peak": f"{found.average:.1f} and {found.peak:.1f}",
        "cores that recognition keeps busy on average": f"{found.busy_cores:.1f}",
        f"cores for the peak, {options.busy:.0%} busy": f"{found.worker_cores}",
        f"worker nodes of {options.cores_per_node} cores": f"{found.nodes}",
        "api processes, at least two": f"{found.api_cores}",
        "share of a core that Valkey needs at the peak": f"{found.valkey_share:.0%}",
        f"Valkey servers, {options.valkey_busy:.0%} busy": f"{found.shards}",
        f"Valkey's memory, results kept for {options.hours_kept:g} h": f"{found.memory_gb:.2f} GB",
        "network to and from Valkey at the peak": f"{found.network_mb_s:.1f} MB/s",
        f"storage for results{' and uploads' if options.kb_upload else ''}": f"{found.storage_gb:.1f} GB",
    }
    yield from (f"{what:<50}{amount:>16}" for what, amount in rows.items())
    yield ""
    by_part = costs(found, options)
    millions = options.pages_per_day / 1e6
    yield f"{'costs, workers follow the load':<34}{'a day':>12}{'per million pages':>20}"
    for what, cost in (*by_part.items(), ("together", sum(by_part.values()))):
        yield f"{what:<34}{cost:>12.2f}{cost / millions:>20.2f}"
    fixed = found.worker_cores * _DAY_H * options.core_hour - by_part["workers"]
    yield f"{'workers for the peak all day: more':<34}{fixed:>12.2f}{fixed / millions:>20.2f}"
    yield ""
    yield (
        f"At {options.core_hour:g} per core-hour, {options.gb_hour:g} per GB of memory and hour, "
        f"{options.gb_month:g} per GB of storage and month."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.capacity", description=__doc__.splitlines()[0] if __doc__ else None
    )
    add = parser.add_argument
    add("--pages-per-day", type=float, required=True)
    add("--peak", type=float, default=10, help="times the average pages a second; default: 10")
    add("--page-cpu-s", type=float, required=True, help="processor seconds of a worker per page")
    add("--api-ms", type=float, required=True, help="processor ms of the api per page")
    add("--valkey-ms", type=float, required=True, help="processor ms of Valkey per page")
    add("--kb-in", type=float, required=True, help="KB to Valkey per page")
    add("--kb-out", type=float, required=True, help="KB from Valkey per page")
    add("--kb-kept", type=float, required=True, help="KB of Valkey's memory per page whose result is kept")
    add("--kb-per-worker", type=float, required=True, help="KB of Valkey's memory per worker")
    add("--kb-result", type=float, required=True, help="KB of storage per page")
    add("--kb-upload", type=float, default=0, help="KB of uploads per page, if KEEP_UPLOADS keeps them; default: 0")
    add("--hours-kept", type=float, default=24, help="RESULT_TTL in hours; default: 24")
    add("--cores-per-node", type=int, default=8, help="default: 8")
    add("--busy", type=float, default=0.8, help="share of their cores that workers and api use; default: 0.8")
    add("--valkey-busy", type=float, default=0.6, help="the same of Valkey's one core; default: 0.6")
    add("--core-hour", type=float, required=True, help="price of a core and hour")
    add("--gb-hour", type=float, required=True, help="price of a GB of memory and hour")
    add("--gb-month", type=float, required=True, help="price of a GB of storage and month")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
