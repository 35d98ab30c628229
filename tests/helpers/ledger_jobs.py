"""Jobs and attempts for ledger tests, and the states in which tests start."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.ledger.pages import CommitResult
from ocrdesk.backend.records import Attempt, JobRecord, Limits, Unit, UnitKind
from ocrdesk.backend.redis_keys import PENDING_UNITS, rq_queue
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState

INFLIGHT_LIMIT = 4
BAD_PAGE = ErrorInfo(code=ErrorCode.CORRUPT_FILE, message="This page is damaged.")

_numbers = itertools.count(1)
_START = datetime(2030, 1, 1, tzinfo=UTC)


def new_job_record(owner: str = "me") -> JobRecord:
    """Return a new job, created a second after the previous one."""
    number = next(_numbers)
    return JobRecord(
        job_id=f"job{number:04d}",
        owner=owner,
        state=JobState.QUEUED,
        file_name="scan ä.pdf",
        media_type="application/pdf",
        size_bytes=1234,
        options=JobOptions(languages=("eng", "deu")),
        limits=Limits(max_pages=20, page_timeout_s=10),
        created_at=_START + timedelta(seconds=number),
    )


def new_attempt(node: str = "node") -> Attempt:
    number = next(_numbers)
    return Attempt(id=f"attempt{number}", node=node, worker=f"{node}-worker")


def prepare_unit(job: JobRecord) -> Unit:
    return Unit(job.job_id, UnitKind.PREPARE)


def page_unit(job: JobRecord, number: int) -> Unit:
    return Unit(job.job_id, UnitKind.PAGE, number)


def close_unit(job: JobRecord) -> Unit:
    return Unit(job.job_id, UnitKind.CLOSE)


def created(ledger: Ledger, owner: str = "me") -> JobRecord:
    job = new_job_record(owner)
    ledger.jobs.create(job)
    return job


def planned(ledger: Ledger, page_count: int, *, inflight_limit: int = INFLIGHT_LIMIT) -> JobRecord:
    """Create a job whose file was opened and has that many pages, none of them recognised."""
    job = created(ledger)
    attempt = new_attempt()
    assert ledger.leases.claim(prepare_unit(job), attempt)
    after = ledger.pages.plan(job.job_id, attempt, page_count, inflight_limit=inflight_limit, inline=False)
    assert after is not None
    return after


def read(
    ledger: Ledger,
    job: JobRecord,
    number: int,
    state: PageState = PageState.FINISHED,
    *,
    inflight_limit: int = INFLIGHT_LIMIT,
    closes: bool = True,
) -> tuple[Attempt, CommitResult]:
    """Claim a page and commit it."""
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, number), attempt)
    good = state is PageState.FINISHED
    committed = ledger.pages.commit(
        job.job_id,
        number,
        attempt.id,
        state,
        inflight_limit=inflight_limit,
        blob=f"page-{number}" if good else None,
        error=None if good else BAD_PAGE,
        continue_as=attempt if closes else None,
    )
    assert committed is not None
    return attempt, committed


def finished(ledger: Ledger, page_count: int = 1) -> JobRecord:
    """Create a job that has ended with all its pages finished."""
    job = planned(ledger, page_count, inflight_limit=page_count)
    for number in range(1, page_count + 1):
        attempt, committed = read(ledger, job, number)
    assert committed.closes
    done = ledger.jobs.finish(job.job_id, attempt.id)
    assert done is not None
    return done


def stored(ledger: Ledger, job: JobRecord) -> JobRecord:
    """Return the job as it is stored now."""
    found = ledger.jobs.get(job.job_id)
    assert found is not None
    return found


def queued_units(redis: Any) -> list[str]:
    """Return the units in the queue, the first one first."""
    return [rq_id.rpartition("-")[0] for rq_id in redis.lrange(rq_queue("ocrdesk"), 0, -1)]


def pending_units(redis: Any) -> set[str]:
    return set(redis.hkeys(PENDING_UNITS))
