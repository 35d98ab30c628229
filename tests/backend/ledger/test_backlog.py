"""Waiting work and processing rates."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger import backlog, codec
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, NodeInfo
from ocrdesk.backend.redis_connection import redis_time_ms
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import (
    INFLIGHT_LIMIT,
    created,
    finished,
    new_attempt,
    page_unit,
    planned,
    read,
)
from tests.helpers.redis_calls import calls_of


def node(name: str) -> NodeInfo:
    return NodeInfo(name, 2, ("tesseract",), ("eng", "deu"), "1.0")


def waiting_pages(ledger: Ledger) -> tuple[int, int, int]:
    load = ledger.backlog.load()
    return load.jobs, load.pages, load.size_bytes


def test_the_backlog_counts_jobs_that_have_not_ended(ledger: Ledger) -> None:
    assert waiting_pages(ledger) == (0, 0, 0)
    one = created(ledger)
    assert waiting_pages(ledger) == (1, 1, 1234)
    many = planned(ledger, 5)
    assert waiting_pages(ledger) == (2, 6, 2468)
    read(ledger, many, 1)
    read(ledger, many, 2, PageState.FAILED)
    assert waiting_pages(ledger) == (2, 4, 2468)
    ledger.jobs.cancel(many.job_id)
    assert waiting_pages(ledger) == (1, 1, 1234)
    ledger.jobs.retry(many.job_id, inflight_limit=INFLIGHT_LIMIT)
    assert waiting_pages(ledger) == (2, 5, 2468)
    ledger.jobs.delete(many.job_id)
    ledger.jobs.delete(one.job_id)
    assert waiting_pages(ledger) == (0, 0, 0)
    finished(ledger, 3)
    assert waiting_pages(ledger) == (0, 0, 0)


def test_open_work_has_also_what_is_not_queued_yet(ledger: Ledger) -> None:
    job = planned(ledger, 3 * INFLIGHT_LIMIT)
    created(ledger, "you")
    done = finished(ledger, 1)
    ledger.exports.request(done.job_id, "pdf", 60)
    ledger.leases.claim(page_unit(job, 1), new_attempt())
    found = ledger.backlog.snapshot()
    assert (found.pages_waiting, found.exports_waiting, found.units_running) == (3 * INFLIGHT_LIMIT, 1, 1)
    assert found.open_units == 3 * INFLIGHT_LIMIT + 2 > found.units_waiting + found.units_running


def test_the_numbers_for_metrics_cost_the_same_with_thousands_of_waiting_units(ledger: Ledger, redis: Any) -> None:
    done = finished(ledger, 1)
    ledger.exports.request(done.job_id, "pdf", 60)
    planned(ledger, 10, inflight_limit=10)
    few = snapshot_cost(ledger, redis)
    planned(ledger, 5_000, inflight_limit=5_000)
    many = snapshot_cost(ledger, redis)
    assert many[0] == few[0], "commands, also those of scripts"
    assert many[1] < few[1] + 100, "bytes of answers"
    found = ledger.backlog.snapshot()
    assert (found.exports_waiting, found.pages_waiting) == (1, 5_010)


def snapshot_cost(ledger: Ledger, redis: Any) -> tuple[Any, int]:
    """Return the commands of a snapshot by name, and the bytes of their answers."""
    before, sent = calls_of(redis), int(redis.info("stats")["total_net_output_bytes"])
    ledger.backlog.snapshot()
    sent = int(redis.info("stats")["total_net_output_bytes"]) - sent
    return calls_of(redis) - before, sent


def test_what_waits_is_sorted_again_from_the_units(ledger: Ledger, redis: Any) -> None:
    """A worker of an older version neither adds nor removes there."""
    done = finished(ledger, 1)
    ledger.exports.request(done.job_id, "pdf", 60)
    planned(ledger, 3)
    since = redis.zrange(redis_keys.PENDING_SINCE, 0, -1, withscores=True)
    exports = redis.zrange(redis_keys.PENDING_EXPORTS, 0, -1, withscores=True)
    redis.delete(redis_keys.PENDING_SINCE, redis_keys.PENDING_EXPORTS)
    redis.zadd(redis_keys.PENDING_SINCE, {"gone-1": 1})
    redis.zadd(redis_keys.PENDING_EXPORTS, {"gone-export_pdf": 1})
    assert ledger.backlog.snapshot().oldest_s == 0
    ledger.backlog.recount()
    assert redis.zrange(redis_keys.PENDING_SINCE, 0, -1, withscores=True) == since
    assert redis.zrange(redis_keys.PENDING_EXPORTS, 0, -1, withscores=True) == exports


def test_due_webhooks_and_the_clocks_are_seen(ledger: Ledger, redis: Any) -> None:
    assert (ledger.backlog.snapshot().webhooks_pending, ledger.backlog.snapshot().webhook_overdue_s) == (0, 0)
    now_ms = redis_time_ms(redis)
    redis.zadd("ocrdesk:webhooks:due", {"later": now_ms + 60_000})
    assert ledger.backlog.snapshot().webhook_overdue_s == 0
    redis.zadd("ocrdesk:webhooks:due", {"late": now_ms - 120_000})
    found = ledger.backlog.snapshot()
    assert found.webhooks_pending == 2
    assert found.webhook_overdue_s >= 120
    assert abs(found.clock_offset_s) < 5  # the same machine


def test_recounting_corrects_the_sums(ledger: Ledger, redis: Any) -> None:
    planned(ledger, 5)
    redis.hset("ocrdesk:backlog", mapping={"pages": 99, "bytes": 1})
    redis.zadd("ocrdesk:active", {"long-gone": 1})
    ledger.backlog.recount()
    assert waiting_pages(ledger) == (1, 5, 1234)


def test_recounting_looks_at_some_jobs_and_units_at_a_time(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "_STEP", 10)
    for _ in range(25):
        created(ledger)
    redis.delete(redis_keys.PENDING_SINCE)
    redis.hset("ocrdesk:backlog", mapping={"pages": 99, "bytes": 1})
    before = calls_of(redis)
    ledger.backlog.recount()
    calls = calls_of(redis) - before
    assert waiting_pages(ledger) == (25, 25, 25 * 1234)
    assert calls["eval"] == 3 + 3 + 1, "units to sort, jobs to count, and what sets the sums"
    assert (calls["hgetall"], calls["hmget"]) == (25, 25 + 1 + 3), "the sums are read at first and with each step"


@pytest.mark.parametrize("step", [3, 1_000])
def test_sums_are_corrected_while_jobs_come_and_go(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """A job begins, a page ends or a job ends before each step: at once all but that, and all in a quiet moment."""
    waiting = [planned(ledger, 5) for _ in range(10)]
    monkeypatch.setattr(backlog, "_STEP", step)
    redis.hincrby("ocrdesk:backlog", "pages", 99_999)
    redis.hincrby("ocrdesk:backlog", "bytes", -5_000_000)
    monkeypatch.setattr(backlog, "_steps", busy := _Busy(ledger, waiting))
    ledger.backlog.recount()
    assert busy.changes >= 5
    pages, size_bytes = left(redis)
    assert abs(waiting_pages(ledger)[1] - pages) <= 5 * busy.changes
    assert abs(waiting_pages(ledger)[2] - size_bytes) <= 1234 * busy.changes
    monkeypatch.undo()
    ledger.backlog.recount()
    assert waiting_pages(ledger)[1:] == left(redis)


def test_right_sums_stay_right_while_jobs_come_and_go(
    ledger: Ledger, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [planned(ledger, 5) for _ in range(10)]
    monkeypatch.setattr(backlog, "_STEP", 3)
    monkeypatch.setattr(backlog, "_steps", busy := _Busy(ledger, waiting))
    for _ in range(3):
        ledger.backlog.recount()
        assert waiting_pages(ledger)[1:] == left(redis)
    assert busy.changes > 20


def left(redis: Any) -> tuple[int, int]:
    """Return the pages and bytes that the records of all active jobs say are left."""
    jobs = codec.read_jobs(redis, redis.zrange(redis_keys.ACTIVE_JOBS, 0, -1))
    return sum(job.pages_left for job in jobs if job), sum(job.size_bytes for job in jobs if job)


class _Busy:
    """Yields the steps, with one change of the jobs before each and after the last."""

    def __init__(self, ledger: Ledger, waiting: list[JobRecord]) -> None:
        self._ledger, self._waiting, self._steps = ledger, waiting, backlog._steps
        self.changes = 0

    def __call__(self, items: Sequence[str]) -> Iterator[Sequence[str]]:
        for some in self._steps(items):
            self._change()
            yield some
        self._change()

    def _change(self) -> None:
        self.changes += 1
        if self.changes % 3 == 0 or not self._waiting:
            created(self._ledger)
        elif self.changes % 3 == 1:
            read(self._ledger, self._waiting.pop(), 1)
        else:
            self._ledger.jobs.cancel(self._waiting.pop().job_id)


@pytest.mark.parametrize("damage", [{"state": "none"}, {"page_count": "many", "options": "{"}, {"size_bytes": "x"}])
def test_a_job_that_cannot_be_read_is_not_counted(ledger: Ledger, redis: Any, damage: dict[str, str]) -> None:
    job = planned(ledger, 5)
    planned(ledger, 2)
    redis.hset(redis_keys.job(job.job_id), mapping=damage)
    redis.hset("ocrdesk:backlog", "pages", 99)
    ledger.backlog.recount()
    assert waiting_pages(ledger) == (1, 2, 1234)


def test_the_rate_follows_the_pages_and_the_workers(ledger: Ledger, redis: Any) -> None:
    before = ledger.backlog.load().pages_per_s
    ledger.nodes.heartbeat(NodeInfo("a", 8, ("tesseract",), ("eng",), "1.0"))
    assert ledger.backlog.load().pages_per_s == pytest.approx(8 * before)
    finished(ledger, 3)
    (key,) = redis.keys("ocrdesk:drain:*")
    redis.hset(key, mapping={"pages": 4, "seconds": 1})
    assert ledger.backlog.load().pages_per_s == pytest.approx(32)
    assert redis.ttl(key) > 0


def test_the_backlog_counts_pages_in_the_queue_and_those_that_wait_for_a_place(ledger: Ledger) -> None:
    job = planned(ledger, 10, inflight_limit=4)
    created(ledger)
    found = ledger.backlog.snapshot()
    assert (found.jobs, found.pages_waiting, found.units_running) == (2, 11, 0)  # the unopened file is one
    assert found.size_bytes == 2 * job.size_bytes
    assert found.units_waiting >= 5
    assert found.oldest_s >= 0
    ledger.leases.claim(page_unit(job, 1), new_attempt())
    found = ledger.backlog.snapshot()
    assert (found.pages_waiting, found.units_running) == (10, 1)
    ledger.jobs.cancel(job.job_id)
    assert ledger.backlog.snapshot().pages_waiting <= 1
    assert ledger.backlog.counters().jobs[JobState.CANCELLED] == 1


def test_jobs_exports_and_due_webhooks_wait_for_a_worker(ledger: Ledger, redis: Any) -> None:
    assert ledger.backlog.waiting_work() is None
    done = finished(ledger, 1)
    assert ledger.backlog.waiting_work() is None
    redis.zadd("ocrdesk:webhooks:due", {"later": round(1000 * time.time()) + 600_000})
    assert ledger.backlog.waiting_work() is None
    before = time.time()
    ledger.exports.request(done.job_id, "pdf", 10)
    exported = ledger.backlog.waiting_work()
    assert exported is not None
    assert exported.jobs == 1
    assert before - 1 <= exported.since <= time.time() + 1
    redis.zadd("ocrdesk:webhooks:due", {"notified": 1_000_000})
    waiting = ledger.backlog.waiting_work()
    assert waiting is not None
    assert (waiting.jobs, waiting.since) == (2, 1000)


def test_a_job_waits_from_its_submission_until_its_end(ledger: Ledger) -> None:
    before = time.time()
    job = planned(ledger, 2)
    waiting = ledger.backlog.waiting_work()
    assert waiting is not None
    assert waiting.jobs == 1
    assert before - 1 <= waiting.since <= waiting.now <= time.time() + 1
    ledger.jobs.cancel(job.job_id)
    assert ledger.backlog.waiting_work() is None
