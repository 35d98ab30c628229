"""The ledger on a real Valkey: a job's life, who may write, and what is left when someone dies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from redis.exceptions import ResponseError

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import MAX_DEATHS, MAX_LOSSES, Attempt, JobRecord, NodeInfo, ReleaseReason, Unit, UnitKind
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState, PageState
from tests.backend.conftest import RESULT_TTL_S
from tests.backend.jobs import (
    BAD_PAGE,
    INFLIGHT_LIMIT,
    close_unit,
    created,
    finished,
    new_attempt,
    new_job_record,
    page_unit,
    planned,
    prepare_unit,
    read,
)

FAULT = ErrorInfo(code=ErrorCode.ENCRYPTED_PDF, message="It has a password.")


def the(ledger: Ledger, job: JobRecord) -> JobRecord:
    """The job as it is stored now."""
    found = ledger.jobs.get(job.job_id)
    assert found is not None
    return found


def queued_units(ledger: Ledger, redis: Any) -> list[str]:
    """The units in the queue, front first."""
    return [rq_id.rpartition("-")[0] for rq_id in redis.lrange("rq:queue:ocrdesk", 0, -1)]


def pending_units(redis: Any) -> set[str]:
    return set(redis.hkeys("ocrdesk:pending"))


# ── accepting ────────────────────────────────────────────────────────────────────────────────────


def test_a_created_job_is_read_back_as_it_was(ledger: Ledger) -> None:
    job = new_job_record()
    ledger.jobs.create(job)
    assert ledger.jobs.get(job.job_id) == job
    assert ledger.jobs.state(job.job_id) is JobState.QUEUED
    assert ledger.jobs.exists(job.job_id)


def test_an_unknown_job_is_none(ledger: Ledger) -> None:
    assert ledger.jobs.get("nobody") is None
    assert ledger.jobs.state("nobody") is None
    assert not ledger.jobs.exists("nobody")


def test_creating_writes_record_queue_and_event(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    assert queued_units(ledger, redis) == [f"{job.job_id}-prepare"]
    assert pending_units(redis) == {f"{job.job_id}-prepare"}
    assert [event.status for event in ledger.jobs.events(job.job_id)] == [JobState.QUEUED]
    assert [found.job_id for found in ledger.job_list.read("me", 10)[0]] == [job.job_id]


def test_creating_is_all_or_nothing(ledger: Ledger, redis: Any) -> None:
    redis.config_set("maxmemory", "1")  # from now on every write is refused
    try:
        with pytest.raises(ResponseError):
            ledger.jobs.create(new_job_record())
    finally:
        redis.config_set("maxmemory", "0")
    assert [key for key in redis.keys("*") if "node" not in key] == []


# ── claiming ─────────────────────────────────────────────────────────────────────────────────────


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


def test_a_page_shows_who_works_on_it(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt = new_attempt("here")
    ledger.leases.claim(page_unit(job, 2), attempt)
    pages = ledger.pages.of_job(the(ledger, job))
    assert [page.state for page in pages] == [PageState.QUEUED, PageState.STARTED]
    assert pages[1].worker == "here-worker"
    assert pages[1].started_at is not None


def test_nothing_of_an_unknown_job_can_be_claimed(ledger: Ledger, redis: Any) -> None:
    for kind in UnitKind:
        assert ledger.leases.claim(Unit("nobody", kind, 1 if kind is UnitKind.PAGE else 0), new_attempt()) is None
    assert ledger.leases.active() == []


@pytest.mark.parametrize("end", ["cancel", "delete", "fail"])
def test_nothing_of_a_job_that_is_over_can_be_claimed(ledger: Ledger, redis: Any, end: str) -> None:
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


def test_one_of_many_claims_at_once_wins(make_ledger: Callable[[], Ledger]) -> None:
    job = planned(make_ledger(), 1)
    ledgers = [make_ledger() for _ in range(8)]
    barrier = threading.Barrier(len(ledgers))

    def claim(ledger: Ledger) -> bool:
        barrier.wait()
        return ledger.leases.claim(page_unit(job, 1), new_attempt()) is not None

    with ThreadPoolExecutor(len(ledgers)) as pool:
        assert sum(pool.map(claim, ledgers)) == 1


# ── planning ─────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_queues_a_window_of_pages_and_keeps_the_rest_waiting(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=3)
    assert (job.page_count, job.inflight, job.state) == (10, 3, JobState.STARTED)
    assert queued_units(ledger, redis)[-3:] == [page_unit(job, n).key for n in (1, 2, 3)]
    assert redis.lrange(f"ocrdesk:job:{job.job_id}:waiting", 0, -1) == [str(n) for n in range(4, 11)]
    assert [page.state for page in ledger.pages.of_job(job)] == [PageState.QUEUED] * 10


def test_a_plan_says_how_many_pages_there_are(ledger: Ledger) -> None:
    job = planned(ledger, 7)
    assert ledger.jobs.events(job.job_id)[-1].page_count == 7


def test_an_inline_page_is_held_by_the_attempt_that_planned(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    assert ledger.pages.plan(job.job_id, attempt, 1, inflight_limit=INFLIGHT_LIMIT, inline=True)
    assert ledger.leases.lease_of(attempt.id) == page_unit(job, 1)
    assert pending_units(redis) == set()
    assert ledger.leases.claim(page_unit(job, 1), new_attempt()) is None
    committed = ledger.pages.commit(
        job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="b", continue_as=attempt
    )
    assert committed is not None
    assert committed.closes


def test_an_inline_page_is_one_of_the_window(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    assert ledger.pages.plan(job.job_id, attempt, 5, inflight_limit=INFLIGHT_LIMIT, inline=True)
    assert ledger.leases.lease_of(attempt.id) == page_unit(job, 1)
    assert pending_units(redis) == {page_unit(job, number).key for number in range(2, INFLIGHT_LIMIT + 1)}
    assert ledger.pages.commit(job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="b")
    assert pending_units(redis) == {page_unit(job, number).key for number in range(2, INFLIGHT_LIMIT + 2)}


def test_a_plan_of_an_attempt_that_was_given_up_is_refused(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    old, new = new_attempt(), new_attempt()
    ledger.leases.claim(prepare_unit(job), old)
    ledger.leases.release(old.id, ReleaseReason.LOST, inflight_limit=INFLIGHT_LIMIT)
    ledger.leases.claim(prepare_unit(job), new)
    assert ledger.pages.plan(job.job_id, old, 5, inflight_limit=INFLIGHT_LIMIT, inline=False) is None
    assert the(ledger, job).page_count is None
    assert ledger.pages.plan(job.job_id, new, 5, inflight_limit=INFLIGHT_LIMIT, inline=False)


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_a_job_that_ended_while_it_was_opened_is_not_planned(ledger: Ledger, redis: Any, end: str) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    getattr(ledger.jobs, end)(job.job_id)
    assert ledger.pages.plan(job.job_id, attempt, 5, inflight_limit=INFLIGHT_LIMIT, inline=False) is None
    assert redis.exists(f"ocrdesk:job:{job.job_id}:waiting") == 0


# ── committing pages ─────────────────────────────────────────────────────────────────────────────


def test_a_committed_page_keeps_its_blob_and_is_counted(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 1)
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.blob, page.error) == (PageState.FINISHED, "page-1", None)
    assert page.ended_at is not None
    after = the(ledger, job)
    assert (after.pages_done, after.pages_failed, after.inflight) == (1, 0, 1)


@pytest.mark.parametrize("state", [PageState.FAILED, PageState.TIMEOUT])
def test_a_bad_page_keeps_its_error_and_is_counted(ledger: Ledger, state: PageState) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 1, state)
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.blob, page.error) == (state, None, BAD_PAGE)
    after = the(ledger, job)
    assert (after.pages_done, after.pages_failed) == (0, 1)


def test_a_commit_by_another_attempt_is_refused(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    holder, stranger = new_attempt(), new_attempt()
    ledger.leases.claim(page_unit(job, 1), holder)
    args = (PageState.FINISHED,)
    assert ledger.pages.commit(job.job_id, 1, stranger.id, *args, inflight_limit=INFLIGHT_LIMIT, blob="no") is None
    assert ledger.pages.get(job.job_id, 1).state is PageState.STARTED
    assert ledger.leases.lease_of(holder.id) == page_unit(job, 1)


def test_a_commit_of_an_attempt_that_was_given_up_is_refused(ledger: Ledger) -> None:
    """The orphan of a killed worker finishes beside the second attempt: only one of them counts."""
    job = planned(ledger, 2)
    orphan, second = new_attempt(), new_attempt()
    ledger.leases.claim(page_unit(job, 1), orphan)
    ledger.leases.release(orphan.id, ReleaseReason.LOST, inflight_limit=INFLIGHT_LIMIT)
    assert (
        ledger.pages.commit(job.job_id, 1, orphan.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="old")
        is None
    )
    ledger.leases.claim(page_unit(job, 1), second)
    assert (
        ledger.pages.commit(job.job_id, 1, orphan.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="old")
        is None
    )
    assert ledger.pages.commit(job.job_id, 1, second.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="new")
    assert ledger.pages.get(job.job_id, 1).blob == "new"
    assert the(ledger, job).pages_done == 1


def test_a_commit_whose_answer_was_lost_can_be_repeated(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt, first = read(ledger, job, 1)
    events = len(ledger.jobs.events(job.job_id))
    again = ledger.pages.commit(
        job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="page-1", continue_as=attempt
    )
    assert again is not None
    assert again.closes is first.closes is False
    assert the(ledger, job).pages_done == 1
    assert len(ledger.jobs.events(job.job_id)) == events


def test_a_repeated_last_commit_still_tells_its_attempt_to_close(ledger: Ledger) -> None:
    job = planned(ledger, 1)
    attempt, first = read(ledger, job, 1)
    again = ledger.pages.commit(
        job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="page-1", continue_as=attempt
    )
    assert first.closes
    assert again is not None
    assert again.closes
    assert ledger.leases.lease_of(attempt.id) == close_unit(job)


def test_each_finished_page_queues_the_next_one(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 5, inflight_limit=2)
    read(ledger, job, 1, inflight_limit=2)
    assert pending_units(redis) == {page_unit(job, n).key for n in (2, 3)}
    read(ledger, job, 2, inflight_limit=2)
    assert pending_units(redis) == {page_unit(job, n).key for n in (3, 4)}
    assert the(ledger, job).inflight == 2


def test_a_bad_page_queues_the_next_one_too(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 3, inflight_limit=1)
    read(ledger, job, 1, PageState.TIMEOUT, inflight_limit=1)
    assert pending_units(redis) == {page_unit(job, 2).key}


def test_a_window_that_grew_is_filled_up(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=2)
    read(ledger, job, 1, inflight_limit=5)
    assert pending_units(redis) == {page_unit(job, n).key for n in range(2, 7)}
    assert the(ledger, job).inflight == 5


def test_a_window_that_shrank_queues_nothing_until_there_is_room(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=4)
    for number in (1, 2):
        read(ledger, job, number, inflight_limit=2)
        assert not pending_units(redis) & {page_unit(job, 5).key}
    read(ledger, job, 3, inflight_limit=2)
    assert page_unit(job, 5).key in pending_units(redis)
    assert the(ledger, job).inflight == 2


def test_the_last_page_gives_its_attempt_the_closing(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    _, first = read(ledger, job, 2)
    attempt, last = read(ledger, job, 1)
    assert (first.closes, last.closes) == (False, True)
    assert ledger.leases.lease_of(attempt.id) == close_unit(job)
    assert pending_units(redis) == set()


def test_the_closing_is_queued_in_front_when_nobody_goes_on(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 1)
    redis.delete("rq:queue:ocrdesk")
    other = created(ledger)
    _, committed = read(ledger, job, 1, closes=False)
    assert not committed.closes
    assert queued_units(ledger, redis) == [close_unit(job).key, prepare_unit(other).key]
    attempt = new_attempt()
    assert ledger.leases.claim(close_unit(job), attempt)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert done.state is JobState.FINISHED


def test_pages_committed_by_many_at_once_are_each_counted_once(
    make_ledger: Callable[[], Ledger], ledger: Ledger, redis: Any
) -> None:
    page_count, threads, inflight_limit = 60, 8, 8
    job = planned(ledger, page_count, inflight_limit=inflight_limit)
    pushed: list[int] = []
    closers: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        mine = make_ledger()
        while len(closers) < 1:
            numbers = {Unit.from_key(key).page for key in pending_units(redis)}
            for number in sorted(numbers):
                attempt = new_attempt()
                if mine.leases.claim(page_unit(job, number), attempt) is None:
                    continue
                state = PageState.FAILED if number % 7 == 0 else PageState.FINISHED
                committed = mine.pages.commit(
                    job.job_id,
                    number,
                    attempt.id,
                    state,
                    inflight_limit=inflight_limit,
                    blob=f"b{number}",
                    continue_as=attempt,
                )
                assert committed is not None
                assert committed.job.inflight <= inflight_limit
                with lock:
                    pushed.append(number)
                    if committed.closes:
                        closers.append(attempt.id)

    with ThreadPoolExecutor(threads) as pool:
        for result in [pool.submit(work) for _ in range(threads)]:
            result.result()
    assert sorted(pushed) == list(range(1, page_count + 1))
    assert len(closers) == 1
    after = the(ledger, job)
    assert (after.pages_done, after.pages_failed, after.inflight) == (52, 8, 0)
    ended = [event.page or 0 for event in ledger.jobs.events(job.job_id) if event.type is EventType.PAGE]
    assert sorted(ended) == list(range(1, page_count + 1))
    assert ledger.jobs.finish(job.job_id, closers[0])
    assert pending_units(redis) == set()
    assert ledger.leases.active() == []


# ── ending ───────────────────────────────────────────────────────────────────────────────────────


def test_a_job_with_one_good_page_finishes_and_names_the_others(ledger: Ledger) -> None:
    job = planned(ledger, 3)
    read(ledger, job, 1, PageState.FAILED)
    read(ledger, job, 2)
    attempt, _ = read(ledger, job, 3, PageState.TIMEOUT)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 1, 2)
    assert done.error is not None
    assert done.error.message == f"Pages 1, 3 of 3 could not be read. {BAD_PAGE.message}"
    assert done.ended_at is not None


def test_a_job_without_a_good_page_fails(ledger: Ledger) -> None:
    job = planned(ledger, 1)
    attempt, _ = read(ledger, job, 1, PageState.FAILED)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.error) == (JobState.FAILED, BAD_PAGE)


def test_many_bad_pages_are_named_shortly(ledger: Ledger) -> None:
    job = planned(ledger, 15, inflight_limit=15)
    for number in range(1, 15):
        read(ledger, job, number, PageState.FAILED)
    attempt, _ = read(ledger, job, 15)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert done.error is not None
    assert done.error.message.startswith("Pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … of 15 could not be read.")


def test_only_the_holder_of_the_closing_finishes_a_job(ledger: Ledger) -> None:
    job = planned(ledger, 1)
    read(ledger, job, 1)
    assert ledger.jobs.finish(job.job_id, "a stranger") is None
    assert the(ledger, job).state is JobState.STARTED


def test_a_job_is_not_finished_before_its_last_page(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt, _ = read(ledger, job, 1)
    assert ledger.jobs.finish(job.job_id, attempt.id) is None
    assert the(ledger, job).state is JobState.STARTED


def test_finishing_twice_changes_nothing(ledger: Ledger) -> None:
    job = finished(ledger)
    events = ledger.jobs.events(job.job_id)
    assert ledger.jobs.finish(job.job_id, "again") is None
    assert the(ledger, job) == job
    assert ledger.jobs.events(job.job_id) == events


def test_a_file_that_cannot_be_opened_fails_its_job(ledger: Ledger) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    assert ledger.jobs.fail(job.job_id, "a stranger", FAULT) is None
    failed = ledger.jobs.fail(job.job_id, attempt.id, FAULT)
    assert failed is not None
    assert (failed.state, failed.error) == (JobState.FAILED, FAULT)
    assert ledger.leases.active() == []


def test_a_cancelled_job_is_over_and_accepts_nothing_more(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    cancelled = ledger.jobs.cancel(job.job_id)
    assert cancelled is not None
    assert cancelled.state is JobState.CANCELLED
    assert (
        ledger.pages.commit(job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="b")
        is None
    )
    assert ledger.jobs.finish(job.job_id, attempt.id) is None
    assert ledger.jobs.fail(job.job_id, attempt.id, FAULT) is None
    assert the(ledger, job).state is JobState.CANCELLED


def test_cancelling_a_job_that_is_over_leaves_it(ledger: Ledger) -> None:
    job = finished(ledger)
    assert ledger.jobs.cancel(job.job_id) == job
    assert the(ledger, job) == job
    assert ledger.jobs.cancel("nobody") is None


def test_every_end_starts_the_ttl_of_all_that_stays(ledger: Ledger, redis: Any) -> None:
    done = finished(ledger, 2)
    cancelled = planned(ledger, 9)
    read(ledger, cancelled, 1)
    ledger.jobs.cancel(cancelled.job_id)
    failed = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(failed), attempt)
    ledger.jobs.fail(failed.job_id, attempt.id, FAULT)
    for job in (done, cancelled, failed):
        keys = redis.keys(f"ocrdesk:job:{job.job_id}*")
        assert f"ocrdesk:job:{job.job_id}" in keys
        assert f"ocrdesk:job:{job.job_id}:waiting" not in keys
        for key in keys:
            assert 0 < redis.ttl(key) <= RESULT_TTL_S, key


def test_a_job_that_is_not_over_never_expires(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 9)
    read(ledger, job, 1)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert redis.ttl(key) == -1, key


def test_a_deleted_job_leaves_no_key(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger, 2)
    ledger.jobs.delete(job.job_id)
    assert [key for key in redis.keys("*") if job.job_id in key and not key.startswith("rq:")] == []
    assert job.job_id not in redis.zrange("ocrdesk:jobs:me", 0, -1)
    assert ledger.jobs.get(job.job_id) is None


def test_deleting_an_unknown_job_is_harmless(ledger: Ledger, redis: Any) -> None:
    ledger.jobs.delete("nobody")
    assert redis.keys("*") == []


# ── what the dead leave ──────────────────────────────────────────────────────────────────────────


def test_a_page_whose_horse_died_is_queued_again_in_front(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    redis.delete("rq:queue:ocrdesk")
    created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) == page_unit(job, 1)
    assert queued_units(ledger, redis)[0] == page_unit(job, 1).key
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.deaths, page.attempt, page.worker) == (PageState.QUEUED, 1, None, None)
    assert the(ledger, job).inflight == 2
    assert ledger.leases.active() == []


def test_a_page_that_killed_its_horse_twice_fails_and_the_rest_goes_on(ledger: Ledger, redis: Any) -> None:
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
    after = the(ledger, job)
    assert (after.state, after.pages_failed, after.inflight) == (JobState.STARTED, 1, 1)


def test_a_single_page_that_killed_its_horse_twice_leads_to_the_closing(ledger: Ledger, redis: Any) -> None:
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


def test_a_file_that_killed_its_horse_twice_fails(ledger: Ledger) -> None:
    job = created(ledger)
    for _ in range(MAX_DEATHS):
        attempt = new_attempt()
        assert ledger.leases.claim(prepare_unit(job), attempt)
        assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) == prepare_unit(job)
    after = the(ledger, job)
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


def test_a_page_handed_back_is_never_held_against_it(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    for _ in range(2 * (MAX_DEATHS + MAX_LOSSES)):
        attempt = new_attempt()
        assert ledger.leases.claim(page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.HANDED_BACK, inflight_limit=INFLIGHT_LIMIT)
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.deaths, page.losses) == (PageState.QUEUED, 0, 0)


def test_a_closing_whose_horse_died_is_done_by_another(ledger: Ledger, redis: Any) -> None:
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
    before = (the(ledger, job), queued_units(ledger, redis))
    assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) is None
    assert (the(ledger, job), queued_units(ledger, redis)) == before


def test_two_who_release_one_attempt_queue_its_page_once(make_ledger: Callable[[], Ledger], redis: Any) -> None:
    """The worker and the reaper may both find the same dead horse."""
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
        assert queued_units(ledgers[0], redis) == [page_unit(job, 1).key]
    assert ledgers[0].pages.get(job.job_id, 1).losses == 5


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_releasing_what_belongs_to_a_job_that_is_over_queues_nothing(ledger: Ledger, redis: Any, end: str) -> None:
    job = planned(ledger, 1)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    getattr(ledger.jobs, end)(job.job_id)
    redis.delete("rq:queue:ocrdesk")
    ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT)
    assert queued_units(ledger, redis) == []
    assert ledger.leases.active() == []


def test_a_lost_place_in_the_queue_is_given_anew(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    redis.delete("rq:queue:ocrdesk")  # the worker that had taken it was killed before it claimed
    (lost,) = ledger.leases.overdue(older_than_s=-1)
    assert lost.unit == prepare_unit(job)
    assert ledger.leases.redeliver(lost)
    assert queued_units(ledger, redis) == [prepare_unit(job).key]
    assert not ledger.leases.redeliver(lost), "under its old id it is not pending any more"
    assert len(queued_units(ledger, redis)) == 1


def test_nothing_is_delivered_again_for_a_job_that_is_over(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    ledger.jobs.cancel(job.job_id)
    (lost,) = ledger.leases.overdue(older_than_s=-1)
    redis.delete("rq:queue:ocrdesk")
    assert not ledger.leases.redeliver(lost)
    assert queued_units(ledger, redis) == []
    assert pending_units(redis) == set()


def test_only_what_has_waited_long_is_overdue(ledger: Ledger) -> None:
    created(ledger)
    assert ledger.leases.overdue(older_than_s=3600) == []
    assert len(ledger.leases.overdue(older_than_s=-1)) == 1


def test_what_a_worker_took_and_never_began_can_be_dropped(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    redis.lmove("rq:queue:ocrdesk", "rq:queue:ocrdesk:intermediate", "LEFT", "RIGHT")
    (rq_id,) = ledger.leases.intermediate_ids()
    assert rq_id.startswith(prepare_unit(job).key)
    assert ledger.leases.queued_ids() == set()
    ledger.leases.drop_intermediate({rq_id})
    assert ledger.leases.intermediate_ids() == set()


def test_one_reaper_at_a_time_has_the_lock(make_ledger: Callable[[], Ledger]) -> None:
    one, two = make_ledger().leases.reaper_lock(30), make_ledger().leases.reaper_lock(30)
    assert one.acquire()
    assert not two.acquire()
    one.release()
    assert two.acquire()


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def test_jobs_come_newest_first_and_each_owner_has_its_own(ledger: Ledger) -> None:
    mine = [created(ledger) for _ in range(3)]
    created(ledger, owner="you")
    assert [job.job_id for job in ledger.job_list.read("me", 10)[0]] == [job.job_id for job in reversed(mine)]
    assert [job.job_id for job in ledger.job_list.read("me", 2)[0]] == [mine[2].job_id, mine[1].job_id]
    assert ledger.job_list.read("nobody", 10)[0] == []


def test_expired_jobs_drop_out_of_the_list(ledger: Ledger, redis: Any) -> None:
    old, new = created(ledger), created(ledger)
    redis.delete(f"ocrdesk:job:{old.job_id}")
    assert [job.job_id for job in ledger.job_list.read("me", 10)[0]] == [new.job_id]
    assert redis.zrange("ocrdesk:jobs:me", 0, -1) == [new.job_id]


def test_a_list_is_as_long_as_it_can_be_though_newer_jobs_expired(ledger: Ledger, redis: Any) -> None:
    """A job that was cancelled at once expires before an older one that took long."""
    oldest, old, *_ = jobs = [created(ledger) for _ in range(5)]
    for job in jobs[2:]:
        redis.delete(f"ocrdesk:job:{job.job_id}")
    assert [job.job_id for job in ledger.job_list.read("me", 2)[0]] == [old.job_id, oldest.job_id]


def test_pages_are_none_while_their_number_is_unknown(ledger: Ledger) -> None:
    assert ledger.pages.of_job(created(ledger)) == []


# ── events ───────────────────────────────────────────────────────────────────────────────────────


def test_a_jobs_events_tell_its_life_in_order(ledger: Ledger) -> None:
    job = finished(ledger, 2)
    events = ledger.jobs.events(job.job_id)
    assert [
        (event.type.value, event.status.value, event.page_count, event.pages_done, event.page) for event in events
    ] == [
        ("job", "queued", None, 0, None),
        ("job", "started", None, 0, None),
        ("job", "started", 2, 0, None),
        ("page", "started", 2, 1, 1),
        ("page", "started", 2, 2, 2),
        ("job", "finished", 2, 2, None),
    ]
    ids = [tuple(map(int, event.id.split("-"))) for event in events]
    assert ids == sorted(set(ids))


def test_events_go_on_after_any_of_them_without_loss_or_repeat(ledger: Ledger) -> None:
    job = finished(ledger, 4)
    events = ledger.jobs.events(job.job_id)
    for index, event in enumerate(events):
        assert ledger.jobs.events(job.job_id, event.id) == events[index + 1 :]


def test_events_can_be_read_in_portions(ledger: Ledger) -> None:
    job = finished(ledger, 5)
    seen, last = [], "0"
    while portion := ledger.jobs.events(job.job_id, last, count=2):
        seen += portion
        last = portion[-1].id
    assert seen == ledger.jobs.events(job.job_id)


def test_a_bad_page_event_says_why(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 2, PageState.TIMEOUT)
    event = ledger.jobs.events(job.job_id)[-1]
    assert (event.type, event.page, event.page_status) == (EventType.PAGE, 2, PageState.TIMEOUT)
    assert (event.error, event.error_code) == (BAD_PAGE.message, "corrupt_file")


def test_an_event_has_the_same_id_in_its_jobs_stream_and_in_that_of_all(ledger: Ledger, redis: Any) -> None:
    jobs = [finished(ledger), created(ledger)]
    of_all = {entry[0] for entry in redis.xrange("ocrdesk:events")}
    assert {event.id for job in jobs for event in ledger.jobs.events(job.job_id)} == of_all


def test_a_deletion_is_announced_and_nothing_else_of_the_job_stays_in_the_stream_of_all(
    ledger: Ledger, redis: Any
) -> None:
    other, job = created(ledger), finished(ledger, 3)
    ledger.jobs.delete(job.job_id)
    left = [(fields["job_id"], fields["type"]) for _, fields in redis.xrange("ocrdesk:events")]
    assert left == [(other.job_id, "job"), (job.job_id, "deleted")]


# ── worker pools ─────────────────────────────────────────────────────────────────────────────────


def node(name: str) -> NodeInfo:
    return NodeInfo(name, 2, ("tesseract",), ("eng", "deu"), "1.0")


def test_a_pool_that_beats_is_alive_and_one_that_stopped_is_forgotten(ledger: Ledger, redis: Any) -> None:
    ledger.nodes.heartbeat(node("a"))
    ledger.nodes.heartbeat(node("b"))
    assert ledger.nodes.live() == [node("a"), node("b")]
    ledger.nodes.remove("a")
    assert ledger.nodes.live() == [node("b")]
    redis.delete("ocrdesk:node:b")  # its heartbeat ran out
    assert ledger.nodes.live() == []
    assert redis.smembers("ocrdesk:nodes") == set()


def test_a_heartbeat_runs_out(ledger: Ledger, redis: Any) -> None:
    ledger.nodes.heartbeat(node("a"))
    assert 0 < redis.ttl("ocrdesk:node:a") <= 15


def test_all_pools_can_be_declared_dead(ledger: Ledger) -> None:
    ledger.nodes.heartbeat(node("a"))
    ledger.nodes.heartbeat(node("b"))
    ledger.nodes.remove_all()
    assert ledger.nodes.live() == []


def test_a_record_with_every_field_set_survives_storage(ledger: Ledger) -> None:
    job = planned(ledger, 3)
    read(ledger, job, 1, PageState.FAILED)
    attempt, _ = read(ledger, job, 2)
    read(ledger, job, 3)
    stored = the(ledger, job)
    assert stored.view().file_name == "scan ä.pdf"
    assert stored.options.languages == ("eng", "deu")
    assert replace(stored, created_at=job.created_at) == stored
    assert attempt.id != stored.attempt
