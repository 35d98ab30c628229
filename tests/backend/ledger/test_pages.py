"""Planning pages and committing their results."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import PageStats, ReleaseReason, Unit
from ocrdesk.contract.events import EventType
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import (
    BAD_PAGE,
    INFLIGHT_LIMIT,
    close_unit,
    created,
    new_attempt,
    new_job_record,
    page_unit,
    pending_units,
    planned,
    prepare_unit,
    queued_units,
    read,
    stored,
)


def test_pages_are_none_while_their_number_is_unknown(ledger: Ledger) -> None:
    assert ledger.pages.of_job(created(ledger)) == []


def test_a_page_shows_who_works_on_it(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt = new_attempt("here")
    ledger.leases.claim(page_unit(job, 2), attempt)
    pages = ledger.pages.of_job(stored(ledger, job))
    assert [page.state for page in pages] == [PageState.QUEUED, PageState.STARTED]
    assert pages[1].worker == "here-worker"
    assert pages[1].started_at is not None


def test_a_page_keeps_how_many_regions_were_not_read(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    stats = PageStats("tesseract", 3, unread_regions=2)
    ledger.pages.commit(job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=4, blob="b", stats=stats)
    assert [page.status().unread_regions for page in ledger.pages.of_job(stored(ledger, job))] == [2, 0]


def test_only_the_pages_that_were_asked_for_are_queued_under_the_files_numbers(ledger: Ledger, redis: Any) -> None:
    job = replace(new_job_record(), options=JobOptions(pages="2,7-8,40-"))
    ledger.jobs.create(job)
    attempt = new_attempt()
    assert ledger.leases.claim(prepare_unit(job), attempt)
    redis.delete("rq:queue:ocrdesk")
    after = ledger.pages.plan(job.job_id, attempt, 10, inflight_limit=2, inline=False)
    assert after is not None
    assert (after.file_pages, after.page_count, after.page_numbers) == (10, 3, [2, 7, 8])
    assert queued_units(redis) == [f"{job.job_id}-2", f"{job.job_id}-7"]
    assert [page.number for page in ledger.pages.of_job(after)] == [2, 7, 8]


def test_a_plan_queues_pages_up_to_the_limit_and_lets_the_others_wait(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=3)
    assert (job.page_count, job.inflight, job.state) == (10, 3, JobState.STARTED)
    assert queued_units(redis)[-3:] == [page_unit(job, n).key for n in (1, 2, 3)]
    assert redis.lrange(f"ocrdesk:job:{job.job_id}:waiting", 0, -1) == [str(n) for n in range(4, 11)]
    assert [page.state for page in ledger.pages.of_job(job)] == [PageState.QUEUED] * 10


def test_a_plan_announces_the_number_of_pages(ledger: Ledger) -> None:
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


def test_an_inline_page_counts_towards_the_limit(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    assert ledger.pages.plan(job.job_id, attempt, 5, inflight_limit=INFLIGHT_LIMIT, inline=True)
    assert ledger.leases.lease_of(attempt.id) == page_unit(job, 1)
    assert pending_units(redis) == {page_unit(job, number).key for number in range(2, INFLIGHT_LIMIT + 1)}
    assert ledger.pages.commit(job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="b")
    assert pending_units(redis) == {page_unit(job, number).key for number in range(2, INFLIGHT_LIMIT + 2)}


def test_a_plan_of_a_released_attempt_is_refused(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    old, new = new_attempt(), new_attempt()
    ledger.leases.claim(prepare_unit(job), old)
    ledger.leases.release(old.id, ReleaseReason.LOST, inflight_limit=INFLIGHT_LIMIT)
    ledger.leases.claim(prepare_unit(job), new)
    assert ledger.pages.plan(job.job_id, old, 5, inflight_limit=INFLIGHT_LIMIT, inline=False) is None
    assert stored(ledger, job).page_count is None
    assert ledger.pages.plan(job.job_id, new, 5, inflight_limit=INFLIGHT_LIMIT, inline=False)


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_a_job_that_ended_while_it_was_opened_is_not_planned(ledger: Ledger, redis: Any, end: str) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    getattr(ledger.jobs, end)(job.job_id)
    assert ledger.pages.plan(job.job_id, attempt, 5, inflight_limit=INFLIGHT_LIMIT, inline=False) is None
    assert redis.exists(f"ocrdesk:job:{job.job_id}:waiting") == 0


def test_a_committed_page_keeps_its_blob_and_is_counted(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 1)
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.blob, page.error) == (PageState.FINISHED, "page-1", None)
    assert page.ended_at is not None
    after = stored(ledger, job)
    assert (after.pages_done, after.pages_failed, after.inflight) == (1, 0, 1)


@pytest.mark.parametrize("state", [PageState.FAILED, PageState.TIMEOUT])
def test_a_bad_page_keeps_its_error_and_is_counted(ledger: Ledger, state: PageState) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 1, state)
    page = ledger.pages.get(job.job_id, 1)
    assert (page.state, page.blob, page.error) == (state, None, BAD_PAGE)
    after = stored(ledger, job)
    assert (after.pages_done, after.pages_failed) == (0, 1)


def test_a_commit_by_another_attempt_is_refused(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    holder, stranger = new_attempt(), new_attempt()
    ledger.leases.claim(page_unit(job, 1), holder)
    args = (PageState.FINISHED,)
    assert ledger.pages.commit(job.job_id, 1, stranger.id, *args, inflight_limit=INFLIGHT_LIMIT, blob="no") is None
    assert ledger.pages.get(job.job_id, 1).state is PageState.STARTED
    assert ledger.leases.lease_of(holder.id) == page_unit(job, 1)


def test_a_commit_of_a_released_attempt_is_refused(ledger: Ledger) -> None:
    """The orphaned process of a killed worker finishes beside the second attempt: only one of them counts."""
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
    assert stored(ledger, job).pages_done == 1


def test_a_commit_whose_answer_was_lost_can_be_repeated(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt, first = read(ledger, job, 1)
    events = len(ledger.jobs.events(job.job_id))
    again = ledger.pages.commit(
        job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="page-1", continue_as=attempt
    )
    assert again is not None
    assert again.closes is first.closes is False
    assert stored(ledger, job).pages_done == 1
    assert len(ledger.jobs.events(job.job_id)) == events


def test_a_repeated_last_commit_still_gives_its_attempt_the_closing(ledger: Ledger) -> None:
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
    assert stored(ledger, job).inflight == 2


def test_a_bad_page_queues_the_next_one_too(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 3, inflight_limit=1)
    read(ledger, job, 1, PageState.TIMEOUT, inflight_limit=1)
    assert pending_units(redis) == {page_unit(job, 2).key}


def test_a_raised_limit_is_filled_up(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=2)
    read(ledger, job, 1, inflight_limit=5)
    assert pending_units(redis) == {page_unit(job, n).key for n in range(2, 7)}
    assert stored(ledger, job).inflight == 5


def test_a_lowered_limit_queues_nothing_until_there_is_room(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 10, inflight_limit=4)
    for number in (1, 2):
        read(ledger, job, number, inflight_limit=2)
        assert not pending_units(redis) & {page_unit(job, 5).key}
    read(ledger, job, 3, inflight_limit=2)
    assert page_unit(job, 5).key in pending_units(redis)
    assert stored(ledger, job).inflight == 2


def test_the_last_page_gives_its_attempt_the_closing(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    _, first = read(ledger, job, 2)
    attempt, last = read(ledger, job, 1)
    assert (first.closes, last.closes) == (False, True)
    assert ledger.leases.lease_of(attempt.id) == close_unit(job)
    assert pending_units(redis) == set()


def test_the_closing_is_queued_at_the_front_when_no_attempt_continues(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 1)
    redis.delete("rq:queue:ocrdesk")
    other = created(ledger)
    _, committed = read(ledger, job, 1, closes=False)
    assert not committed.closes
    assert queued_units(redis) == [close_unit(job).key, prepare_unit(other).key]
    attempt = new_attempt()
    assert ledger.leases.claim(close_unit(job), attempt)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert done.state is JobState.FINISHED


def test_pages_committed_concurrently_are_each_counted_once(
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
    after = stored(ledger, job)
    assert (after.pages_done, after.pages_failed, after.inflight) == (52, 8, 0)
    ended = [event.page or 0 for event in ledger.jobs.events(job.job_id) if event.type is EventType.PAGE]
    assert sorted(ended) == list(range(1, page_count + 1))
    assert ledger.jobs.finish(job.job_id, closers[0])
    assert pending_units(redis) == set()
    assert ledger.leases.active() == []


# ── edges, and other results ─────────────────────────────────────────────────────────────────────


def test_edges_are_kept_until_the_job_ends(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 2)
    for number in (1, 2):
        attempt = new_attempt()
        ledger.leases.claim(page_unit(job, number), attempt)
        ledger.pages.commit(
            job.job_id,
            number,
            attempt.id,
            PageState.FINISHED,
            inflight_limit=4,
            blob="b",
            edges=f"edges {number}",
            continue_as=attempt,
        )
    assert ledger.pages.edges(job.job_id) == {1: "edges 1", 2: "edges 2"}
    assert redis.ttl(redis_keys.page_edges(job.job_id)) > 0  # an older version may end the job
    assert ledger.pages.edges(job.job_id, [2, 3]) == {2: "edges 2"}
    assert ledger.pages.edges(job.job_id, []) == {}
    assert ledger.jobs.finish(job.job_id, attempt.id)
    assert ledger.pages.edges(job.job_id) == {}


def test_only_the_attempt_that_closes_a_job_replaces_results(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 1, PageState.FAILED)
    attempt, _ = read(ledger, job, 2)
    before = ledger.pages.get(job.job_id, 2).blob
    assert ledger.pages.replace_results(job.job_id, new_attempt().id, {2: "new"}) is None
    assert ledger.pages.get(job.job_id, 2).blob == before
    assert ledger.pages.replace_results(job.job_id, attempt.id, {1: "new", 2: "new"}) == [before]
    assert [ledger.pages.get(job.job_id, number).blob for number in (1, 2)] == [None, "new"]
    ledger.jobs.finish(job.job_id, attempt.id)
    assert ledger.pages.replace_results(job.job_id, attempt.id, {2: "newer"}) is None
