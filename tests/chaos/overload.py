"""Offers three times what the workers can do: `python -m tests.chaos.overload`. Nobody may lose an accepted job."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import httpx2

from tests.chaos.documents import Kind, made
from tests.chaos.lab import Lab, end_in_order_on_sigterm, running_lab
from tests.chaos.record import add_output_options, keep
from tests.chaos.requests import Caller

FACTOR = 3
QUEUED_PAGES = 24
"""MAX_QUEUED_PAGES of the run, small so that it is reached soon."""
_CALLERS = 8
_BUSY_TENANTS = (0, 1)
_QUIET_TENANT = 2
_LONGEST_PAUSE_S = 5.0
"""The quiet tenant waits as Retry-After says, but no longer than this."""


@dataclass(slots=True)
class Offered:
    """What the callers saw."""

    accepted: list[tuple[int, str]] = field(default_factory=list)
    """Tenant and job id."""
    refused: Counter[str] = field(default_factory=Counter)
    retry_after_s: list[int] = field(default_factory=list)
    without_retry_after: int = 0
    quiet_s: list[float] = field(default_factory=list)
    """Seconds from the quiet tenant's first try to its job's end."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, tenant: int, answer: httpx2.Response) -> None:
        with self.lock:
            if answer.status_code == 202:
                self.accepted.append((tenant, answer.json()["job_id"]))
                return
            self.refused[f"{answer.status_code} {answer.json().get('code')}"] += 1
            if answer.status_code in (429, 503) and answer.headers.get("Retry-After", "").isdigit():
                self.retry_after_s.append(int(answer.headers["Retry-After"]))
            else:
                self.without_retry_after += 1


def measure(seconds: float, capacity_jobs: int = 24) -> dict[str, Any]:
    """Measure the capacity, offer three times as much for a while, and check every accepted job."""
    content = made(Kind.IMAGE, 1, 1)[1]
    with running_lab(apis=1, pools=2, MAX_QUEUED_PAGES=str(QUEUED_PAGES)) as lab:
        capacity, alone_s = _capacity(lab, content, capacity_jobs)
        offered = Offered()
        over = time.monotonic() + seconds
        pause_s = _CALLERS / (FACTOR * capacity)
        callers = [
            threading.Thread(target=_offer, args=(lab, offered, content, number, pause_s, over))
            for number in range(_CALLERS)
        ]
        callers.append(threading.Thread(target=_be_quiet, args=(lab, offered, content, over)))
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        states = _states(lab, offered)
    lost = sum(count for state, count in states.items() if state != "finished")
    return {
        "command": f"python -m tests.chaos.overload --seconds {seconds:g}",
        "capacity_jobs_per_s": round(capacity, 2),
        "offered": len(offered.accepted) + offered.refused.total(),
        "accepted": len(offered.accepted),
        "ended_as": dict(states),
        "refused": dict(offered.refused),
        "retry_after_s": [min(offered.retry_after_s, default=0), max(offered.retry_after_s, default=0)],
        "refused_without_retry_after": offered.without_retry_after,
        "quiet_tenant_alone_s": round(alone_s, 2),
        "quiet_tenant_jobs": len(offered.quiet_s),
        "quiet_tenant_median_s": round(median(offered.quiet_s), 2) if offered.quiet_s else None,
        "is_kept": lost == 0 and offered.without_retry_after == 0 and offered.quiet_s != [],
    }


def _capacity(lab: Lab, content: bytes, jobs: int) -> tuple[float, float]:
    """Return jobs per second, and the seconds that one job alone takes."""
    with Caller(lab) as caller:
        begun = time.monotonic()
        caller.state_at_end(caller.accepted("a.png", content))
        alone_s = time.monotonic() - begun
        begun = time.monotonic()
        for job_id in [caller.accepted("a.png", content) for _ in range(min(jobs, QUEUED_PAGES))]:
            caller.state_at_end(job_id)
        return min(jobs, QUEUED_PAGES) / (time.monotonic() - begun), alone_s


def _offer(lab: Lab, offered: Offered, content: bytes, number: int, pause_s: float, over: float) -> None:
    """Submit at a fixed rate, whatever the response, as a caller does that ignores Retry-After."""
    tenant = _BUSY_TENANTS[number % len(_BUSY_TENANTS)]
    with Caller(lab, tenant) as caller:
        while (begun := time.monotonic()) < over:
            offered.note(tenant, caller.submit("a.png", content))
            time.sleep(max(0.0, pause_s - (time.monotonic() - begun)))


def _be_quiet(lab: Lab, offered: Offered, content: bytes, over: float) -> None:
    """Submit one job after another as a polite caller, who waits as long as Retry-After says."""
    with Caller(lab, _QUIET_TENANT) as caller:
        while time.monotonic() < over:
            begun = time.monotonic()
            while (answer := caller.submit("a.png", content)).status_code != 202 and time.monotonic() < over:
                offered.note(_QUIET_TENANT, answer)
                time.sleep(min(float(answer.headers.get("Retry-After", 1)), _LONGEST_PAUSE_S))
            if answer.status_code == 202:
                offered.note(_QUIET_TENANT, answer)
                caller.state_at_end(answer.json()["job_id"])
                offered.quiet_s.append(time.monotonic() - begun)


def _states(lab: Lab, offered: Offered) -> Counter[str]:
    """Wait for the end of every accepted job; return how many ended in which state."""
    states: Counter[str] = Counter()
    with Caller(lab, 0) as first, Caller(lab, 1) as second, Caller(lab, 2) as third:
        for tenant, job_id in offered.accepted:
            states[(first, second, third)[tenant].state_at_end(job_id)] += 1
    return states


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    add_output_options(parser)
    given = parser.parse_args()
    end_in_order_on_sigterm()
    result = measure(given.seconds)
    print(json.dumps(result, indent=1))
    return keep("overload", result, given)


if __name__ == "__main__":
    sys.exit(main())
