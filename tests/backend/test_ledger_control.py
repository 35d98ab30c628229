"""The ledger's later powers: repeats, retries, exports, corrections, lists with filters, and what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ocrdesk.backend.ledger.idempotency import IdempotencyConflictError, IdempotencyKey
from ocrdesk.backend.ledger.job_list import JobFilter
from ocrdesk.backend.ledger.jobs import RevisionConflictError
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, NodeInfo, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import EventType
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState
from tests.backend.conftest import RESULT_TTL_S
from tests.backend.jobs import (
    INFLIGHT_LIMIT,
    created,
    finished,
    new_attempt,
    new_job_record,
    planned,
    prepare_unit,
    read,
)

LIMIT_S = 60.0


def export_unit(job: JobRecord, name: str) -> Unit:
    return Unit(job.job_id, UnitKind.EXPORT, export=name)


def queued(redis: Any) -> list[str]:
    """Units in the queue, first to be taken first."""
    return [rq_id.rpartition("-")[0] for rq_id in redis.lrange("rq:queue:ocrdesk", 0, -1)]


def the(ledger: Ledger, job: JobRecord) -> JobRecord:
    found = ledger.jobs.get(job.job_id)
    assert found is not None
    return found


def waiting_pages(ledger: Ledger) -> tuple[int, int, int]:
    load = ledger.backlog.load()
    return load.jobs, load.pages, load.size_bytes


# ── page ranges ──────────────────────────────────────────────────────────────────────────────────


def test_only_the_pages_that_were_asked_for_are_queued_under_the_files_numbers(ledger: Ledger, redis: Any) -> None:
    job = replace(new_job_record(), options=JobOptions(pages="2,7-8,40-"))
    ledger.jobs.create(job)
    attempt = new_attempt()
    assert ledger.leases.claim(prepare_unit(job), attempt)
    redis.delete("rq:queue:ocrdesk")
    after = ledger.pages.plan(job.job_id, attempt, 10, inflight_limit=2, inline=False)
    assert after is not None
    assert (after.file_pages, after.page_count, after.page_numbers) == (10, 3, [2, 7, 8])
    assert queued(redis) == [f"{job.job_id}-2", f"{job.job_id}-7"]
    assert [page.number for page in ledger.pages.of_job(after)] == [2, 7, 8]


# ── Idempotency-Key ──────────────────────────────────────────────────────────────────────────────


def test_a_repeat_under_the_same_key_is_the_same_job(ledger: Ledger, redis: Any) -> None:
    first, second = new_job_record(), new_job_record()
    once = IdempotencyKey("me", "key", "digest")
    assert ledger.jobs.create(first, once) == first.job_id
    assert ledger.jobs.create(second, once) == first.job_id
    assert ledger.jobs.get(second.job_id) is None
    assert queued(redis) == [f"{first.job_id}-prepare"]
    assert 86_000 < redis.ttl(once.redis_key) <= 86_400


def test_other_content_under_the_same_key_is_a_conflict(ledger: Ledger) -> None:
    ledger.jobs.create(new_job_record(), IdempotencyKey("me", "key", "digest"))
    with pytest.raises(IdempotencyConflictError):
        ledger.jobs.create(new_job_record(), IdempotencyKey("me", "key", "other"))


def test_keys_of_two_owners_do_not_meet(ledger: Ledger) -> None:
    mine, yours = new_job_record(), new_job_record("you")
    assert ledger.jobs.create(mine, IdempotencyKey("me", "key", "digest")) == mine.job_id
    assert ledger.jobs.create(yours, IdempotencyKey("you", "key", "other")) == yours.job_id


def test_of_two_repeats_at_the_same_moment_one_is_accepted(make_ledger: Callable[[], Ledger], redis_url: str) -> None:
    other, mine, theirs = make_ledger(), new_job_record(), new_job_record()
    once = IdempotencyKey("me", "key", "digest")

    class SlowQueue(TaskQueue):
        """Lets the other submission come between our read and our write."""

        def push(self, *args: Any, **named: Any) -> str:
            if not other.jobs.exists(theirs.job_id):
                other.jobs.create(theirs, once)
            return super().push(*args, **named)

    settings = Settings(redis_url=redis_url)
    ledger = Ledger(connect(settings, text=True), SlowQueue(connect(settings, text=False)), RESULT_TTL_S)
    assert ledger.jobs.create(mine, once) == theirs.job_id
    assert ledger.jobs.get(mine.job_id) is None


def test_a_key_of_a_deleted_job_is_free_again(ledger: Ledger, redis: Any) -> None:
    once = IdempotencyKey("me", "key", "digest")
    first, second = new_job_record(), new_job_record()
    ledger.jobs.create(first, once)
    ledger.jobs.delete(first.job_id)
    assert not redis.exists(once.redis_key)
    assert ledger.jobs.create(second, once) == second.job_id


# ── retry ────────────────────────────────────────────────────────────────────────────────────────


def ended(ledger: Ledger, states: list[PageState]) -> JobRecord:
    """A job that is over, its pages as given."""
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
    assert queued(redis) == [f"{job.job_id}-2", f"{job.job_id}-3"]
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


def test_a_retry_keeps_to_the_window(ledger: Ledger, redis: Any) -> None:
    job = ended(ledger, [PageState.FAILED] * 5)
    redis.delete("rq:queue:ocrdesk")
    again = ledger.jobs.retry(job.job_id, inflight_limit=2)
    assert again is not None
    assert again.inflight == 2
    assert queued(redis) == [f"{job.job_id}-1", f"{job.job_id}-2"]
    read(ledger, again, 1, inflight_limit=2)
    assert queued(redis) == [f"{job.job_id}-1", f"{job.job_id}-2", f"{job.job_id}-3"]


def test_a_job_without_a_bad_page_is_not_retried(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger, 2)
    redis.delete("rq:queue:ocrdesk")
    assert ledger.jobs.retry(job.job_id, inflight_limit=INFLIGHT_LIMIT) == job
    assert queued(redis) == []


def test_a_job_under_way_is_not_retried_and_an_unknown_one_is_none(ledger: Ledger) -> None:
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
    assert queued(redis) == [f"{job.job_id}-prepare"]
    assert ledger.leases.claim(prepare_unit(job), new_attempt())


def test_a_cancelled_job_goes_on_and_what_its_old_attempt_had_is_refused(ledger: Ledger) -> None:
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


# ── exports ──────────────────────────────────────────────────────────────────────────────────────


def test_an_export_is_queued_once_claimed_once_and_committed_once(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    redis.delete("rq:queue:ocrdesk")
    assert ledger.exports.request(job.job_id, "pdf", LIMIT_S) == ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert queued(redis) == [f"{job.job_id}-export_pdf"]
    first, second = new_attempt(), new_attempt()
    assert ledger.exports.claim(job.job_id, "pdf", first) is not None
    assert ledger.exports.claim(job.job_id, "pdf", first) is not None  # the answer was lost on the way
    assert ledger.exports.claim(job.job_id, "pdf", second) is None
    assert ledger.exports.commit(job.job_id, "pdf", second.id, PageState.FINISHED, blob="other") is None
    assert ledger.exports.commit(job.job_id, "pdf", first.id, PageState.FINISHED, blob="mine", media_type="a/b") == ""
    made = ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert made is not None
    assert (made.state, made.blob, made.media_type) == (PageState.FINISHED, "mine", "a/b")
    assert ledger.leases.active() == []
    assert queued(redis) == [f"{job.job_id}-export_pdf"]  # that of the first request: nothing was queued again


def test_a_corrected_result_makes_its_exports_stale(ledger: Ledger) -> None:
    job = finished(ledger)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    attempt = new_attempt()
    ledger.exports.claim(job.job_id, "pdf", attempt)
    ledger.exports.commit(job.job_id, "pdf", attempt.id, PageState.FINISHED, blob="old")
    ledger.jobs.revise(job.job_id, {1: "corrected"}, None)
    fresh = ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert fresh is not None
    assert (fresh.state, fresh.revision) == (PageState.QUEUED, 1)
    attempt = new_attempt()
    ledger.exports.claim(job.job_id, "pdf", attempt)
    assert ledger.exports.commit(job.job_id, "pdf", attempt.id, PageState.FINISHED, blob="new") == "old"


def test_an_export_whose_horse_died_is_made_again_and_given_up_after_two(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    for left in (PageState.QUEUED, PageState.FAILED):
        attempt = new_attempt()
        assert ledger.exports.claim(job.job_id, "pdf", attempt) is not None
        assert ledger.leases.release(attempt.id, ReleaseReason.DIED, inflight_limit=INFLIGHT_LIMIT) == export_unit(
            job, "pdf"
        )
        export = ledger.exports.get(job.job_id, "pdf")
        assert export is not None
        assert export.state is left
    assert export.error is not None
    assert export.error.code is ErrorCode.EXPORT_FAILED
    assert the(ledger, job).state is JobState.FINISHED
    assert ledger.exports.request(job.job_id, "pdf", LIMIT_S) == export  # not again at once


def test_an_export_whose_delivery_was_lost_is_delivered_again(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    redis.delete("rq:queue:ocrdesk")
    (lost,) = ledger.leases.overdue(-1)
    assert ledger.leases.redeliver(lost)
    assert queued(redis) == [f"{job.job_id}-export_pdf"]


def test_exports_expire_with_their_job(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    redis.expire(f"ocrdesk:job:{job.job_id}", 100)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert 0 < redis.ttl(key) <= 100, key


def test_a_deleted_job_takes_its_queued_work_along(ledger: Ledger, redis: Any) -> None:
    job, other = planned(ledger, 3), finished(ledger)
    ledger.exports.request(other.job_id, "pdf", LIMIT_S)
    ledger.jobs.delete(job.job_id)
    ledger.jobs.delete(other.job_id)
    taken = {f"{job.job_id}-prepare", f"{other.job_id}-prepare", f"{other.job_id}-1"}  # RQ's worker removes those
    left = [key for key in redis.keys("*") if job.job_id in key or other.job_id in key]
    assert {key.removeprefix("rq:job:").rpartition("-")[0] for key in left} == taken
    assert redis.hkeys("ocrdesk:pending") == []


# ── corrections ──────────────────────────────────────────────────────────────────────────────────


def test_a_correction_points_pages_at_new_blobs(ledger: Ledger) -> None:
    job = finished(ledger, 2)
    outcome = ledger.jobs.revise(job.job_id, {2: "new"}, expected=0)
    assert outcome is not None
    revised, replaced = outcome
    assert (revised.revision, replaced) == (1, ["page-2"])
    assert [page.blob for page in ledger.pages.of_job(revised)] == ["page-1", "new"]
    assert ledger.jobs.events(job.job_id)[-1].type is EventType.REVISED


def test_a_correction_of_what_was_changed_meanwhile_is_refused(ledger: Ledger) -> None:
    job = finished(ledger)
    ledger.jobs.revise(job.job_id, {1: "first"}, expected=0)
    with pytest.raises(RevisionConflictError) as stale:
        ledger.jobs.revise(job.job_id, {1: "second"}, expected=0)
    assert stale.value.revision == 1
    assert [page.blob for page in ledger.pages.of_job(the(ledger, job))] == ["first"]


def test_only_a_finished_job_is_corrected(ledger: Ledger) -> None:
    assert ledger.jobs.revise(planned(ledger, 2).job_id, {}, None) is None
    assert ledger.jobs.revise("nobody", {}, None) is None


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_goes_on_where_the_page_before_ended_whatever_comes_and_goes(ledger: Ledger) -> None:
    jobs = [created(ledger) for _ in range(5)]
    first, cursor = ledger.job_list.read("me", 2)
    created(ledger)
    ledger.jobs.delete(jobs[2].job_id)
    second, end = ledger.job_list.read("me", 2, cursor)
    assert [job.job_id for job in first] == [jobs[4].job_id, jobs[3].job_id]
    assert [job.job_id for job in second] == [jobs[1].job_id, jobs[0].job_id]
    assert end is None


def test_jobs_of_the_same_moment_are_each_listed_once(ledger: Ledger) -> None:
    moment = new_job_record().created_at
    jobs = [replace(new_job_record(), created_at=moment) for _ in range(7)]
    for job in jobs:
        ledger.jobs.create(job)
    seen: list[str] = []
    cursor = None
    while True:
        found, cursor = ledger.job_list.read("me", 2, cursor)
        seen += [job.job_id for job in found]
        if cursor is None:
            break
    assert sorted(seen) == sorted(job.job_id for job in jobs)


@pytest.mark.parametrize("cursor", ["", "x", "1~", "~", "nan~a", "inf~a", "1~a b"])
def test_a_cursor_that_is_none_is_told(ledger: Ledger, cursor: str) -> None:
    if not cursor:
        assert ledger.job_list.read("me", 2, cursor) == ([], None)
        return
    with pytest.raises(ValueError):  # noqa: PT011
        ledger.job_list.read("me", 2, cursor)


def test_a_filter_picks_by_state_name_and_time(ledger: Ledger) -> None:
    done, waiting = finished(ledger), created(ledger)
    named = replace(new_job_record(), file_name="Rechnung STRASSE.pdf")
    ledger.jobs.create(named)

    def ids(wanted: JobFilter) -> set[str]:
        return {job.job_id for job in ledger.job_list.read("me", 10, job_filter=wanted)[0]}

    assert ids(JobFilter(states=frozenset({JobState.FINISHED}))) == {done.job_id}
    assert ids(JobFilter(name="straße")) == {named.job_id}
    assert ids(JobFilter(since=waiting.created_at)) == {waiting.job_id, named.job_id}
    assert ids(JobFilter(until=waiting.created_at)) == {done.job_id}
    assert ids(JobFilter(since=waiting.created_at, until=waiting.created_at + timedelta(microseconds=1))) == {
        waiting.job_id
    }


# ── what waits ───────────────────────────────────────────────────────────────────────────────────


def test_the_backlog_counts_what_is_not_over(ledger: Ledger) -> None:
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


def test_sums_that_drifted_are_put_right(ledger: Ledger, redis: Any) -> None:
    planned(ledger, 5)
    redis.hset("ocrdesk:backlog", mapping={"pages": 99, "bytes": 1})
    redis.zadd("ocrdesk:active", {"long-gone": 1})
    ledger.backlog.recount()
    assert waiting_pages(ledger) == (1, 5, 1234)


def test_the_rate_follows_the_pages_and_the_workers(ledger: Ledger, redis: Any) -> None:
    before = ledger.backlog.load().pages_per_s
    ledger.nodes.heartbeat(NodeInfo("a", 8, ("tesseract",), ("eng",), "1.0"))
    assert ledger.backlog.load().pages_per_s == pytest.approx(8 * before)
    finished(ledger, 3)
    (key,) = redis.keys("ocrdesk:drain:*")
    redis.hset(key, mapping={"pages": 4, "seconds": 1})
    assert ledger.backlog.load().pages_per_s == pytest.approx(32)
    assert redis.ttl(key) > 0


def test_what_is_written_after_the_end_expires_with_the_job(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger, 1)
    ledger.jobs.revise(job.job_id, {1: "new"}, None)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert 0 < redis.ttl(key) <= RESULT_TTL_S, key
