"""Who may claim a unit, and what happens to the units of attempts that ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import MAX_DEATHS, MAX_LOSSES, Attempt, ReleaseReason, Unit, UnitKind
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import (
    INFLIGHT_LIMIT,
    close_unit,
    created,
    new_attempt,
    page_unit,
    pending_units,
    planned,
    prepare_unit,
    queued_units,
    read,
    stored,
)


def give_back(ledger: Ledger, unit: Unit, rq_id: str, reason: ReleaseReason = ReleaseReason.LOST) -> bool:
    return ledger.leases.give_back_unclaimed(unit, rq_id, reason, inflight_limit=INFLIGHT_LIMIT)


def test_a_unit_is_claimed_once(ledger: Ledger) -> None:
    job = created(ledger)
    first = ledger.leases.claim(prepare_unit(job), new_attempt())
    assert first is not None
    assert first.state is JobState.STARTED
    assert first.started_at is not None
    assert ledger.leases.claim(prepare_unit(job), new_attempt()) is None


def test_a_claim_whose_answer_was_lost_can_be_repeated(ledger: Ledger) -> None:
    job = created(ledger)
    attempt = new_attempt()
    assert ledger.leases.claim(prepare_unit(job), attempt) == ledger.leases.claim(prepare_unit(job), attempt)
    job = planned(ledger, 1)
    assert ledger.leases.claim(page_unit(job, 1), attempt) == ledger.leases.claim(page_unit(job, 1), attempt)
    assert len([event for event in ledger.jobs.events(job.job_id) if event.status is JobState.STARTED]) == 2


def test_a_claimed_unit_is_running_and_not_pending(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    attempt = new_attempt("here")
    ledger.leases.claim(page_unit(job, 2), attempt)
    (running,) = ledger.leases.active()
    assert (running.unit, running.attempt) == (page_unit(job, 2), attempt)
    assert ledger.leases.lease_of(attempt.id) == page_unit(job, 2)
    assert pending_units(redis) == {page_unit(job, 1).key}


def test_no_unit_of_an_unknown_job_can_be_claimed(ledger: Ledger, redis: Any) -> None:
    for kind in UnitKind:
        assert ledger.leases.claim(Unit("nobody", kind, 1 if kind is UnitKind.PAGE else 0), new_attempt()) is None
    assert ledger.leases.active() == []


@pytest.mark.parametrize("end", ["cancel", "delete", "fail"])
def test_no_unit_of_a_job_that_has_ended_can_be_claimed(ledger: Ledger, redis: Any, end: str) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    ledger.pages.plan(job.job_id, attempt, 3, inflight_limit=INFLIGHT_LIMIT, inline=False)
    if end == "fail":
        ledger.leases.claim(prepare_unit(job), attempt)
        for _ in range(3):
            ledger.jobs.cancel(job.job_id)
    else:
        getattr(ledger.jobs, end)(job.job_id)
    for number in (1, 2, 3):
        assert ledger.leases.claim(page_unit(job, number), new_attempt()) is None
    assert ledger.leases.claim(prepare_unit(job), new_attempt()) is None
    assert ledger.leases.claim(close_unit(job), new_attempt()) is None
    assert pending_units(redis) == set()


def test_a_prepared_job_is_not_prepared_again(ledger: Ledger) -> None:
    job = planned(ledger, 3)
    assert ledger.leases.claim(prepare_unit(job), new_attempt()) is None


def test_a_page_cannot_be_claimed_before_the_job_is_prepared(ledger: Ledger) -> None:
    job = created(ledger)
    assert ledger.leases.claim(page_unit(job, 1), new_attempt()) is None
    ledger.leases.claim(prepare_unit(job), new_attempt())
    assert ledger.leases.claim(page_unit(job, 1), new_attempt()) is None


def test_a_job_cannot_be_closed_while_pages_are_open(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 1)
    assert ledger.leases.claim(close_unit(job), new_attempt()) is None


def test_one_of_many_concurrent_claims_wins(make_ledger: Callable[[], Ledger]) -> None:
    job = planned(make_ledger(), 1)
    ledgers = [make_ledger() for _ in range(8)]
    barrier = threading.Barrier(len(ledgers))

    def claim(ledger: Ledger) -> bool:
        barrier.wait()
        return ledger.leases.claim(page_unit(job, 1), new_attempt()) is not None

    with ThreadPoolExecutor(len(ledgers)) as pool:
        assert sum(pool.map(claim, ledgers)) == 1


def test_a_page_whose_process_died_is_queued_again_at_the_front(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    redis.delete("rq:queue:ocrdesk")
    created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) == page_unit(job, 1)
    assert queued_units(redis)[0] == page_unit(job, 1).key
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.deaths, page.attempt, page.worker) == (PageState.QUEUED, 1, None, None)
    assert stored(ledger, job).inflight == 2
    assert ledger.leases.active() == []


def test_a_page_that_crashed_its_process_twice_fails_and_the_others_continue(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 3, inflight_limit=1)
    for _ in range(MAX_DEATHS):
        attempt = new_attempt()
        assert ledger.leases.claim(page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=1)
    page = ledger.pages.get(job.job_id, 1)
    assert page.state is PageState.FAILED
    assert page.error is not None
    assert page.error.code is ErrorCode.CRASHED
    assert ledger.leases.claim(page_unit(job, 1), new_attempt()) is None
    assert pending_units(redis) == {page_unit(job, 2).key}
    after = stored(ledger, job)
    assert (after.state, after.pages_failed, after.inflight) == (JobState.STARTED, 1, 1)


def test_the_job_is_closed_when_its_only_page_crashed_its_process_twice(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 1)
    for _ in range(MAX_DEATHS):
        attempt = new_attempt()
        ledger.leases.claim(page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT)
    assert pending_units(redis) == {close_unit(job).key}
    closer = new_attempt()
    assert ledger.leases.claim(close_unit(job), closer)
    failed = ledger.jobs.finish(job.job_id, closer.id)
    assert failed is not None
    assert failed.state is JobState.FAILED
    assert failed.error is not None
    assert failed.error.code is ErrorCode.CRASHED


def test_a_file_that_crashed_its_process_twice_fails(ledger: Ledger) -> None:
    job = created(ledger)
    for _ in range(MAX_DEATHS):
        attempt = new_attempt()
        assert ledger.leases.claim(prepare_unit(job), attempt)
        assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) == prepare_unit(job)
    after = stored(ledger, job)
    assert after.state is JobState.FAILED
    assert after.error is not None
    assert after.error.code is ErrorCode.CRASHED


def test_one_death_while_opening_does_not_count_against_the_pages(ledger: Ledger) -> None:
    job = created(ledger)
    first, second = new_attempt(), new_attempt()
    ledger.leases.claim(prepare_unit(job), first)
    ledger.leases.release(first.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT)
    ledger.leases.claim(prepare_unit(job), second)
    planned_again = ledger.pages.plan(job.job_id, second, 1, inflight_limit=INFLIGHT_LIMIT, inline=False)
    assert planned_again is not None
    third = new_attempt()
    ledger.leases.claim(page_unit(job, 1), third)
    ledger.leases.release(third.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT)
    assert ledger.pages.get(job.job_id, 1).state is PageState.QUEUED


def test_a_lost_page_is_tried_again_up_to_a_bound(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    for number in range(1, MAX_LOSSES + 1):
        attempt = new_attempt()
        assert ledger.leases.claim(page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.LOST, inflight_limit=INFLIGHT_LIMIT)
        expected = PageState.QUEUED if number < MAX_LOSSES else PageState.FAILED
        assert ledger.pages.get(job.job_id, 1).state is expected


def test_a_page_handed_back_counts_neither_as_death_nor_as_loss(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    for _ in range(2 * (MAX_DEATHS + MAX_LOSSES)):
        attempt = new_attempt()
        assert ledger.leases.claim(page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.HANDED_BACK, inflight_limit=INFLIGHT_LIMIT)
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.deaths, page.losses) == (PageState.QUEUED, 0, 0)


def test_a_closing_whose_process_died_is_done_by_another(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 1)
    attempt, _ = read(ledger, job, 1)
    assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) == close_unit(job)
    assert pending_units(redis) == {close_unit(job).key}
    assert ledger.jobs.finish(job.job_id, attempt.id) is None
    second = new_attempt()
    assert ledger.leases.claim(close_unit(job), second)
    assert ledger.jobs.finish(job.job_id, second.id)


def test_releasing_an_attempt_that_holds_nothing_changes_nothing(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    attempt, _ = read(ledger, job, 1)
    before = (stored(ledger, job), queued_units(redis))
    assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) is None
    assert (stored(ledger, job), queued_units(redis)) == before


def test_an_attempt_released_by_several_processes_has_its_page_queued_once(
    make_ledger: Callable[[], Ledger], redis: Any
) -> None:
    """The worker and the reaper may both find the same dead process."""
    ledgers = [make_ledger() for _ in range(6)]
    job = planned(ledgers[0], 1)
    for _ in range(5):
        redis.delete("rq:queue:ocrdesk")
        attempt = new_attempt()
        assert ledgers[0].leases.claim(page_unit(job, 1), attempt)
        barrier = threading.Barrier(len(ledgers))

        def release(ledger: Ledger, attempt: Attempt = attempt, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            ledger.leases.release(attempt.id, ReleaseReason.LOST, inflight_limit=INFLIGHT_LIMIT)

        with ThreadPoolExecutor(len(ledgers)) as pool:
            list(pool.map(release, ledgers))
        assert queued_units(redis) == [page_unit(job, 1).key]
    assert ledgers[0].pages.get(job.job_id, 1).losses == 5


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_releasing_a_unit_of_a_job_that_has_ended_queues_nothing(ledger: Ledger, redis: Any, end: str) -> None:
    job = planned(ledger, 1)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    getattr(ledger.jobs, end)(job.job_id)
    redis.delete("rq:queue:ocrdesk")
    ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT)
    assert queued_units(redis) == []
    assert ledger.leases.active() == []


def test_a_delivery_that_was_lost_before_its_claim_is_counted_and_queued_again(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    redis.delete("rq:queue:ocrdesk")  # the worker that had received it was killed before it claimed it
    (lost,) = ledger.lost_work.pending()
    assert lost.unit == prepare_unit(job)
    assert give_back(ledger, lost.unit, lost.rq_id)
    assert queued_units(redis) == [prepare_unit(job).key]
    assert stored(ledger, job).losses == 1
    assert not give_back(ledger, lost.unit, lost.rq_id), "under its old id it is not pending any more"
    assert len(queued_units(redis)) == 1
    assert stored(ledger, job).losses == 1


@pytest.mark.parametrize(("reason", "times"), [(ReleaseReason.DIED, MAX_DEATHS), (ReleaseReason.LOST, MAX_LOSSES)])
def test_a_job_whose_deliveries_all_end_before_a_claim_fails(
    ledger: Ledger, redis: Any, reason: ReleaseReason, times: int
) -> None:
    job = created(ledger)
    for _ in range(times):
        assert stored(ledger, job).state is JobState.QUEUED
        (rq_id,) = [waiting.rq_id for waiting in ledger.lost_work.pending()]
        redis.delete("rq:queue:ocrdesk")
        assert give_back(ledger, prepare_unit(job), rq_id, reason)
    ended = stored(ledger, job)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.code is ErrorCode.CRASHED
    assert (queued_units(redis), pending_units(redis)) == ([], set())


def test_a_page_whose_deliveries_all_crash_before_a_claim_fails_and_the_job_goes_on(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    for _ in range(MAX_DEATHS):
        (rq_id,) = [waiting.rq_id for waiting in ledger.lost_work.pending() if waiting.unit == page_unit(job, 1)]
        assert give_back(ledger, page_unit(job, 1), rq_id, ReleaseReason.DIED)
    assert ledger.pages.get(job.job_id, 1).state is PageState.FAILED
    attempt, committed = read(ledger, job, 2)
    assert committed.closes
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 1, 1)


def test_a_crash_counts_although_the_unit_waits_under_another_delivery(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    assert give_back(ledger, prepare_unit(job), "an earlier delivery", ReleaseReason.DIED)
    assert stored(ledger, job).deaths == 1
    assert len(queued_units(redis)) == 1, "it is in the queue already"


def test_what_ended_before_its_claim_is_not_counted_once_another_attempt_holds_the_unit(ledger: Ledger) -> None:
    job = created(ledger)
    (waiting,) = ledger.lost_work.pending()
    assert ledger.leases.claim(prepare_unit(job), new_attempt())
    assert not give_back(ledger, prepare_unit(job), waiting.rq_id, ReleaseReason.DIED)
    assert stored(ledger, job).deaths == 0


def test_no_unit_of_a_job_that_has_ended_is_redelivered(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    ledger.jobs.cancel(job.job_id)
    (lost,) = ledger.lost_work.pending()
    redis.delete("rq:queue:ocrdesk")
    assert not give_back(ledger, lost.unit, lost.rq_id)
    assert queued_units(redis) == []
    assert pending_units(redis) == set()
