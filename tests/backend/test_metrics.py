"""Counters in Redis: each event counts once, and counts of other releases are kept."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.metrics import PAGE_BOUNDS_S, count_page, counters_from
from ocrdesk.backend.records import PageStats, ReleaseReason
from ocrdesk.backend.redis_keys import METRICS
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState
from tests.helpers import ledger_jobs as made


def test_a_commit_that_comes_twice_counts_once(ledger: Ledger) -> None:
    job = made.planned(ledger, 2)
    attempt = made.new_attempt()
    ledger.leases.claim(made.page_unit(job, 1), attempt)
    for _ in range(2):
        ledger.pages.commit(
            job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=4, blob="b", stats=PageStats("tesseract", 3)
        )
    ledger.pages.commit(job.job_id, 1, "another attempt", PageState.FINISHED, inflight_limit=4, blob="b")
    assert ledger.backlog.counters().pages == {("finished", "tesseract"): 1}


def test_a_page_given_up_counts_as_failed(ledger: Ledger) -> None:
    job = made.planned(ledger, 2)
    for _ in range(2):
        attempt = made.new_attempt()
        ledger.leases.claim(made.page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=4)
    assert ledger.backlog.counters().pages == {("failed", "none"): 1}


def test_a_job_deleted_before_its_end_counts_as_cancelled_and_one_after_does_not_count_again(ledger: Ledger) -> None:
    ledger.jobs.delete(made.created(ledger).job_id)
    ledger.jobs.delete(made.finished(ledger).job_id)
    ledger.jobs.delete("unknown")
    assert ledger.backlog.counters().jobs == {JobState.FINISHED: 1, JobState.FAILED: 0, JobState.CANCELLED: 1}


def test_a_retried_job_counts_as_retried_and_ends_again(ledger: Ledger) -> None:
    job = made.created(ledger)
    ledger.jobs.cancel(job.job_id)
    ledger.jobs.retry(job.job_id, inflight_limit=4)
    ledger.jobs.cancel(job.job_id)
    counters = ledger.backlog.counters()
    assert (counters.submitted, counters.retried, counters.jobs[JobState.CANCELLED]) == (1, 1, 2)


def test_counts_of_another_releases_buckets_are_kept(ledger: Ledger, redis: Any) -> None:
    redis.hset(METRICS, mapping={"page_s:tesseract:3": 2, "page_s:tesseract:inf": 1, "page_s:tesseract:500": 1})
    counts = ledger.backlog.counters().page_seconds["tesseract"].counts
    assert sum(counts) == 4
    assert counts[-1] == 2


@pytest.mark.parametrize(
    ("seconds", "bound"), [(0.0, 0.01), (0.01, 0.01), (0.011, 0.025), (7.5, 10.0), (1e6, float("inf")), (-3.0, 0.01)]
)
def test_the_seconds_of_a_page_are_counted_in_the_bucket_that_they_fit_in(
    redis: Any, seconds: float, bound: float
) -> None:
    count_page(redis, "rapid", PageState.FINISHED, seconds)
    counted = counters_from(redis.hgetall(METRICS)).page_seconds["rapid"]
    assert counted.counts == [int(one == bound) for one in PAGE_BOUNDS_S]
    assert counted.total_s == pytest.approx(max(0.0, seconds))


def test_a_page_without_an_engine_or_times_counts_without_seconds(redis: Any) -> None:
    count_page(redis, None, PageState.TIMEOUT, None)
    counters = counters_from(redis.hgetall(METRICS))
    assert counters.pages == {("timeout", "none"): 1}
    assert counters.page_seconds == {}


def test_failures_are_counted_by_what_failed_and_lost_attempts_by_how_they_ended(ledger: Ledger) -> None:
    job = made.planned(ledger, 2)
    made.read(ledger, job, 2, PageState.FAILED)
    for _ in range(2):
        attempt = made.new_attempt()
        ledger.leases.claim(made.page_unit(job, 1), attempt)
        ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=4)
    closing = made.new_attempt()
    ledger.leases.claim(made.close_unit(job), closing)
    ledger.leases.release(closing.id, ReleaseReason.LOST, inflight_limit=4)
    handed_back = made.new_attempt()
    ledger.leases.claim(made.close_unit(job), handed_back)
    ledger.leases.release(handed_back.id, ReleaseReason.HANDED_BACK, inflight_limit=4)
    unreadable, attempt = made.created(ledger), made.new_attempt()
    ledger.leases.claim(made.prepare_unit(unreadable), attempt)
    ledger.jobs.fail(unreadable.job_id, attempt.id, ErrorInfo(code=ErrorCode.OUT_OF_MEMORY, message="Too large."))
    counters = ledger.backlog.counters()
    assert {what: count for what, count in counters.failures.items() if count} == {
        ("page", "crashed"): 1,
        ("page", made.BAD_PAGE.code): 1,
        ("file", "out_of_memory"): 1,
    }
    assert counters.lost_attempts == {"died": 2, "lost": 1}


def test_without_counts_every_outcome_of_a_job_is_zero() -> None:
    counters = counters_from({})
    assert (counters.submitted, counters.retried, counters.pages) == (0, 0, {})
    assert counters.jobs == {JobState.FINISHED: 0, JobState.FAILED: 0, JobState.CANCELLED: 0}
