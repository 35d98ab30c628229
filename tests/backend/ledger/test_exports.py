"""Export files: request, claim, commit."""

from __future__ import annotations

from typing import Any

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.backend.redis_keys import LEASES
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import (
    INFLIGHT_LIMIT,
    finished,
    new_attempt,
    pending_units,
    queued_units,
    stored,
)

LIMIT_S = 60.0


def export_unit(job: JobRecord, name: str) -> Unit:
    return Unit(job.job_id, UnitKind.EXPORT, export=name)


def test_an_export_is_queued_once_claimed_once_and_committed_once(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    redis.delete("rq:queue:ocrdesk")
    assert ledger.exports.request(job.job_id, "pdf", LIMIT_S) == ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert queued_units(redis) == [f"{job.job_id}-export_pdf"]
    first, second = new_attempt(), new_attempt()
    assert ledger.exports.claim(job.job_id, "pdf", first) is not None
    assert ledger.exports.claim(job.job_id, "pdf", first) is not None  # the response was lost
    assert ledger.exports.claim(job.job_id, "pdf", second) is None
    assert ledger.exports.commit(job.job_id, "pdf", second.id, PageState.FINISHED, blob="other") is None
    assert ledger.exports.commit(job.job_id, "pdf", first.id, PageState.FINISHED, blob="mine", media_type="a/b") == ""
    made = ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert made is not None
    assert (made.state, made.blob, made.media_type) == (PageState.FINISHED, "mine", "a/b")
    assert ledger.leases.active() == []
    assert queued_units(redis) == [f"{job.job_id}-export_pdf"]  # by the first request: nothing was queued again


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


def test_an_export_whose_process_died_is_made_again_and_fails_after_two_deaths(ledger: Ledger, redis: Any) -> None:
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
    assert stored(ledger, job).state is JobState.FINISHED
    assert ledger.exports.request(job.job_id, "pdf", LIMIT_S) == export  # not again immediately


def test_an_export_whose_delivery_was_lost_is_delivered_again(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    redis.delete("rq:queue:ocrdesk")
    (lost,) = ledger.lost_work.pending()
    assert ledger.leases.give_back_unclaimed(lost.unit, lost.rq_id, ReleaseReason.LOST, inflight_limit=1)
    assert queued_units(redis) == [f"{job.job_id}-export_pdf"]


def test_an_export_that_nothing_makes_any_more_is_queued_by_the_next_request(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    redis.delete("rq:queue:ocrdesk")
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert queued_units(redis) == [f"{job.job_id}-export_pdf"], "it waits"
    attempt = new_attempt()
    assert ledger.exports.claim(job.job_id, "pdf", attempt)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert pending_units(redis) == set(), "it is being made"
    redis.delete(LEASES, "rq:queue:ocrdesk")  # as if somebody had changed Redis
    assert ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    assert queued_units(redis) == [f"{job.job_id}-export_pdf"]


def test_exports_expire_with_their_job(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger)
    redis.expire(f"ocrdesk:job:{job.job_id}", 100)
    ledger.exports.request(job.job_id, "pdf", LIMIT_S)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert 0 < redis.ttl(key) <= 100, key
