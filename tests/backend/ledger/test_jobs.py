"""A job's life: creation, end, deletion and events."""

from __future__ import annotations

from typing import Any

import pytest
from redis.exceptions import ResponseError

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState, PageState
from tests.backend.conftest import RESULT_TTL_S
from tests.helpers.ledger_jobs import (
    BAD_PAGE,
    INFLIGHT_LIMIT,
    created,
    finished,
    new_attempt,
    new_job_record,
    page_unit,
    pending_units,
    planned,
    prepare_unit,
    queued_units,
    read,
    stored,
)

FAULT = ErrorInfo(code=ErrorCode.ENCRYPTED_PDF, message="It has a password.")
LIMIT_S = 60.0


def test_a_created_job_is_read_back_as_it_was(ledger: Ledger) -> None:
    job = new_job_record()
    ledger.jobs.create(job)
    assert ledger.jobs.get(job.job_id) == job
    assert ledger.jobs.state(job.job_id) is JobState.QUEUED
    assert ledger.jobs.exists(job.job_id)


def test_an_unknown_job_is_none(ledger: Ledger) -> None:
    assert ledger.jobs.get("nobody") is None
    assert ledger.jobs.state("nobody") is None
    assert not ledger.jobs.exists("nobody")


def test_creating_writes_record_queue_and_event(ledger: Ledger, redis: Any) -> None:
    job = created(ledger)
    assert queued_units(redis) == [f"{job.job_id}-prepare"]
    assert pending_units(redis) == {f"{job.job_id}-prepare"}
    assert [event.status for event in ledger.jobs.events(job.job_id)] == [JobState.QUEUED]
    assert [found.job_id for found in ledger.job_list.read("me", 10)[0]] == [job.job_id]


def test_creating_is_all_or_nothing(ledger: Ledger, redis: Any) -> None:
    redis.config_set("maxmemory", "1")  # from now on every write is refused
    try:
        with pytest.raises(ResponseError):
            ledger.jobs.create(new_job_record())
    finally:
        redis.config_set("maxmemory", "0")
    assert [key for key in redis.keys("*") if "node" not in key] == []


def test_a_job_with_one_finished_page_finishes_and_names_the_others(ledger: Ledger) -> None:
    job = planned(ledger, 3)
    read(ledger, job, 1, PageState.FAILED)
    read(ledger, job, 2)
    attempt, _ = read(ledger, job, 3, PageState.TIMEOUT)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 1, 2)
    assert done.error is not None
    assert done.error.message == f"Pages 1, 3 of 3 could not be read. {BAD_PAGE.message}"
    assert done.ended_at is not None


def test_a_job_without_a_finished_page_fails(ledger: Ledger) -> None:
    job = planned(ledger, 1)
    attempt, _ = read(ledger, job, 1, PageState.FAILED)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.error) == (JobState.FAILED, BAD_PAGE)


def test_many_bad_pages_are_named_shortly(ledger: Ledger) -> None:
    job = planned(ledger, 15, inflight_limit=15)
    for number in range(1, 15):
        read(ledger, job, number, PageState.FAILED)
    attempt, _ = read(ledger, job, 15)
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    assert done.error is not None
    assert done.error.message.startswith("Pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … of 15 could not be read.")


def test_only_the_holder_of_the_closing_finishes_a_job(ledger: Ledger) -> None:
    job = planned(ledger, 1)
    read(ledger, job, 1)
    assert ledger.jobs.finish(job.job_id, "a stranger") is None
    assert stored(ledger, job).state is JobState.STARTED


def test_a_job_is_not_finished_before_its_last_page(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt, _ = read(ledger, job, 1)
    assert ledger.jobs.finish(job.job_id, attempt.id) is None
    assert stored(ledger, job).state is JobState.STARTED


def test_finishing_twice_changes_nothing(ledger: Ledger) -> None:
    job = finished(ledger)
    events = ledger.jobs.events(job.job_id)
    assert ledger.jobs.finish(job.job_id, "again") is None
    assert stored(ledger, job) == job
    assert ledger.jobs.events(job.job_id) == events


def test_a_file_that_cannot_be_opened_fails_its_job(ledger: Ledger) -> None:
    job = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(job), attempt)
    assert ledger.jobs.fail(job.job_id, "a stranger", FAULT) is None
    failed = ledger.jobs.fail(job.job_id, attempt.id, FAULT)
    assert failed is not None
    assert (failed.state, failed.error) == (JobState.FAILED, FAULT)
    assert ledger.leases.active() == []


