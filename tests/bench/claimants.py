"""The benchmark command for many workers on one document: how often their transactions are made again.

python -m tests.bench.claimants [--workers N] [--pages N] [--page-s S] [--spread S]

Threads are the workers, on a real ledger. Nothing is read: a page takes a time.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import Attempt, JobRecord, Unit
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.states import PageState
from tests.helpers.ledger_jobs import planned, stored
from tests.helpers.processes import run_valkey
from tests.helpers.redis_calls import calls_of

_PAGES_PER_WORKER = 2
"""Of a job, in the queue or in work."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What reading one document took. `per_page`: claims and commits that were made again."""

    pages: int
    seconds: float
    per_page: float


class Claimants:
    """Workers that read one document: each takes a page from the queue, claims, reads and commits it."""

    def __init__(self, url: str, workers: int, page_s: float, spread_s: float) -> None:
        settings = Settings(redis_url=url)
        self._queue = TaskQueue(connect(settings, text=False), settings.queue_name)
        self._redis: Any = connect(settings, text=True)
        self.ledger = Ledger(self._redis, self._queue, 3_600)
        self._workers, self._page_s, self._spread_s = workers, page_s, spread_s
        self._together = threading.Barrier(workers, timeout=60)
        self._ended = threading.Event()
        self.first_claims = 0
        """Transactions in which all workers have claimed their first page at the same moment."""

    def read(self, pages: int) -> Repeats:
        """Read a document of so many pages, at least one for each worker."""
        self.ledger.shares.set_workers(self._workers)
        job = planned(self.ledger, pages, inflight_limit=_PAGES_PER_WORKER * self._workers)
        self._redis.lpop(self._queue.key)  # the unit that has opened the file
        began, before = time.monotonic(), self._transactions()
        with ThreadPoolExecutor(self._workers) as threads:
            list(threads.map(self._work, [job] * self._workers))
        repeats = self._transactions() - before - 2 * pages
        found = stored(self.ledger, job)
        assert (found.pages_done, found.inflight) == (pages, 0)
        return Repeats(pages, time.monotonic() - began, repeats / pages)

    def _transactions(self) -> int:
        return calls_of(self._redis)["exec"]

    def _work(self, job: JobRecord) -> None:
        (_, rq_id) = self._redis.blpop(self._queue.key)
        self._together.wait()
        before = self._transactions() if (is_first := self._together.wait() == 0) else 0
        self._together.wait()
        attempt = self._claim(rq_id)
        self._together.wait()
        if is_first:
            self.first_claims = self._transactions() - before
        self._together.wait()
        self._read(job, rq_id, attempt)
        while not self._ended.is_set():
            if taken := self._redis.blpop(self._queue.key, timeout=1):
                self._read(job, taken[1], self._claim(taken[1]))

    def _claim(self, rq_id: str) -> Attempt:
        attempt = Attempt(f"attempt-{rq_id}", "node", "worker")
        assert self.ledger.leases.claim(_unit(rq_id), attempt)
        return attempt

    def _read(self, job: JobRecord, rq_id: str, attempt: Attempt) -> None:
        time.sleep(max(0.0, self._page_s + self._spread_s * random.uniform(-1, 1)))
        committed = self.ledger.pages.commit(
            job.job_id,
            _unit(rq_id).page,
            attempt.id,
            PageState.FINISHED,
            inflight_limit=_PAGES_PER_WORKER * self._workers,
            blob="page",
            continue_as=attempt,
        )
        assert committed is not None
        if committed.closes:
            self._ended.set()


def _unit(rq_id: str) -> Unit:
    return Unit.from_key(rq_id.rpartition("-")[0])


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--workers", type=int, default=100, help="default: 100")
    parser.add_argument("--pages", type=int, default=500, help="default: 500")
    parser.add_argument("--page-s", type=float, default=2.0, help="seconds that a page takes; default: 2")
    parser.add_argument("--spread", type=float, default=0.5, help="seconds that it may take less or more; default: 0.5")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, run_valkey(Path(folder)) as url:
        claimants = Claimants(url, options.workers, options.page_s, options.spread)
        found = claimants.read(options.pages)
    print(f"transactions made again per page: {found.per_page:.2f}")
    print(f"transactions for the first {options.workers} claims at the same moment: {claimants.first_claims}")
    print(f"\n{options.workers} workers, one document of {found.pages} pages, {found.seconds:.1f} s.")


if __name__ == "__main__":
    main()
