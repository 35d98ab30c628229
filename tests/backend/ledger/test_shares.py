"""Owners share the queue: each has a few places, its other units wait, and none of them is ever forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.shares import EXTRA_PLACES
from ocrdesk.backend.records import JobRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_keys import PLACES, PLACES_TAKEN
from ocrdesk.backend.task_queue import open_image_queue, open_queue
from ocrdesk.contract.states import PageState
from tests.helpers.ledger_jobs import (
    BAD_PAGE,
    created,
    finished,
    new_attempt,
    planned,
    prepare_unit,
    queued_units,
    read,
    stored,
)
from tests.helpers.redis_calls import calls_of
from tests.helpers.redis_states import full


def places(redis: Any) -> dict[str, int]:
    return {owner: int(count) for owner, count in redis.hgetall("ocrdesk:places:taken").items()}


def ended_job(ledger: Ledger, redis: Any) -> JobRecord:
    """Return a job that has ended; the queue is empty, as if workers had taken its units."""
    job = finished(ledger)
    redis.delete("rq:queue:ocrdesk")
    return job


def next_unit(redis: Any) -> Unit:
    """Take the first unit of the queue, as a worker does."""
    return Unit.from_key(redis.lpop("rq:queue:ocrdesk").rpartition("-")[0])


def request_images(ledger: Ledger, job_id: str, count: int) -> None:
    for width in range(count):
        ledger.exports.request(job_id, f"image_1_{width}", 60)


def make(ledger: Ledger, unit: Unit) -> None:
    """Claim and end a unit, as a task process does."""
    attempt = new_attempt()
    if unit.kind is UnitKind.EXPORT:
        assert ledger.exports.claim(unit.job_id, unit.export, attempt)
        ledger.exports.commit(unit.job_id, unit.export, attempt.id, PageState.FINISHED, blob="b")
    elif unit.kind is UnitKind.PREPARE:
        assert ledger.leases.claim(unit, attempt)
        assert ledger.pages.plan(unit.job_id, attempt, 1, inflight_limit=4, inline=True)
        committed = ledger.pages.commit(
            unit.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=4, blob="b", continue_as=attempt
        )
        assert committed
        assert committed.closes
        assert ledger.jobs.finish(unit.job_id, attempt.id)


def test_an_owner_alone_has_a_place_for_each_worker_and_a_few_more(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(3)
    jobs = [created(ledger) for _ in range(20)]
    limit = 3 + EXTRA_PLACES
    assert queued_units(redis) == [prepare_unit(job).key for job in jobs[:limit]]
    assert ledger.shares.waiting_count() == 20 - limit
    assert ledger.backlog.queue_length() == 20
    assert ledger.backlog.snapshot().units_waiting == 20
    for job in jobs:
        unit = next_unit(redis)
        assert unit == prepare_unit(job)
        make(ledger, unit)
    assert not redis.exists("ocrdesk:places", "ocrdesk:places:taken", "ocrdesk:queued", "ocrdesk:queued:units:me")


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_another_owners_job_waits_for_the_places_of_the_first_and_not_for_its_120_images(
    ledger: Ledger, redis: Any, workers: int
) -> None:
    ledger.shares.repair(workers)
    done = ended_job(ledger, redis)
    request_images(ledger, done.job_id, 120)
    mine = prepare_unit(created(ledger, "other"))
    before = 0
    while (unit := next_unit(redis)) != mine:
        make(ledger, unit)
        before += 1
    assert before <= workers + EXTRA_PLACES
    images = redis.lrange("rq:queue:ocrdesk-images", 0, -1)
    assert len(images) <= workers + EXTRA_PLACES + before


def test_owners_take_turns(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    for owner in ("a", "b", "c"):
        for _ in range(10):
            created(ledger, owner)
    owners = []
    while redis.exists("rq:queue:ocrdesk"):
        unit = next_unit(redis)
        job = ledger.jobs.get(unit.job_id)
        assert job
        owners.append(job.owner)
        make(ledger, unit)
    assert len(owners) == 30
    for start in range(6, 24, 3):
        assert set(owners[start : start + 3]) == {"a", "b", "c"}


def test_with_others_an_owner_leaves_them_a_worker(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(4)
    for _ in range(10):
        created(ledger, "a")
    for _ in range(10):
        created(ledger, "b")
    while places(redis)["a"] > 3:
        make(ledger, next_unit(redis))
    assert places(redis) == {"a": 3, "b": 3}


def test_exports_come_before_other_units_of_their_owner_only(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    done = ended_job(ledger, redis)
    for _ in range(5):
        created(ledger)
    created(ledger, "other")
    ledger.exports.request(done.job_id, "pdf", 60)
    order = []
    while redis.exists("rq:queue:ocrdesk"):
        unit = next_unit(redis)
        job = ledger.jobs.get(unit.job_id)
        assert job
        order.append((job.owner, unit.kind))
        make(ledger, unit)
    export = order.index(("me", UnitKind.EXPORT))
    assert order.index(("other", UnitKind.PREPARE)) < export, "the other was there first"
    assert export < 1 + EXTRA_PLACES + 2
    assert len(order) == 7


def test_an_export_of_an_owner_who_is_alone_is_first(ledger: Ledger, redis: Any) -> None:
    done = ended_job(ledger, redis)
    created(ledger)
    ledger.exports.request(done.job_id, "pdf", 60)
    assert next_unit(redis).kind is UnitKind.EXPORT


def test_a_unit_that_was_taken_back_is_first_and_needs_no_place(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    for _ in range(8):
        created(ledger)
    unit, attempt = next_unit(redis), new_attempt()
    assert ledger.leases.claim(unit, attempt)
    ledger.leases.release(attempt.id, ReleaseReason.LOST, inflight_limit=4)
    assert queued_units(redis)[0] == unit.key


def test_waiting_units_of_a_deleted_job_are_passed_over(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    jobs = [created(ledger) for _ in range(8)]
    for job in jobs[1:-1]:
        ledger.jobs.delete(job.job_id)
    make(ledger, next_unit(redis))
    assert queued_units(redis) == [prepare_unit(jobs[-1]).key]


def test_the_reaper_finds_lost_places_and_waiting_units(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    jobs = [created(ledger) for _ in range(8)]
    limit = 1 + EXTRA_PLACES
    redis.delete("rq:queue:ocrdesk")  # as if other versions had taken and ended these
    redis.hdel("ocrdesk:pending", *(prepare_unit(job).key for job in jobs[:limit]))
    ledger.shares.repair(1)
    assert queued_units(redis) == [prepare_unit(job).key for job in jobs[limit : 2 * limit]]
    redis.delete("ocrdesk:places", "ocrdesk:places:taken")  # an older state of Redis
    ledger.shares.repair(1)
    assert len(queued_units(redis)) == 8 - limit


def test_waiting_units_are_not_taken_for_lost(ledger: Ledger) -> None:
    ledger.shares.repair(1)
    for _ in range(8):
        created(ledger)
    pending = ledger.lost_work.pending()
    assert len(pending) == 8
    assert {entry.rq_id for entry in pending} == ledger.lost_work.queued_ids()


def test_a_unit_whose_waiting_list_was_lost_is_delivered_again(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    jobs = [created(ledger) for _ in range(5)]
    redis.delete("ocrdesk:queued:units:me")
    queued = ledger.lost_work.queued_ids()
    lost = [entry for entry in ledger.lost_work.pending() if entry.rq_id not in queued]
    assert len(lost) == 5 - (1 + EXTRA_PLACES)
    for entry in lost:
        assert ledger.leases.give_back_unclaimed(entry.unit, entry.rq_id, ReleaseReason.LOST, inflight_limit=1)
    assert sorted(queued_units(redis)) == sorted(prepare_unit(job).key for job in jobs)


def test_more_workers_bring_more_places(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    for _ in range(20):
        created(ledger)
    ledger.shares.repair(6)
    assert len(queued_units(redis)) == 6 + EXTRA_PLACES


def test_pages_of_a_book_wait_for_places_too(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    job = planned(ledger, 30, inflight_limit=30)
    assert next_unit(redis).kind is UnitKind.PREPARE
    assert len(queued_units(redis)) == 1 + EXTRA_PLACES
    for number in range(1, 31):
        assert next_unit(redis).page == number
        read(ledger, job, number, inflight_limit=30, closes=False)
    assert stored(ledger, job).all_pages_ended


def test_units_end_and_move_up_although_redis_is_full(ledger: Ledger, redis: Any) -> None:
    ledger.shares.repair(1)
    jobs = [created(ledger) for _ in range(6)]
    unit = next_unit(redis)
    with full(redis):
        make(ledger, unit)
        ledger.jobs.cancel(jobs[1].job_id)
        ledger.jobs.delete(jobs[1].job_id)
    left = [*queued_units(redis)]
    assert left == [prepare_unit(job).key for job in (jobs[2], jobs[3], jobs[4])]


def test_rq_finds_the_records_of_units_in_both_queues(ledger: Ledger, redis: Any, redis_url: str) -> None:
    done = ended_job(ledger, redis)
    ledger.exports.request(done.job_id, "image_1_400", 60)
    raw = Redis.from_url(redis_url)
    (common,), (image,) = (opened(raw, "ocrdesk").get_jobs() for opened in (open_queue, open_image_queue))
    assert common.id != image.id
    assert tuple(common.args) == tuple(image.args) == (done.job_id, "image_1_400")


def test_units_of_an_older_api_are_counted_from_their_claim(ledger: Ledger, redis: Any) -> None:
    """It pushes to the queue itself."""
    job = created(ledger)
    redis.delete("ocrdesk:places", "ocrdesk:places:taken")
    attempt = new_attempt()
    assert ledger.leases.claim(prepare_unit(job), attempt)
    assert places(redis) == {"me": 1}
    ledger.jobs.fail(job.job_id, attempt.id, BAD_PAGE)
    assert places(redis) == {}


def test_a_repair_takes_as_many_commands_for_many_places_as_for_few(ledger: Ledger, redis: Any) -> None:
    commands = []
    for pages in (5, 300):
        ledger.shares.repair(1_000)
        planned(ledger, pages, inflight_limit=pages)
        before = calls_of(redis)
        ledger.shares.repair(1_000)
        commands.append((calls_of(redis) - before).total())
        assert int(redis.hget(PLACES_TAKEN, "me")) == redis.hlen(PLACES)
    assert commands[0] == commands[1]
