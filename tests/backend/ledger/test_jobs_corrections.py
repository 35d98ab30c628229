"""Corrected results."""

from __future__ import annotations

from typing import Any

import pytest

from ocrdesk.backend.ledger.jobs import RevisionConflictError
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.contract.events import EventType
from tests.backend.conftest import RESULT_TTL_S
from tests.helpers.ledger_jobs import (
    finished,
    planned,
    stored,
)


def test_a_correction_points_pages_at_new_blobs(ledger: Ledger) -> None:
    job = finished(ledger, 2)
    outcome = ledger.jobs.revise(job.job_id, {2: "new"}, expected=0)
    assert outcome is not None
    revised, replaced = outcome
    assert (revised.revision, replaced) == (1, ["page-2"])
    assert [page.blob for page in ledger.pages.of_job(revised)] == ["page-1", "new"]
    assert ledger.jobs.events(job.job_id)[-1].type is EventType.REVISED


def test_a_correction_of_an_outdated_revision_is_refused(ledger: Ledger) -> None:
    job = finished(ledger)
    ledger.jobs.revise(job.job_id, {1: "first"}, expected=0)
    with pytest.raises(RevisionConflictError) as stale:
        ledger.jobs.revise(job.job_id, {1: "second"}, expected=0)
    assert stale.value.revision == 1
    assert [page.blob for page in ledger.pages.of_job(stored(ledger, job))] == ["first"]


def test_only_a_finished_job_can_be_corrected(ledger: Ledger) -> None:
    assert ledger.jobs.revise(planned(ledger, 2).job_id, {}, None) is None
    assert ledger.jobs.revise("nobody", {}, None) is None


def test_data_written_after_the_end_expires_with_the_job(ledger: Ledger, redis: Any) -> None:
    job = finished(ledger, 1)
    ledger.jobs.revise(job.job_id, {1: "new"}, None)
    for key in redis.keys(f"ocrdesk:job:{job.job_id}*"):
        assert 0 < redis.ttl(key) <= RESULT_TTL_S, key
