"""Transactions: all writes or none, again after a conflict, and actions only after success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.shares import Priority
from ocrdesk.backend.ledger.transaction import Transaction, Transactions
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue
from tests.helpers.ledger_jobs import created, page_unit, pending_units, planned, queued_units


@pytest.fixture
def transactions(redis_url: str) -> Transactions:
    settings = Settings(redis_url=redis_url)
    return Transactions(connect(settings, text=True), TaskQueue(connect(settings, text=False), settings.queue_name))


def test_a_change_is_repeated_after_a_conflict(transactions: Transactions, redis: Any) -> None:
    seen, done = [], []

    def change(transaction: Transaction) -> int:
        value = int(transaction.pipe.get("number") or 0)
        seen.append(value)
        if len(seen) < 3:
            redis.incr("number")
        transaction.multi()
        transaction.pipe.set("number", value + 10)
        transaction.after_commit.append(lambda: done.append(value))
        return value

    assert transactions.run(change, ["number"]) == 2
    assert seen == [0, 1, 2]
    assert redis.get("number") == "12"
    assert done == [2], "actions of attempts that failed must not run"


def test_an_exception_leaves_no_write_and_runs_no_action(transactions: Transactions, redis: Any) -> None:
    done: list[str] = []

    def change(transaction: Transaction) -> None:
        transaction.multi()
        transaction.pipe.set("key", "value")
        transaction.after_commit.append(lambda: done.append("action"))
        raise KeyError

    with pytest.raises(KeyError):
        transactions.run(change, [])
    assert redis.keys("*") == []
    assert done == []


def test_a_change_that_only_reads_writes_nothing(transactions: Transactions, redis: Any) -> None:
    redis.set("key", "value")
    assert transactions.run(lambda transaction: transaction.pipe.get("key"), ["key"]) == "value"
    assert redis.keys("*") == ["key"]


@pytest.mark.parametrize(
    "key", [redis_keys.job, redis_keys.job_pages, redis_keys.waiting_pages, redis_keys.job_exports]
)
def test_a_change_of_a_job_notices_writes_to_each_of_its_keys(
    transactions: Transactions, redis: Any, key: Callable[[str], str]
) -> None:
    attempts = []

    def change(transaction: Transaction) -> None:
        attempts.append(1)
        transaction.read_job("job")
        if len(attempts) == 1:
            with redis.pipeline() as pipe:
                pipe.delete(key("job"))
                pipe.set(key("job"), "changed")
                pipe.execute()
                redis.delete(key("job"))
        transaction.multi()
        transaction.pipe.set("done", len(attempts))

    transactions.run_on_job(change, "job")
    assert redis.get("done") == "2"


def test_a_pushed_unit_is_pending_under_its_rq_id_until_it_is_removed(
    transactions: Transactions, ledger: Ledger, redis: Any
) -> None:
    job = planned(ledger, 2, inflight_limit=0)
    unit = page_unit(job, 2)

    def push(transaction: Transaction) -> None:
        transaction.multi()
        transaction.push(unit, job, priority=Priority.RECOVERED)

    transactions.run_on_job(push, job.job_id)
    assert queued_units(redis)[0] == unit.key
    rq_ids = transactions.run_on_job(lambda transaction: transaction.read_rq_ids([page_unit(job, 1), unit]), job.job_id)
    assert rq_ids == redis.lrange("rq:queue:ocrdesk", 0, 0)

    def remove(transaction: Transaction) -> None:
        transaction.multi()
        transaction.remove_pending(unit)

    transactions.run_on_job(remove, job.job_id)
    assert pending_units(redis) == set()


def test_keys_written_after_a_jobs_end_expire_with_its_record(
    transactions: Transactions, ledger: Ledger, redis: Any
) -> None:
    job = created(ledger)
    redis.expire(redis_keys.job(job.job_id), 100)

    def write(transaction: Transaction) -> None:
        transaction.multi()
        transaction.pipe.hset(redis_keys.job_pages(job.job_id), "1", "{}")
        transaction.expire_with_job(job.job_id)

    transactions.run_on_job(write, job.job_id)
    assert 0 < redis.ttl(redis_keys.job_pages(job.job_id)) <= 100
