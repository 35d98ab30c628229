"""Work that dead processes left behind is recovered, on a real Valkey."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend.ledger.clock import LEASE_MS
from ocrdesk.backend.records import NodeInfo
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.processes import reaper
from ocrdesk_worker.processes.reaper import EVERY_S, Reaper
from tests.helpers.lease_clock import advance
from tests.helpers.ledger_jobs import (
    created,
    new_attempt,
    page_unit,
    pending_units,
    planned,
    prepare_unit,
    queued_units,
)
from tests.helpers.redis_calls import calls_of


@pytest.fixture
def redis(redis_url: str) -> Any:
    return Redis.from_url(redis_url, decode_responses=True)


@pytest.fixture
def rounds_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a unit count as lost in the second round that misses it, however soon that follows."""
    monkeypatch.setattr(reaper, "_LOST_AFTER_MS", 0)


def test_a_page_of_a_dead_pool_is_queued_again(work: Context, redis: Any) -> None:
    job = planned(work.ledger, 3)
    unit = page_unit(job, 1)
    assert work.ledger.leases.claim(unit, new_attempt("dead"))
    redis.delete("rq:queue:ocrdesk")
    Reaper(work).run()
    assert len(work.ledger.leases.active()) == 1, "its lease lasts"
    advance(redis, LEASE_MS)
    Reaper(work).run()
    assert work.ledger.leases.active() == []
    assert unit.key in pending_units(redis)
    assert len(queued_units(redis)) == 1


def test_a_page_of_a_living_pool_stays_with_it(work: Context) -> None:
    job = planned(work.ledger, 3)
    attempt = new_attempt("alive")
    work.ledger.nodes.heartbeat(NodeInfo("alive", 1, ("tesseract",), ("eng",), "1"))
    assert work.ledger.leases.claim(page_unit(job, 1), attempt)
    Reaper(work).run()
    assert [lease.attempt.id for lease in work.ledger.leases.active()] == [attempt.id]


@pytest.mark.usefixtures("rounds_follow_at_once")
def test_a_unit_that_the_queue_lost_is_queued_again_in_the_second_round(work: Context, redis: Any) -> None:
    job = created(work.ledger)
    redis.delete("rq:queue:ocrdesk")
    rounds = Reaper(work)
    rounds.run()
    assert queued_units(redis) == [], "a worker may be about to claim it"
    rounds.run()
    assert len(queued_units(redis)) == 1
    assert pending_units(redis) == {prepare_unit(job).key}


@pytest.mark.parametrize("queue", ["ocrdesk-webhooks", "ocrdesk-images"])
@pytest.mark.usefixtures("rounds_follow_at_once")
def test_what_a_dead_worker_had_fetched_is_forgotten_in_the_second_round(work: Context, redis: Any, queue: str) -> None:
    redis.rpush(f"rq:queue:{queue}:intermediate", "fetched")
    rounds = Reaper(work)
    rounds.run()
    assert redis.lrange(f"rq:queue:{queue}:intermediate", 0, -1) == ["fetched"], "a worker may be about to begin it"
    rounds.run()
    assert not redis.exists(f"rq:queue:{queue}:intermediate")


@pytest.mark.usefixtures("rounds_follow_at_once")
def test_a_unit_that_waits_in_the_queue_is_not_queued_twice(work: Context, redis: Any) -> None:
    created(work.ledger)
    rounds = Reaper(work)
    for _ in range(3):
        rounds.run()
    assert len(queued_units(redis)) == 1


@pytest.mark.usefixtures("rounds_follow_at_once")
def test_one_process_at_a_time_recovers(work: Context, redis: Any) -> None:
    created(work.ledger)
    redis.delete("rq:queue:ocrdesk")
    rounds, other = Reaper(work), context.make(work.settings, work.engines).ledger.lost_work
    with other.reaper_turn():
        for _ in range(3):
            rounds.run()
        assert queued_units(redis) == []
    other.end_turn()
    for _ in range(2):
        rounds.run()
    assert len(queued_units(redis)) == 1
    with other.reaper_turn() as is_others:
        assert not is_others, "the turn is kept after a round"
    rounds.end()
    with other.reaper_turn() as is_others:
        assert is_others


def test_a_long_queue_is_read_in_some_rounds_only(work: Context, redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "UNITS_PER_ROUND", 10)
    now = 1_000.0
    monkeypatch.setattr(reaper.time, "monotonic", lambda: now)
    planned(work.ledger, 40, inflight_limit=40)
    rounds = Reaper(work)
    reads = []
    for _ in range(9):
        before = calls_of(redis)["lrange"]
        rounds.run()
        reads.append(calls_of(redis)["lrange"] > before)
        now += EVERY_S
    assert reads == [True, *[False] * 3, True, *[False] * 3, True]


def test_workers_that_come_give_places_to_waiting_units_in_every_round(work: Context, redis: Any) -> None:
    work.ledger.shares.repair(1)
    planned(work.ledger, 40, inflight_limit=40)
    before = len(queued_units(redis))
    work.ledger.shares.set_workers(9)
    assert len(queued_units(redis)) == before + 8