def test_a_cancelled_job_has_ended_and_accepts_no_writes(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    attempt = new_attempt()
    ledger.leases.claim(page_unit(job, 1), attempt)
    cancelled = ledger.jobs.cancel(job.job_id)
    assert cancelled is not None
    assert cancelled.state is JobState.CANCELLED
    assert (
        ledger.pages.commit(job.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=INFLIGHT_LIMIT, blob="b")
        is None
    )
    assert ledger.jobs.finish(job.job_id, attempt.id) is None
    assert ledger.jobs.fail(job.job_id, attempt.id, FAULT) is None
    assert stored(ledger, job).state is JobState.CANCELLED


def test_cancelling_a_job_that_has_ended_changes_nothing(ledger: Ledger) -> None:
    job = finished(ledger)
    assert ledger.jobs.cancel(job.job_id) == job
    assert stored(ledger, job) == job
    assert ledger.jobs.cancel("nobody") is None


def test_every_end_sets_the_ttl_of_all_remaining_keys(ledger: Ledger, redis: Any) -> None:
    done = finished(ledger, 2)
    cancelled = planned(ledger, 9)
    read(ledger, cancelled, 1)
    ledger.jobs.cancel(cancelled.job_id)
    failed = created(ledger)
    attempt = new_attempt()
    ledger.leases.claim(prepare_unit(failed), attempt)
    ledger.jobs.fail(failed.job_id, attempt.id, FAULT)
    for job in (done, cancelled, failed):
        keys = redis.keys(f"ocrdesk:job:{job.job_id}*")
        assert f"ocrdesk:job:{job.job_id}" in keys
        assert f"ocrdesk:job:{job.job_id}:waiting" not in keys
        for key in keys:
            assert 0 < redis.ttl(key) <= RESULT_TTL_S, key


def test_a_job_that_has_not_ended_never_expires(ledger: Ledger, redis: Any) -> None:
    job = planned(ledger, 9)
    read(ledger, job, 1)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert redis.ttl(key) == -1, key


def test_a_deleted_job_leaves_no_key(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger, 2)
    ledger.jobs.delete(job.job_id)
    assert [key for key in redis.keys("*") if job.job_id in key and not key.startswith("rq:")] == []
    assert job.job_id not in redis.zrange("ocrdesk:jobs:me", 0, -1)
    assert ledger.jobs.get(job.job_id) is None


def test_deleting_an_unknown_job_is_harmless(ledger: Ledger, redis: Any) -> None:
    ledger.jobs.delete("nobody")
    assert redis.keys("*") == []


def test_deleting_a_job_deletes_its_queued_work(ledger: Ledger, redis: Any) -> None:
    job, other = planned(ledger, 3), finished(ledger)
    ledger.exports.request(other.job_id, "pdf", LIMIT_S)
    ledger.jobs.delete(job.job_id)
    ledger.jobs.delete(other.job_id)
    taken = {f"{job.job_id}-prepare", f"{other.job_id}-prepare", f"{other.job_id}-1"}  # RQ's worker removes those
    left = [key for key in redis.keys("*") if job.job_id in key or other.job_id in key]
    assert {key.removeprefix("rq:job:").rpartition("-")[0] for key in left} == taken
    assert redis.hkeys("ocrdesk:pending") == []


def test_a_jobs_events_describe_its_life_in_order(ledger: Ledger) -> None:
    job = finished(ledger, 2)
    events = ledger.jobs.events(job.job_id)
    assert [
        (event.type.value, event.status.value, event.page_count, event.pages_done, event.page) for event in events
    ] == [
        ("job", "queued", None, 0, None),
        ("job", "started", None, 0, None),
        ("job", "started", 2, 0, None),
        ("page", "started", 2, 1, 1),
        ("page", "started", 2, 2, 2),
        ("job", "finished", 2, 2, None),
    ]
    ids = [tuple(map(int, event.id.split("-"))) for event in events]
    assert ids == sorted(set(ids))


def test_events_can_be_resumed_after_any_of_them_without_loss_or_repeat(ledger: Ledger) -> None:
    job = finished(ledger, 4)
    events = ledger.jobs.events(job.job_id)
    for index, event in enumerate(events):
        assert ledger.jobs.events(job.job_id, event.id) == events[index + 1 :]


def test_events_can_be_read_in_portions(ledger: Ledger) -> None:
    job = finished(ledger, 5)
    seen, last = [], "0"
    while portion := ledger.jobs.events(job.job_id, last, count=2):
        seen += portion
        last = portion[-1].id
    assert seen == ledger.jobs.events(job.job_id)


def test_a_bad_page_event_says_why(ledger: Ledger) -> None:
    job = planned(ledger, 2)
    read(ledger, job, 2, PageState.TIMEOUT)
    event = ledger.jobs.events(job.job_id)[-1]
    assert (event.type, event.page, event.page_status) == (EventType.PAGE, 2, PageState.TIMEOUT)
    assert (event.error, event.error_code) == (BAD_PAGE.message, "corrupt_file")


def test_a_deletion_is_announced_and_nothing_else_of_the_job_stays_in_the_stream_of_all(
    ledger: Ledger, redis: Any
) -> None:
    other, job = created(ledger), finished(ledger, 3)
    ledger.jobs.delete(job.job_id)
    left = [(fields["job_id"], fields["type"]) for _, fields in redis.xrange("ocrdesk:events")]
    assert left == [(other.job_id, "job"), (job.job_id, "deleted")]
