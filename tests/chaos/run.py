"""One chaos run: the lab, the load, the faults and the audit; the result as data."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ocrdesk
from tests.chaos.audit import Audit, Violation
from tests.chaos.faults import FAULTS, Hit
from tests.chaos.lab import TENANTS, Lab, now, running_lab
from tests.chaos.load import Load
from tests.chaos.plans import plans
from tests.chaos.schedule import Schedule
from tests.helpers.webhook_receiver import run_webhook_receiver

_WIDEST = 400


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is made of. `only`: the faults with these words in their names; empty for all."""

    seed: int
    jobs: int
    storage: str = ""
    """`folder` or `redis`; empty: as the seed says."""
    apis: int = 2
    pools: int = 2
    workers: int = 1
    only: Sequence[str] = ()
    drain_s: float = 180.0
    clean_s: float = 90.0

    @property
    def chosen_storage(self) -> str:
        return self.storage or ("folder" if self.seed % 2 else "redis")


def run(options: Options) -> dict[str, Any]:
    """Run and return the result. `violations` is empty if all promises were kept."""
    begun = now()
    chosen = [fault for fault in FAULTS if not options.only or any(word in fault.name for word in options.only)]
    disk_mb = 200 + options.jobs // 2 if any(fault.needs_disk for fault in chosen) else 0
    with (
        run_webhook_receiver() as receiver,
        running_lab(
            apis=options.apis,
            pools=options.pools,
            workers=options.workers,
            storage=options.chosen_storage,
            disk_mb=disk_mb,
        ) as lab,
    ):
        possible = [fault for fault in chosen if not fault.needs_disk or (lab.files.is_small and lab.data.is_small)]
        load = Load(lab, receiver.url())
        schedule = Schedule(lab, options.seed, possible)
        schedule.start()
        try:
            load.run(plans(options.seed, options.jobs, len(TENANTS)))
        finally:
            schedule.stop()
        lab.wait_until_ready()
        loaded_s = now() - begun
        audit = Audit(lab, load.accepted, schedule.hits, receiver)
        audit.run(drain_s=options.drain_s, clean_s=options.clean_s)
        _check_answers(audit, load)
        lab.end()
        for process in lab.processes():
            audit.report("no process outlives the service", f"{process.pid}: {process.cmdline()}")
        skipped = [f"{fault.name}: no disk may be mounted here" for fault in chosen if fault not in possible]
        return _result(options, begun, loaded_s, load, schedule, audit, skipped, lab)


def _check_answers(audit: Audit, load: Load) -> None:
    for at, text in load.server_errors:
        audit.report("no request is answered with 500", f"{at:.1f} {text}")
    for text in load.given_up:
        audit.report("a caller is served within a minute", text)
    for text in load.broken:
        audit.report("the callers of this run work", text)


def _result(
    options: Options,
    begun: float,
    loaded_s: float,
    load: Load,
    schedule: Schedule,
    audit: Audit,
    skipped: list[str],
    lab: Lab,
) -> dict[str, Any]:
    return {
        "command": f"python -m tests.chaos --seed {options.seed} --jobs {options.jobs}",
        "version": ocrdesk.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "seed": options.seed,
        "jobs": options.jobs,
        "storage": options.chosen_storage,
        "seconds": round(now() - begun, 1),
        "load_seconds": round(loaded_s, 1),
        "drain_seconds": audit.drain_s,
        "accepted": len(load.accepted),
        "pages": sum(job.plan.pages for job in load.accepted),
        "ended_as": dict(sorted(audit.states.items())),
        "taken_back_by_rollbacks": audit.lost_in_window,
        "answers": dict(sorted(load.answers.items())),
        "faults": dict(sorted(Counter(hit.fault for hit in schedule.hits).items())),
        "restarts": {part.name: part.starts - 1 for part in lab.parts},
        "skipped": skipped,
        "missed": schedule.missed,
        "schedule": [_scheduled(hit, begun) for hit in schedule.hits],
        "violations": [violation.as_json() for violation in audit.violations],
    }


def _scheduled(hit: Hit, begun: float) -> dict[str, Any]:
    return {
        "at_s": round(hit.at - begun, 1),
        "fault": hit.fault,
        "target": hit.target,
        "units": hit.units,
        "lasts_s": hit.lasts_s,
    }


def summary(result: dict[str, Any]) -> str:
    """Return a run in a few lines: counts first, then the violations by rule, with one example each."""
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for violation in result["violations"]:
        by_rule.setdefault(violation["rule"], []).append(violation)
    lines = [
        f"seed {result['seed']}, {result['storage']}: {result['accepted']} of {result['jobs']} jobs accepted, "
        f"{sum(result['faults'].values())} faults, {result['seconds']:.0f} s, drained in {result['drain_seconds']} s",
        f"  ended: {result['ended_as']}",
        f"  responses: {result['answers']}",
        *(f"  skipped: {text}" for text in result["skipped"]),
    ]
    for rule, found in sorted(by_rule.items()):
        first = Violation(**found[0])
        lines.append(f"  BROKEN {len(found)} times: {rule}")
        lines.append(f"    {first.job_id} {first.detail}")
        lines += [f"      {line}" for line in [*first.done_to_it, *first.log_lines]]
    return "\n".join(line if len(line) < _WIDEST else f"{line[:_WIDEST]}…" for line in lines)
