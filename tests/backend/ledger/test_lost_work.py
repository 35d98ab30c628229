"""What nobody works on is found: by leases that are not renewed, on a clock that stands still with everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocrdesk.backend.ledger import clock
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.lost_work import LOCK_TTL_S
from ocrdesk.backend.records import Attempt, JobRecord, NodeInfo
from ocrdesk.backend.redis_keys import LEASE_DEADLINES, LEASES, PENDING_UNITS, REAPER_LOCK
from tests.helpers.lease_clock import advance, stand_still
from tests.helpers.ledger_jobs import created, new_attempt, page_unit, planned, prepare_unit
from tests.helpers.redis_calls import calls_of
from tests.helpers.wait import wait_until


@pytest.fixture
def held(ledger: Ledger) -> tuple[JobRecord, Attempt]:
    """Return a job and the attempt that holds its first page."""
    job, attempt = planned(ledger, 2), new_attempt()
    assert ledger.leases.claim(page_unit(job, 1), attempt)
    return job, attempt


def expired(ledger: Ledger) -> list[str]:
    return [lease.attempt.id for lease in ledger.lost_work.expired()]


def test_a_lease_expires_unless_it_is_renewed(ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]) -> None:
    _, attempt = held
    for _ in range(5):
        advance(redis, clock.LEASE_MS - 1500)
        assert expired(ledger) == []
        assert ledger.leases.renew(attempt.id)
    advance(redis, clock.LEASE_MS + 1)
    assert expired(ledger) == [attempt.id]


def test_no_renewal_goes_beyond_the_limit_of_the_unit(
    ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]
) -> None:
    job, attempt = held
    advance(redis, round(1000 * (60 * job.limits.page_timeout_s + 60)))
    assert ledger.leases.renew(attempt.id)
    assert expired(ledger) == [attempt.id]


def test_an_attempt_that_holds_nothing_renews_nothing(ledger: Ledger, redis: Any) -> None:
    assert not ledger.leases.renew(new_attempt().id)
    assert redis.hgetall(LEASE_DEADLINES) == {}


def test_a_live_pool_does_not_keep_a_unit_whose_attempt_is_over(
    ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]
) -> None:
    """After a rollback of Redis a claim is there whose attempt ended meanwhile."""
    _, attempt = held
    advance(redis, clock.LEASE_MS + 1)
    ledger.nodes.heartbeat(NodeInfo(attempt.node, 1, ("tesseract",), ("eng",), "1"))
    assert expired(ledger) == [attempt.id]


def test_the_clock_stands_still_while_redis_or_all_machines_do(
    ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]
) -> None:
    before = clock.tick(redis)
    stand_still(redis, hours=25)
    assert expired(ledger) == []
    assert clock.tick(redis) - before <= clock.MAX_STEP_MS + 1000


def test_the_clock_does_not_go_back_with_redis_clock(ledger: Ledger, redis: Any) -> None:
    before = clock.tick(redis)
    stand_still(redis, hours=-25)  # or another server took over, whose clock is behind
    assert clock.tick(redis) >= before
    advance(redis, 5)
    assert clock.tick(redis) >= before + 5


def test_leases_of_an_older_version_last_as_long_as_their_pool(
    ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]
) -> None:
    _, attempt = held
    redis.delete(LEASE_DEADLINES)
    ledger.nodes.heartbeat(NodeInfo(attempt.node, 1, ("tesseract",), ("eng",), "0.1.0"))
    assert expired(ledger) == []
    ledger.nodes.remove(attempt.node)
    assert expired(ledger) == [attempt.id]


def test_deadlines_without_a_lease_are_removed(ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]) -> None:
    redis.delete(LEASES)  # an older version ends leases alone
    assert expired(ledger) == []
    assert redis.hgetall(LEASE_DEADLINES) == {}


def test_all_leases_can_be_ended_at_once(ledger: Ledger, held: tuple[JobRecord, Attempt]) -> None:
    _, attempt = held
    ledger.lost_work.expire_all()
    assert expired(ledger) == [attempt.id]


def test_entries_that_cannot_be_read_are_removed(ledger: Ledger, redis: Any, held: tuple[JobRecord, Attempt]) -> None:
    _, attempt = held
    redis.hset(LEASES, "broken", "{")
    redis.hset(PENDING_UNITS, "nothing-at-all", "[]")
    assert [lease.attempt.id for lease in ledger.leases.active()] == [attempt.id]
    assert "nothing-at-all" not in {waiting.unit.key for waiting in ledger.lost_work.pending()}
    assert not redis.hexists(LEASES, "broken")
    assert not redis.hexists(PENDING_UNITS, "nothing-at-all")


def test_units_that_a_worker_fetched_and_never_began_can_be_dropped(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    redis.lmove("rq:queue:ocrdesk", "rq:queue:ocrdesk:intermediate", "LEFT", "RIGHT")
    (rq_id,) = ledger.lost_work.intermediate_ids()
    assert rq_id.startswith(prepare_unit(job).key)
    assert ledger.lost_work.queued_ids() == set()
    ledger.lost_work.drop_intermediate({rq_id})
    assert ledger.lost_work.intermediate_ids() == set()


def test_one_reaper_at_a_time_works(make_ledger: Callable[[], Ledger]) -> None:
    one, two = make_ledger().lost_work, make_ledger().lost_work
    with one.reaper_turn() as is_ones, two.reaper_turn() as is_twos:
        assert is_ones
        assert not is_twos
    with one.reaper_turn() as is_ones, two.reaper_turn() as is_twos:
        assert is_ones, "it keeps the turn from round to round"
        assert not is_twos
    two.end_turn()
    with two.reaper_turn() as is_twos:
        assert not is_twos, "nobody ends the turn of another one"
    one.end_turn()
    with two.reaper_turn() as is_twos:
        assert is_twos


def test_a_turn_ends_when_nobody_renews_it(make_ledger: Callable[[], Ledger], redis: Any) -> None:
    one, two = make_ledger().lost_work, make_ledger().lost_work
    with one.reaper_turn():
        assert 0 < redis.pttl(REAPER_LOCK) <= 1000 * LOCK_TTL_S
    redis.pexpire(REAPER_LOCK, 1)
    wait_until(lambda: not redis.exists(REAPER_LOCK), "the turn has ended")
    with two.reaper_turn() as is_twos:
        assert is_twos


def test_a_reaper_without_the_turn_asks_one_question(make_ledger: Callable[[], Ledger], redis: Any) -> None:
    one, two = make_ledger().lost_work, make_ledger().lost_work
    two.clock_ms()  # it is connected
    with one.reaper_turn():
        before = calls_of(redis)
        with two.reaper_turn():
            asked = calls_of(redis) - before
    assert asked == {"info": 1, "eval": 1, "type": 1, "get": 1, "pttl": 1}, "one script, and what it calls"


def test_a_reaper_whose_lock_expires_in_its_round_goes_on(ledger: Ledger, redis: Any) -> None:
    with ledger.lost_work.reaper_turn():
        redis.delete(REAPER_LOCK)
    with ledger.lost_work.reaper_turn() as is_ours:
        assert is_ours


def test_the_age_of_waiting_work_is_by_redis_clock_alone(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 4e9)  # this machine's clock is far ahead
    created(ledger)
    (waiting,) = ledger.lost_work.pending()
    assert abs(waiting.since - redis.time()[0]) < 60
    assert ledger.backlog.snapshot().oldest_s < 60


def test_records_of_tasks_that_nobody_needs_expire(ledger: Ledger, redis: Any) -> None:
    created(ledger)
    (waiting,) = ledger.lost_work.pending()
    redis.hset("rq:job:left", "status", "started")
    redis.hset("rq:job:running", "status", "started")
    redis.expire("rq:job:running", 7200)
    ledger.lost_work.expire_left_records()
    assert 0 < redis.ttl("rq:job:left") <= 3600
    assert redis.ttl("rq:job:running") > 3600
    assert redis.ttl(f"rq:job:{waiting.rq_id}") == -1


def test_a_lock_without_an_end_keeps_no_reaper_out(ledger: Ledger, redis: Any) -> None:
    redis.set(REAPER_LOCK, "of nobody")
    with ledger.lost_work.reaper_turn() as is_ours:
        assert is_ours
