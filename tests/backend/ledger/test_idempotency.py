"""Submissions under an Idempotency-Key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.idempotency import IdempotencyConflictError, IdempotencyKey
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import SavedUnit, TaskQueue
from tests.backend.conftest import RESULT_TTL_S
from tests.helpers.ledger_jobs import (
    new_job_record,
    queued_units,
)


def test_a_repeat_under_the_same_key_is_the_same_job(ledger: Ledger, redis: Any) -> None:
    first, second = new_job_record(), new_job_record()
    once = IdempotencyKey("me", "key", "digest")
    assert ledger.jobs.create(first, once) == first.job_id
    assert ledger.jobs.create(second, once) == first.job_id
    assert ledger.jobs.get(second.job_id) is None
    assert queued_units(redis) == [f"{first.job_id}-prepare"]
    assert 86_000 < redis.ttl(once.redis_key) <= 86_400


def test_other_content_under_the_same_key_is_a_conflict(ledger: Ledger) -> None:
    ledger.jobs.create(new_job_record(), IdempotencyKey("me", "key", "digest"))
    with pytest.raises(IdempotencyConflictError):
        ledger.jobs.create(new_job_record(), IdempotencyKey("me", "key", "other"))


def test_two_owners_may_use_the_same_key(ledger: Ledger) -> None:
    mine, yours = new_job_record(), new_job_record("you")
    assert ledger.jobs.create(mine, IdempotencyKey("me", "key", "digest")) == mine.job_id
    assert ledger.jobs.create(yours, IdempotencyKey("you", "key", "other")) == yours.job_id


def test_one_of_two_simultaneous_submissions_is_accepted(make_ledger: Callable[[], Ledger], redis_url: str) -> None:
    other, mine, theirs = make_ledger(), new_job_record(), new_job_record()
    once = IdempotencyKey("me", "key", "digest")

    class SlowQueue(TaskQueue):
        """Lets another submission happen between our read and our write."""

        def save(self, *args: Any, **named: Any) -> SavedUnit:
            if not other.jobs.exists(theirs.job_id):
                other.jobs.create(theirs, once)
            return super().save(*args, **named)

    settings = Settings(redis_url=redis_url)
    ledger = Ledger(
        connect(settings, text=True), SlowQueue(connect(settings, text=False), settings.queue_name), RESULT_TTL_S
    )
    assert ledger.jobs.create(mine, once) == theirs.job_id
    assert ledger.jobs.get(mine.job_id) is None


def test_a_key_of_a_deleted_job_is_free_again(ledger: Ledger, redis: Any) -> None:
    once = IdempotencyKey("me", "key", "digest")
    first, second = new_job_record(), new_job_record()
    ledger.jobs.create(first, once)
    ledger.jobs.delete(first.job_id)
    assert not redis.exists(once.redis_key)
    assert ledger.jobs.create(second, once) == second.job_id


def test_a_key_of_an_expired_job_is_free_again(ledger: Ledger, redis: Any) -> None:
    first, second = new_job_record(), new_job_record()
    ledger.jobs.create(first, IdempotencyKey("me", "key", "digest"))
    redis.delete(redis_keys.job(first.job_id))
    other = IdempotencyKey("me", "key", "other")
    assert ledger.jobs.create(second, other) == second.job_id
    assert ledger.jobs.create(new_job_record(), other) == second.job_id
