"""Measures how soon lost work runs again: `python -m tests.chaos.rerun`. A worker, a pool or a stopped pool is lost."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import ActiveLease
from tests.chaos.conftest import dense_page, pdf_of
from tests.chaos.lab import TENANTS, Lab, Part, end_in_order_on_sigterm, running_lab
from tests.chaos.record import add_output_options, keep
from tests.chaos.targets import workers
from tests.helpers import plain_http
from tests.helpers.wait import wait_until

LIMITS_S = {"worker killed": 5.0, "pool killed": 15.0, "pool stopped": 15.0}
"""The promise: after how many seconds another attempt has claimed the page."""
_PAGES = 8


def leases(lab: Lab) -> list[ActiveLease]:
    with lab.redis() as redis:
        entries = redis.hgetall(redis_keys.LEASES)
    return [codec.lease_from(attempt, entry) for attempt, entry in entries.items()]


def measured(lab: Lab, what: str, file: Path) -> float:
    """Lose a page in one of the ways of `LIMITS_S`; return the seconds until another attempt holds it."""
    job_id = _submit(lab, file)
    pool, lease = wait_until(lambda: _at_work(lab, job_id), "a page in work")
    worker = next(found for found in workers(lab) if found.name == lease.attempt.worker)
    processes = [psutil.Process(pool.pid), *psutil.Process(pool.pid).children(recursive=True)]
    pool.is_held = what != "worker killed"
    if what == "worker killed":
        worker.process.kill()
    elif what == "pool killed":
        pool.kill()
    else:
        _send(processes, signal.SIGSTOP)
    begun = time.monotonic()
    wait_until(lambda: _is_again_in_work(lab, lease), "another attempt at the page")
    seconds = time.monotonic() - begun
    if what == "pool stopped":
        _send(processes, signal.SIGCONT)
    pool.is_held = False
    wait_until(lambda: _status(lab, job_id) == "finished", "the job's end")
    lab.wait_until_ready()
    return seconds


def _at_work(lab: Lab, job_id: str) -> tuple[Part, ActiveLease] | None:
    """Return a page that is in work and its pool, once workers of both pools hold pages of the job."""
    held = [lease for lease in leases(lab) if lease.unit.job_id == job_id and lease.unit.page]
    pools = {worker.name: worker.pool for worker in workers(lab)}
    known = [lease for lease in held if lease.attempt.worker in pools]
    if len({pools[lease.attempt.worker].name for lease in known}) < len(lab.pools):
        return None
    return pools[known[0].attempt.worker], known[0]


def _is_again_in_work(lab: Lab, lost: ActiveLease) -> bool:
    """Return whether another attempt holds the page or has ended it."""
    with lab.redis() as redis:
        entry = redis.hget(redis_keys.job_pages(lost.unit.job_id), str(lost.unit.page))
    page = codec.page_from(lost.unit.page, entry)
    return page.attempt not in (None, lost.attempt.id)


def _submit(lab: Lab, file: Path) -> str:
    answer = plain_http.post(
        f"{lab.base(0)}/ocr/submit",
        headers={"X-API-Key": TENANTS[0]},
        files={"file": (file.name, file.read_bytes())},
        data={"engine": "tesseract", "languages": "eng"},
        timeout=30,
        trust_env=False,
    )
    answer.raise_for_status()
    return str(answer.json()["job_id"])


def _status(lab: Lab, job_id: str) -> str:
    headers = {"X-API-Key": TENANTS[0]}
    answer = plain_http.get(f"{lab.base(0)}/ocr/jobs/{job_id}", headers=headers, timeout=30, trust_env=False)
    return str(answer.json()["status"])


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def measure(times: int, progress: Callable[[str], object] = print) -> dict[str, Any]:
    """Measure each loss a number of times; return the seconds and whether each was within its limit."""
    found: dict[str, list[float]] = {what: [] for what in LIMITS_S}
    with running_lab(storage="folder", OCR_TIMEOUT_PER_PAGE="60") as lab:
        file = pdf_of([dense_page(number) for number in range(1, _PAGES + 1)], lab.root / "long.pdf")
        for _ in range(times):
            for what, seconds in found.items():
                seconds.append(round(measured(lab, what, file), 2))
                progress(f"{what}: runs again after {seconds[-1]:.2f} s, limit {LIMITS_S[what]:g} s")
    return {
        "command": f"python -m tests.chaos.rerun --times {times}",
        "seconds": found,
        "limits_s": LIMITS_S,
        "is_kept": all(max(seconds) <= LIMITS_S[what] for what, seconds in found.items()),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.rerun", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    add_output_options(parser)
    given = parser.parse_args()
    end_in_order_on_sigterm()
    result = measure(given.times)
    return keep("rerun", result, given)


if __name__ == "__main__":
    sys.exit(main())
