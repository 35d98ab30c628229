"""Reminders are due by Redis' clock, keep what they are about, and are written together with what causes them."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.cleanup import GRACE_S, WRITING_TTL_S, Reminder
from ocrdesk.backend.ledger.ledger import Ledger
from tests.helpers.ledger_jobs import created, finished


@pytest.mark.parametrize(
    ("entry", "job_id", "name", "owner"),
    [
        ("job/page-1-a.txt", "job", "page-1-a.txt", None),
        ("job/", "job", "", None),
        ("job:", "job", "", ""),
        ("job:account-7:of/somebody", "job", "", "account-7:of/somebody"),
    ],
)
def test_an_entry_says_what_it_is_about(entry: str, job_id: str, name: str, owner: str | None) -> None:
    assert Reminder.parse(entry) == Reminder(entry, job_id, name, owner)


def due_in_s(redis: Any, entry: str) -> float:
    return float(redis.zscore(redis_keys.CLEANUP, entry)) - int(redis.time()[0])


def test_blobs_wait_for_the_grace_period_and_are_not_put_off_by_repetition(ledger: Ledger, redis: Any) -> None:
    ledger.cleanup.remove_blobs_later("job", ["a", "b"])
    assert ledger.cleanup.due(10) == []
    assert GRACE_S - 5 < due_in_s(redis, "job/a") <= GRACE_S
    redis.zadd(redis_keys.CLEANUP, {"job/a": 1})
    ledger.cleanup.remove_blobs_later("job", ["a", "b"])
    (due,) = ledger.cleanup.due(10)
    assert (due.job_id, due.name) == ("job", "a")
    ledger.cleanup.done(due)
    assert ledger.cleanup.due(10) == []


def test_the_end_of_a_job_reminds_of_its_expiry_and_a_retry_forgets_that(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    entry = f"{job.job_id}:{job.owner}"
    left = ledger.jobs.remaining_ttl_s(job.job_id)
    assert left
    assert due_in_s(redis, entry) > left
    assert ledger.jobs.retry(job.job_id, inflight_limit=1, lost=["page-1"])
    assert redis.zscore(redis_keys.CLEANUP, entry) is None


def test_a_deletion_reminds_of_the_files_at_once(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    ledger.jobs.delete(job.job_id)
    assert due_in_s(redis, f"{job.job_id}:{job.owner}") <= 1


def test_removing_works_when_redis_has_no_memory_left(ledger: Ledger, redis: Any) -> None:
    redis.config_set("maxmemory", "1")
    try:
        ledger.cleanup.remove_blobs_later("job", ["a"])
        ledger.cleanup.put_off(Reminder.parse("job/a"), 0)
        assert [one.name for one in ledger.cleanup.due(10)] == ["a"]
    finally:
        redis.config_set("maxmemory", "0")


def test_writing_is_known_for_a_while(ledger: Ledger, redis: Any) -> None:
    ledger.cleanup.begin_writing("job")
    assert 0 < redis.ttl(redis_keys.writing("job")) <= WRITING_TTL_S
    assert ledger.stored_jobs.without_record(["job", "other"]) == ["other"]
