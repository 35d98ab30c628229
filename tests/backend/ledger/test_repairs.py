"""Jobs that nothing continues go on or are set aside; one damaged record harms no other job."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord
from ocrdesk.backend.redis_keys import ACTIVE_JOBS, LEASES, PENDING_UNITS, UNREADABLE_JOBS, job, job_pages, owner_jobs
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import (
    INFLIGHT_LIMIT,
    close_unit,
    created,
    finished,
    new_attempt,
    page_unit,
    pending_units,
    planned,
    prepare_unit,
    queued_units,
    read,
    stored,
)


def repair(ledger: Ledger, damaged: JobRecord) -> None:
    assert damaged.job_id in ledger.repairs.stuck_jobs()
    ledger.repairs.repair(damaged.job_id, inflight_limit=INFLIGHT_LIMIT)


def lose_all_work(redis: Any) -> None:
    redis.delete("rq:queue:ocrdesk", PENDING_UNITS, LEASES)


# ── jobs that nothing continues ──────────────────────────────────────────────────────────────────


def test_jobs_with_work_that_waits_or_runs_are_not_stuck(ledger: Ledger) -> None:
    created(ledger)
    running = planned(ledger, 1)
    assert ledger.leases.claim(page_unit(running, 1), new_attempt())
    finished(ledger)
    assert ledger.repairs.stuck_jobs() == set()


def test_a_file_that_nobody_opens_is_queued_again(ledger: Ledger, redis: Any) -> None:
    lost = created(ledger)
    lose_all_work(redis)
    repair(ledger, lost)
    assert queued_units(redis) == [prepare_unit(lost).key]
    assert ledger.leases.claim(prepare_unit(lost), new_attempt())


def test_pages_that_nobody_reads_are_queued_again_and_counted_anew(ledger: Ledger, redis: Any) -> None:
    lost = planned(ledger, 9, inflight_limit=2)
    read(ledger, lost, 1, inflight_limit=2)
    assert ledger.leases.claim(page_unit(lost, 2), new_attempt())
    lose_all_work(redis)
    redis.hset(job(lost.job_id), mapping={"pages_done": 7, "inflight": 5})
    repair(ledger, lost)
    after = stored(ledger, lost)
    assert (after.pages_done, after.pages_failed, after.inflight) == (1, 0, INFLIGHT_LIMIT)
    for number in range(2, 10):
        attempt, committed = read(ledger, lost, number)
    assert committed.closes
    done = ledger.jobs.finish(lost.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done) == (JobState.FINISHED, 9)


def test_a_job_whose_closing_was_lost_is_closed(ledger: Ledger, redis: Any) -> None:
    lost = planned(ledger, 1)
    read(ledger, lost, 1)
    lose_all_work(redis)
    repair(ledger, lost)
    assert pending_units(redis) == {close_unit(lost).key}
    attempt = new_attempt()
    assert ledger.leases.claim(close_unit(lost), attempt)
    assert ledger.jobs.finish(lost.job_id, attempt.id)


def test_a_job_that_got_work_meanwhile_is_left_alone(ledger: Ledger, redis: Any) -> None:
    busy = created(ledger)
    before = redis.hgetall(job(busy.job_id))
    ledger.repairs.repair(busy.job_id, inflight_limit=INFLIGHT_LIMIT)
    assert redis.hgetall(job(busy.job_id)) == before
    assert len(queued_units(redis)) == 1


def test_the_id_of_a_job_without_a_record_is_forgotten(ledger: Ledger, redis: Any) -> None:
    gone = created(ledger)
    lose_all_work(redis)
    redis.delete(job(gone.job_id))
    repair(ledger, gone)
    assert redis.zcard(ACTIVE_JOBS) == 0


# ── records that cannot be read ──────────────────────────────────────────────────────────────────

Damage = Callable[[Any, str], object]

DAMAGES: dict[str, Damage] = {
    "a key of another type": lambda redis, key: redis.pipeline().delete(key).set(key, "x").execute(),
    "no owner": lambda redis, key: redis.hdel(key, "owner"),
    "no state": lambda redis, key: redis.hdel(key, "state"),
    "a state of a newer version": lambda redis, key: redis.hset(key, "state", "paused"),
    "options that are not JSON": lambda redis, key: redis.hset(key, "options", "{"),
    "a mode of a newer version": lambda redis, key: redis.hset(key, "options", '{"mode": "unheard of"}'),
    "page ranges that are none": lambda redis, key: redis.hset(key, "options", '{"pages": "x"}'),
    "limits of a wrong type": lambda redis, key: redis.hset(key, "limits", "[]"),
    "a count that is no number": lambda redis, key: redis.hset(key, "pages_done", "many"),
    "a time that is none": lambda redis, key: redis.hset(key, "created_at", "yesterday"),
    "an error without a code": lambda redis, key: redis.hset(key, "error", "{}"),
    "a state that is no text": lambda redis, key: redis.hset(key, "state", b"\xff\xfe"),
    "an owner that is no text": lambda redis, key: redis.hset(key, "owner", b"\xff\xfe"),
    "half a character": lambda redis, key: redis.hset(key, "error", '{"code": "crashed", "message": "\\ud800"}'),
    "pages without number": lambda redis, key: redis.hset(key, mapping={"file_pages": 10**9, "page_count": 10**9}),
    "more pages to read than there are": lambda redis, key: redis.hset(key, mapping={"file_pages": 2, "page_count": 3}),
    "fewer than no pages": lambda redis, key: redis.hset(key, mapping={"file_pages": -1, "page_count": -1}),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_job_that_cannot_be_read_counts_as_failed_and_can_be_deleted(
    ledger: Ledger, redis: Any, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = created(ledger), created(ledger)
    damage(redis, job(bad.job_id))
    found = stored(ledger, bad)
    assert found.state is JobState.FAILED
    assert not found.is_readable
    assert found.error is not None
    assert found.error.message_id == "record_unreadable"
    assert [listed.job_id for listed in ledger.job_list.read("me", 10)[0]] == [bad.job_id, good.job_id]
    assert ledger.job_list.contains("me", bad.job_id)
    for _ in range(3):
        stored(ledger, bad)
    assert caplog.text.count(f"the record of job {bad.job_id}") == 1, "reported once"
    assert ledger.quarantine.count() == 1
    ledger.jobs.delete(bad.job_id)
    ledger.quarantine.forget_expired()
    assert ledger.jobs.get(bad.job_id) is None
    assert ledger.quarantine.count() == 0
    assert [listed.job_id for listed in ledger.job_list.read("me", 10)[0]] == [good.job_id]


def test_no_call_raises_for_a_job_that_cannot_be_read_and_none_changes_it(ledger: Ledger, redis: Any) -> None:
    bad = planned(ledger, 2)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(bad, 1), attempt)
    redis.hset(job(bad.job_id), "state", "paused")
    before = redis.hgetall(job(bad.job_id))
    assert ledger.jobs.state(bad.job_id) is JobState.FAILED
    assert ledger.leases.claim(page_unit(bad, 2), new_attempt()) is None
    assert ledger.pages.commit(bad.job_id, 1, attempt.id, PageState.FINISHED, inflight_limit=4, blob="x") is None
    for end in (ledger.jobs.cancel, lambda job_id: ledger.jobs.retry(job_id, inflight_limit=4)):
        ended = end(bad.job_id)
        assert ended is not None
        assert ended.state is JobState.FAILED
    assert ledger.jobs.revise(bad.job_id, {1: "x"}, None) is None
    assert ledger.jobs.finish(bad.job_id, attempt.id) is None
    assert redis.hgetall(job(bad.job_id)) == before
    ledger.backlog.recount()
    assert ledger.backlog.load().jobs == 0


def test_a_job_whose_counts_are_too_high_ends_with_all_its_pages(ledger: Ledger, redis: Any) -> None:
    bad = planned(ledger, 3)
    redis.hset(job(bad.job_id), "pages_done", 2)
    attempt, committed = read(ledger, bad, 1)
    assert committed.closes
    assert ledger.jobs.finish(bad.job_id, attempt.id) is None
    lose_all_work(redis)
    repair(ledger, bad)
    for number in (2, 3):
        attempt, committed = read(ledger, bad, number)
    done = ledger.jobs.finish(bad.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done) == (JobState.FINISHED, 3)


@pytest.mark.parametrize("number", ["0", "4", "-1", "abc", "9" * 5000, b"\xff"])
def test_records_of_pages_that_a_job_does_not_have_change_nothing(
    ledger: Ledger, redis: Any, number: str | bytes
) -> None:
    bad = planned(ledger, 2)
    redis.hset(job_pages(bad.job_id), number, '{"state": "finished", "blob": "nobody"}')
    lose_all_work(redis)
    repair(ledger, bad)
    assert ledger.leases.claim(page_unit(bad, 4), new_attempt()) is None
    for one in (1, 2):
        attempt, committed = read(ledger, bad, one)
    assert committed.closes
    assert ledger.jobs.finish(bad.job_id, attempt.id)
    assert [one.job_id for one in ledger.stored_jobs.read([bad.job_id])] == [bad.job_id]
    assert ledger.jobs.retry(bad.job_id, inflight_limit=4) == stored(ledger, bad)


@pytest.mark.parametrize("has_upload", [True, False])
@pytest.mark.parametrize("record", [None, '{"state": "queued"}', '{"state": "started", "attempt": "nobody"}'])
def test_a_finished_job_whose_pages_have_no_record_reads_them_again_or_fails(
    ledger: Ledger, redis: Any, record: str | None, has_upload: bool
) -> None:
    bad = finished(ledger)
    assert not ledger.stored_jobs.read([bad.job_id])[0].lacks_pages
    redis.delete(job_pages(bad.job_id))
    if record is not None:
        redis.hset(job_pages(bad.job_id), "1", record)
    assert ledger.stored_jobs.read([bad.job_id])[0].lacks_pages
    found = ledger.lost_results.repair(bad.job_id, set(), has_upload=has_upload, inflight_limit=INFLIGHT_LIMIT)
    assert found == [1]
    after = stored(ledger, bad)
    assert after.pages_done == 0
    if has_upload:
        attempt, _ = read(ledger, bad, 1)
        after = ledger.jobs.finish(bad.job_id, attempt.id) or after
        assert (after.state, after.pages_done) == (JobState.FINISHED, 1)
    else:
        assert (after.state, after.pages_failed) == (JobState.FAILED, 1)
    assert not ledger.stored_jobs.read([bad.job_id])[0].lacks_pages


@pytest.mark.parametrize(
    "record",
    [
        '{"state": "finished"}',
        '{"state": "finished", "blob": "../../x"}',
        '{"state": "failed"}',
        '{"state": "timeout"}',
    ],
)
def test_a_page_without_what_its_state_needs_has_failed(ledger: Ledger, redis: Any, record: str) -> None:
    damaged = finished(ledger)
    redis.hset(job_pages(damaged.job_id), "1", record)
    page = ledger.pages.get(damaged.job_id, 1)
    assert page.state in (PageState.FAILED, PageState.TIMEOUT)
    assert page.error is not None
    assert page.blob is None


def test_no_count_of_one_job_spoils_the_sums_of_all(ledger: Ledger, redis: Any) -> None:
    bad = created(ledger)
    redis.hset(job(bad.job_id), mapping={"size_bytes": 10**40, "revision": -1, "pages_done": -(10**30)})
    ledger.backlog.recount()
    other = finished(ledger)
    assert stored(ledger, other).state is JobState.FINISHED
    assert stored(ledger, bad).revision == 0


def test_a_list_leaves_out_jobs_of_others_and_forgets_them(ledger: Ledger, redis: Any) -> None:
    mine, other = created(ledger), created(ledger, "other")
    redis.zadd(owner_jobs("me"), {other.job_id: 1, "nobody": 2})
    assert [listed.job_id for listed in ledger.job_list.read("me", 10)[0]] == [mine.job_id]
    assert redis.zrange(owner_jobs("me"), 0, -1) == [mine.job_id]


def test_a_time_without_a_zone_counts_as_utc(ledger: Ledger, redis: Any) -> None:
    odd = created(ledger)
    redis.hset(job(odd.job_id), "created_at", "2030-01-01T00:00:00")
    assert stored(ledger, odd).created_at == datetime(2030, 1, 1, tzinfo=UTC)


def test_a_stuck_job_that_cannot_be_read_is_set_aside_until_it_expires(ledger: Ledger, redis: Any) -> None:
    bad = created(ledger)
    redis.hset(job(bad.job_id), "state", "paused")
    assert ledger.leases.claim(prepare_unit(bad), new_attempt()) is None
    repair(ledger, bad)
    assert ledger.repairs.stuck_jobs() == set()
    assert redis.ttl(job(bad.job_id)) > 0
    assert redis.hkeys(UNREADABLE_JOBS) == [bad.job_id]


def test_a_job_with_a_page_that_cannot_be_read_ends_with_that_page_failed(ledger: Ledger, redis: Any) -> None:
    bad = planned(ledger, 2)
    read(ledger, bad, 1)
    redis.hset(job_pages(bad.job_id), "2", "{")
    assert ledger.leases.claim(page_unit(bad, 2), new_attempt()) is None
    repair(ledger, bad)
    attempt = new_attempt()
    assert ledger.leases.claim(close_unit(bad), attempt)
    done = ledger.jobs.finish(bad.job_id, attempt.id)
    assert done is not None
    assert (done.state, done.pages_done, done.pages_failed) == (JobState.FINISHED, 1, 1)
    assert done.error is not None
    assert done.error.code is ErrorCode.INTERNAL


# ── records of other versions ────────────────────────────────────────────────────────────────────


def test_missing_fields_get_defaults(ledger: Ledger, redis: Any) -> None:
    old = created(ledger)
    known = {"owner", "state", "media_type", "options", "limits", "created_at"}
    redis.hdel(job(old.job_id), *(set(redis.hkeys(job(old.job_id))) - known))
    found = stored(ledger, old)
    assert found.is_readable
    assert (found.revision, found.deaths, found.page_count) == (0, 0, None)
    assert ledger.leases.claim(prepare_unit(old), new_attempt())


def test_unknown_fields_are_kept(ledger: Ledger, redis: Any) -> None:
    newer = planned(ledger, 1)
    key = job(newer.job_id)
    options = json.loads(redis.hget(key, "options")) | {"of a newer version": True}
    limits = json.loads(redis.hget(key, "limits")) | {"of a newer version": 1}
    redis.hset(key, mapping={"options": json.dumps(options), "limits": json.dumps(limits), "newer": "1"})
    redis.hset(job_pages(newer.job_id), "1", '{"state": "queued", "of a newer version": [1]}')
    attempt, committed = read(ledger, newer, 1)
    assert committed.closes
    assert ledger.jobs.finish(newer.job_id, attempt.id)
    fields = redis.hgetall(key)
    assert (fields["newer"], fields["state"]) == ("1", "finished")
    assert json.loads(fields["options"]) == options
    assert json.loads(fields["limits"]) == limits
    assert json.loads(redis.hget(job_pages(newer.job_id), "1"))["of a newer version"] == [1]


def test_an_error_code_of_a_newer_version_counts_as_internal(ledger: Ledger, redis: Any) -> None:
    newer = finished(ledger)
    redis.hset(job(newer.job_id), "error", '{"code": "unheard_of", "message": "Do this."}')
    found = stored(ledger, newer)
    assert found.error is not None
    assert (found.error.code, found.error.message) == (ErrorCode.INTERNAL, "Do this.")
