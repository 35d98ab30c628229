"""Keys of a wrong type are removed, and jobs are accepted and end although one was there."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.backend import redis_keys
from ocrdesk.backend.damaged_keys import fixed_keys, keys_of_queues, remove_foreign_members, remove_wrong_types, type_of
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.shares import DEFAULT_WORKERS, EXTRA_PLACES
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.redis_key_table import KEYS
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.states import JobState
from tests.helpers.ledger_jobs import created, finished, planned, read, stored


def spoil(redis: Any, key: str) -> None:
    """Put a value of another type there."""
    kind = type_of(key)
    redis.delete(key)
    if kind == "string":
        redis.hset(key, "x", "y")
    else:
        redis.set(key, "x")


def test_a_key_of_a_wrong_type_is_removed_and_a_right_one_stays(redis: Any) -> None:
    spoil(redis, redis_keys.ACTIVE_JOBS)
    redis.hset(redis_keys.METRICS, "x", 1)
    redis.set("ocrdesk:rates:x", "of any type")
    keys = [redis_keys.ACTIVE_JOBS, redis_keys.METRICS, redis_keys.LEASES, "ocrdesk:rates:x"]
    assert remove_wrong_types(redis, keys) == [redis_keys.ACTIVE_JOBS]
    assert sorted(redis.keys()) == sorted([redis_keys.METRICS, "ocrdesk:rates:x"])


def test_the_types_are_those_of_the_table() -> None:
    for described in KEYS:
        key = described.pattern.replace("{", "").replace("*}", "").replace("}", "")
        assert type_of(key) in (described.type, None), key


def test_a_record_of_a_job_is_left_for_its_owner(redis: Any) -> None:
    redis.set(redis_keys.job("x"), "x")
    assert remove_wrong_types(redis, [redis_keys.job("x")]) == []


@pytest.mark.parametrize("key", [*fixed_keys(), "ocrdesk:jobs:me", *keys_of_queues(["ocrdesk"])])
def test_a_job_is_accepted_and_deleted_although_a_key_has_a_wrong_type(ledger: Ledger, redis: Any, key: str) -> None:
    spoil(redis, key)
    with ledger.lost_work.reaper_turn() as is_ours:
        assert is_ours, "no lock of a wrong type keeps the reaper out"
    if key == "ocrdesk:jobs:me":
        assert ledger.job_list.read("me", 10) == ([], None)
        ledger.stored_jobs.scan("", 1000)
    job = finished(ledger)
    assert ledger.job_list.read("me", 10)[0] == [stored(ledger, job)]
    ledger.jobs.delete(job.job_id)
    assert ledger.jobs.get(job.job_id) is None


@pytest.mark.parametrize(
    "key", [redis_keys.ACTIVE_JOBS, redis_keys.PENDING_UNITS, redis_keys.LEASES, redis_keys.PLACES]
)
def test_a_change_is_made_although_the_reaper_has_not_run(ledger: Ledger, redis: Any, key: str) -> None:
    spoil(redis, key)
    job = planned(ledger, 1)
    spoil(redis, key)
    ledger.jobs.cancel(job.job_id)
    assert stored(ledger, job).state is JobState.CANCELLED


@pytest.mark.parametrize("part", ["pages", "waiting", "events", "exports", "password", "webhook"])
def test_a_job_can_be_deleted_although_a_part_of_it_has_a_wrong_type(ledger: Ledger, redis: Any, part: str) -> None:
    job = finished(ledger)
    spoil(redis, f"{redis_keys.job(job.job_id)}:{part}")
    assert len(ledger.pages.of_job(job)) == 1
    ledger.jobs.delete(job.job_id)
    assert redis.keys(f"{redis_keys.job(job.job_id)}*") == []


def test_jobs_that_are_on_no_list_are_put_on_theirs_again(ledger: Ledger, redis: Any) -> None:
    running, done, deleted = created(ledger), finished(ledger), finished(ledger)
    found = ledger.stored_jobs.read([job.job_id for job in (running, done, deleted)])
    ledger.jobs.delete(deleted.job_id)
    redis.delete(redis_keys.owner_jobs("me"), redis_keys.ACTIVE_JOBS)
    ledger.stored_jobs.restore_lists(found)
    assert {job.job_id for job in ledger.job_list.read("me", 10)[0]} == {running.job_id, done.job_id}
    assert redis.zrange(redis_keys.ACTIVE_JOBS, 0, -1) == [running.job_id]


def test_a_page_is_read_although_the_list_of_waiting_pages_has_no_numbers(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 3, inflight_limit=1)
    redis.lpush(redis_keys.waiting_pages(job.job_id), "x", b"\xff", "-4", "")
    for number in (1, 2, 3):
        attempt, committed = read(ledger, job, number, inflight_limit=1)
    assert committed.closes
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert done.pages_done == 3


def test_members_that_are_no_text_are_removed(redis: Any, redis_url: str) -> None:
    redis.hset(redis_keys.PENDING_UNITS, mapping={b"\xff": "x", "good": "x"})
    redis.zadd(redis_keys.ACTIVE_JOBS, {b"\xff": 1, "good": 1})
    redis.sadd(redis_keys.NODES, b"\xff", "good")
    for key in ("rq:queue:ocrdesk", "rq:queue:ocrdesk:intermediate"):
        redis.rpush(key, b"\xff", "good", b"\xff")
    assert remove_foreign_members(connect(Settings(redis_url=redis_url), text=False), ["ocrdesk"]) == 7
    assert redis.lrange("rq:queue:ocrdesk", 0, -1) == redis.lrange("rq:queue:ocrdesk:intermediate", 0, -1) == ["good"]
    assert redis.hkeys(redis_keys.PENDING_UNITS) == redis.zrange(redis_keys.ACTIVE_JOBS, 0, -1) == ["good"]
    assert redis.smembers(redis_keys.NODES) == {"good"}


@pytest.mark.parametrize("value", ["x", "", "nan", "inf", b"\xff", str(2**63 - 1)])
@pytest.mark.parametrize("key", [redis_keys.METRICS, redis_keys.BACKLOG, redis_keys.PLACES_TAKEN, "ocrdesk:usage:me"])
def test_a_job_is_accepted_and_ends_although_sums_are_no_numbers(
    ledger: Ledger, redis: Any, key: str, value: str | bytes
) -> None:
    finished(ledger)
    fields = redis.hkeys(key) or ["me"]
    redis.hset(key, mapping=dict.fromkeys(fields, value))
    job = finished(ledger)
    assert stored(ledger, job).state is JobState.FINISHED
    with ledger.lost_work.reaper_turn():
        ledger.shares.repair(1)
    assert ledger.backlog.load().pages < 10
    assert ledger.backlog.counters() is not None


def test_units_wait_and_follow_although_entries_among_them_cannot_be_read(ledger: Ledger, redis: Any) -> None:
    jobs = [created(ledger) for _ in range(DEFAULT_WORKERS + EXTRA_PLACES + 1)]
    redis.lpush(redis_keys.waiting_units("me"), "x", "[]", "null", '{"a": 1}', '["a", {}, 5]', b"\xff")
    assert len(ledger.lost_work.queued_ids()) >= len(jobs)
    ledger.jobs.delete(jobs[0].job_id)
    assert redis.llen(redis_keys.waiting_units("me")) == 0
    assert redis.llen("rq:queue:ocrdesk") == len(jobs) - 1
