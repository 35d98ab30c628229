"""Cursors: reading a list page by page returns each job once, in order, also when jobs come and go meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis import Redis

from ocrdesk.backend.ledger.ledger import Ledger
from tests.helpers.ledger_jobs import new_job_record
from tests.helpers.long_form import LONG_TESTS

_START = datetime(2030, 1, 1, tzinfo=UTC)


@settings(
    max_examples=300 if LONG_TESTS else 10,
    deadline=None,
    derandomize=not LONG_TESTS,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    moments=st.lists(st.sampled_from([0, 0, 1, 2, 10**6, 10**9]), max_size=12),
    limit=st.integers(1, 5),
    deleted=st.sets(st.integers(0, 11), max_size=3),
    expired=st.sets(st.integers(0, 11), max_size=3),
)
def test_each_job_is_listed_once(
    ledger: Ledger, redis: Redis, moments: list[int], limit: int, deleted: set[int], expired: set[int]
) -> None:
    redis.flushall()
    jobs = [replace(new_job_record(), created_at=_START + timedelta(microseconds=moment)) for moment in moments]
    for job in jobs:
        ledger.jobs.create(job)
    order = sorted(jobs, key=lambda job: (job.created_at.timestamp(), job.job_id), reverse=True)
    listed: list[str] = []
    cursor, gone = None, set()
    while True:
        found, cursor = ledger.job_list.read("me", limit, cursor)
        listed += [job.job_id for job in found]
        if cursor is None:
            break
        for at in sorted(deleted | expired):
            if at < len(jobs) and jobs[at].job_id not in gone:
                gone.add(jobs[at].job_id)
                if at in deleted:
                    ledger.jobs.delete(jobs[at].job_id)
                else:
                    redis.delete(f"ocrdesk:job:{jobs[at].job_id}")
    first = {job.job_id for job in order[:limit]}
    assert listed == [job.job_id for job in order if job.job_id in first or job.job_id not in gone]


@given(st.text(max_size=30) | st.from_regex(r"[0-9e.+-]{1,12}~[a-z0-9]{0,5}", fullmatch=True))
@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_text_is_a_cursor_or_a_value_error(ledger: Ledger, cursor: str) -> None:
    if not cursor:
        return
    try:
        found = ledger.job_list.read("me", 5, cursor)
    except ValueError:
        return
    assert found == ([], None)
    with pytest.raises(ValueError, match=r".*"):
        ledger.job_list.read("me", 5, cursor.partition("~")[0])
