"""Retrying jobs that have ended."""

from __future__ import annotations

from typing import Any

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import (
    INFLIGHT_LIMIT,
    created,
    finished,
    new_attempt,
    planned,
    prepare_unit,
    queued_units,
    read,
)


def ended(ledger: Ledger, states: list[PageState]) -> JobRecord:
    """Return a job that has ended, with these states of its pages."""
    job = planned(ledger, len(states), inflight_limit=len(states))
    for number, state in enumerate(states, 1):
        attempt, _ = read(ledger, job, number, state, inflight_limit=len(states))
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    return done


def test_a_retry_reads_only_the_pages_that_were_not_read(ledger: Ledger, redis: Any) -> None:
    job = ended(ledger, [PageState.FINISHED, PageState.FAILED, PageState.TIMEOUT])
    redis.delete("rq:queue:ocrdesk")
    again = ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT)
    assert again is not None
    assert (again.state, again.pages_done, again.pages_failed, again.ended_at) == (JobState.STARTED, 1, 0, None)
    assert queued_units(redis) == [f"{job.job_id}-2", f"{job.job_id}-3"]
    assert [page.state for page in ledger.pages.of_job(again)] == [
        PageState.FINISHED,
        PageState.QUEUED,
        PageState.QUEUED,
    ]
    for number in (2, 3):
        attempt, committed = read(ledger, again, number)
    assert committed.closes
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done, done.error, done.revision) == (JobState.FINISHED, 3, None, 1)


def test_a_retried_job_does_not_expire_before_its_new_end(ledger: Ledger, redis: Any) -> None:
    job = ended(ledger, [PageState.FINISHED, PageState.FAILED])
    ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert redis.ttl(key) == -1, key


def test_a_retry_respects_the_in_flight_limit(ledger: Ledger, redis: Any) -> None:
    job = ended(ledger, [PageState.FAILED] * 5)
    redis.delete("rq:queue:ocrdesk")
    again = ledger.jobs.retry(job.job_id, inflight_limit=2)
    assert again is not None
    assert again.inflight == 2
    assert queued_units(redis) == [f"{job.job_id}-1", f"{job.job_id}-2"]
    read(ledger, again, 1, inflight_limit=2)
    assert queued_units(redis) == [f"{job.job_id}-1", f"{job.job_id}-2", f"{job.job_id}-3"]


def test_a_job_without_a_bad_page_is_not_retried(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger, 2)
    redis.delete("rq:queue:ocrdesk")
    assert ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT) == job
    assert queued_units(redis) == []


def test_a_job_that_has_not_ended_is_not_retried_and_an_unknown_one_is_none(ledger: Ledger) -> None:
    job = planned(ledger, 3)
    assert ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT) == job
    assert ledger.jobs.retry("nobody", inflight_limit=INFLIGHT_LIMIT) is None


def test_a_job_that_could_not_be_opened_is_opened_again(ledger: Ledger, redis: Any) -> None:
    job, attempt = created(ledger), new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    ledger.jobs.fail(job.job_id, attempt.id, ErrorInfo(code=ErrorCode.UNKNOWN_LANGUAGE, message="No."))
    redis.delete("rq:queue:ocrdesk")
    again = ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT)
    assert again is not None
    assert (again.state, again.error, again.deaths) == (JobState.QUEUED, None, 0)
    assert queued_units(redis) == [f"{job.job_id}-prepare"]
    assert ledger.leases.claim(prepare_unit(job), new_attempt())


def test_a_cancelled_job_can_be_retried_and_its_old_attempt_is_refused(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    old = new_attempt()
    assert ledger.leases.claim(Unit(job.job_id, UnitKind.PAGE, 1), old)
    ledger.jobs.cancel(job.job_id)
    again = ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT)
    assert again is not None
    assert again.state is JobState.STARTED
    assert (
        ledger.pages.commit(job.job_id, 1, old.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="old")
        is None
    )
    ledger.leases.release(old.id, ReleaseReason.HANDED_BACK, inflight_limit=INFLIGHT_LIMIT)
    assert read(ledger, again, 1)[1].job.pages_done == 1
    assert ledger.leases.active() == []


def test_the_events_of_a_retry_follow_those_of_the_first_end(ledger: Ledger) -> None:
    job = ended(ledger, [PageState.FINISHED, PageState.FAILED])
    ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT)
    states = [event.status.value for event in ledger.jobs.events(job.job_id) if event.type is EventType.JOB]
    assert states == ["queued", "started", "started", "finished", "started"]


def test_tasks_left_of_the_cancelled_run_do_not_take_pages_that_wait_for_their_turn(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 4, inflight_limit=3)
    late = new_attempt()
    redis.lpop("rq:queue:ocrdesk")  # the preparation
    redis.rpop("rq:queue:ocrdesk")  # a worker fetches the task of page 3, and begins it later
    ledger.jobs.cancel(job.job_id)
    again = ledger.jobs.retry(job.job_id, inflight_limit=1)
    assert again is not None
    assert queued_units(redis) == [f"{job.job_id}-1"]
    assert ledger.leases.claim(Unit(job.job_id, UnitKind.PAGE, 3), late) is None
    for number in range(1, 5):
        _, committed = read(ledger, again, number, inflight_limit=1)
        assert committed.job.inflight == (number < 4)
    assert committed.closes
