"""An owner's jobs: order, paging and filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ocrdesk.backend.ledger.job_list import JobFilter
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.contract.states import JobState
from tests.helpers.ledger_jobs import (
    created,
    finished,
    new_job_record,
)


def test_jobs_come_newest_first_and_each_owner_has_its_own(ledger: Ledger) -> None:
    mine = [created(ledger) for _ in range(3)]
    created(ledger, owner="you")
    assert [job.job_id for job in ledger.job_list.read("me", 10)[0]] == [job.job_id for job in reversed(mine)]
    assert [job.job_id for job in ledger.job_list.read("me", 2)[0]] == [mine[2].job_id, mine[1].job_id]
    assert ledger.job_list.read("nobody", 10)[0] == []


def test_expired_jobs_drop_out_of_the_list(ledger: Ledger, redis: Any) -> None:
    old, new = created(ledger), created(ledger)
    redis.delete(f"ocrdesk:job:{old.job_id}")
    assert [job.job_id for job in ledger.job_list.read("me", 10)[0]] == [new.job_id]
    assert redis.zrange("ocrdesk:jobs:me", 0, -1) == [new.job_id]


def test_a_list_is_full_although_newer_jobs_expired(ledger: Ledger, redis: Any) -> None:
    """A job that was cancelled immediately expires before an older one that took long."""
    oldest, old, *_ = jobs = [created(ledger) for _ in range(5)]
    for job in jobs[2:]:
        redis.delete(f"ocrdesk:job:{job.job_id}")
    assert [job.job_id for job in ledger.job_list.read("me", 2)[0]] == [old.job_id, oldest.job_id]


def test_a_cursor_continues_the_list_although_jobs_come_and_go(ledger: Ledger) -> None:
    jobs = [created(ledger) for _ in range(5)]
    first, cursor = ledger.job_list.read("me", 2)
    created(ledger)
    ledger.jobs.delete(jobs[2].job_id)
    second, end = ledger.job_list.read("me", 2, cursor)
    assert [job.job_id for job in first] == [jobs[4].job_id, jobs[3].job_id]
    assert [job.job_id for job in second] == [jobs[1].job_id, jobs[0].job_id]
    assert end is None


def test_jobs_created_at_the_same_time_are_each_listed_once(ledger: Ledger) -> None:
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
def test_an_invalid_cursor_is_refused(ledger: Ledger, cursor: str) -> None:
    if not cursor:
        assert ledger.job_list.read("me", 2, cursor) == ([], None)
        return
    with pytest.raises(ValueError):  # noqa: PT011
        ledger.job_list.read("me", 2, cursor)


def test_a_filter_selects_by_state_name_and_time(ledger: Ledger) -> None:
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
