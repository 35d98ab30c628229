"""An attempt that ends a page and takes the next waiting one: it holds each page separately."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.pages import CommitResult
from ocrdesk.backend.records import Attempt, JobRecord, ReleaseReason
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import INFLIGHT_LIMIT, new_attempt, page_unit, planned, queued_units


def commit(
    ledger: Ledger, job: JobRecord, number: int, attempt: Attempt, inflight_limit: int = INFLIGHT_LIMIT
) -> CommitResult | None:
    return ledger.pages.commit(
        job.job_id,
        number,
        attempt.id,
        PageState.FINISHED,
        inflight_limit=inflight_limit,
        blob=f"page-{number}",
        continue_as=attempt,
        take_next=True,
    )


def test_the_next_waiting_page_is_held_and_not_queued(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=2)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    before = queued_units(redis)
    done = commit(ledger, job, 1, attempt, inflight_limit=2)
    assert done is not None
    assert (done.next_page, done.closes) == (3, False)
    assert ledger.leases.lease_of(attempt.id) == page_unit(job, 3)
    third = ledger.pages.get(job.job_id, 3)
    assert (third.state, third.attempt, third.worker) == (PageState.STARTED, attempt.id, attempt.worker)
    assert queued_units(redis) == before
    stored = ledger.jobs.get(job.job_id)
    assert stored is not None
    assert (stored.pages_done, stored.inflight) == (1, 2)


def test_a_raised_limit_is_filled_all_the_same(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=2)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    before = len(queued_units(redis))
    done = commit(ledger, job, 1, attempt, inflight_limit=4)
    assert done is not None
    assert (done.next_page, done.job.inflight) == (3, 4)
    assert queued_units(redis)[before:] == [page_unit(job, 4).key, page_unit(job, 5).key]


def test_a_run_ends_after_the_last_waiting_page(ledger: Ledger) -> None:
    job = planned(ledger, 3, inflight_limit=2)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    number: int | None = 1
    read = []
    while number is not None:
        read.append(number)
        done = commit(ledger, job, number, attempt, inflight_limit=2)
        assert done is not None
        assert not done.closes
        number = done.next_page
    assert read == [1, 3]
    assert ledger.leases.lease_of(attempt.id) is None
    assert ledger.leases.claim(page_unit(job, 2), attempt)
    last = commit(ledger, job, 2, attempt, inflight_limit=2)
    assert last is not None
    assert (last.closes, last.next_page) == (True, None)


def test_a_death_within_a_run_affects_only_the_page_that_was_held(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=1)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    assert commit(ledger, job, 1, attempt, inflight_limit=1)
    assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=1) == page_unit(job, 2)
    assert queued_units(redis)[0] == page_unit(job, 2).key
    assert (ledger.pages.get(job.job_id, 1).state, ledger.pages.get(job.job_id, 2).deaths) == (PageState.FINISHED, 1)


def test_a_cancelled_job_ends_the_run(ledger: Ledger) -> None:
    job = planned(ledger, 10, inflight_limit=1)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    ledger.jobs.cancel(job.job_id)
    assert commit(ledger, job, 1, attempt) is None


def test_parallel_runs_process_each_page_once(ledger: Ledger) -> None:
    job = planned(ledger, 120, inflight_limit=4)
    together = threading.Barrier(4)

    def run(first: int) -> list[int]:
        attempt = new_attempt()
        assert ledger.leases.claim(page_unit(job, first), attempt)
        together.wait()
        read, number = [], first
        while True:
            done = commit(ledger, job, number, attempt)
            assert done is not None
            read.append(number)
            if done.next_page is None:
                return read
            number = done.next_page

    with ThreadPoolExecutor(4) as pool:
        read = [number for part in pool.map(run, range(1, 5)) for number in part]
    assert sorted(read) == list(range(1, 121))
    stored = ledger.jobs.get(job.job_id)
    assert stored is not None
    assert (stored.state, stored.pages_done, stored.inflight) == (JobState.STARTED, 120, 0)
