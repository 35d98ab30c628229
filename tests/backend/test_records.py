"""Which state changes are legal: every pair, against separate tables in this test."""

from __future__ import annotations

from itertools import product

import pytest

from ocrdesk.backend.records import IllegalTransitionError, PageRecord, ReleaseReason, Unit, UnitKind
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import new_job_record

LEGAL_JOB_CHANGES = {
    ("queued", "started"),
    ("queued", "failed"),
    ("queued", "cancelled"),
    ("started", "finished"),
    ("started", "failed"),
    ("started", "cancelled"),
    ("finished", "started"),  # retries
    ("failed", "queued"),
    ("failed", "started"),
    ("cancelled", "queued"),
    ("cancelled", "started"),
}
LEGAL_PAGE_CHANGES = {
    ("queued", "started"),
    ("queued", "failed"),
    ("started", "queued"),
    ("started", "finished"),
    ("started", "timeout"),
    ("started", "failed"),
}


@pytest.mark.parametrize(("old", "new"), list(product(JobState, JobState)))
def test_job_changes_are_exactly_the_legal_ones(old: JobState, new: JobState) -> None:
    job = new_job_record()
    object.__setattr__(job, "state", old)
    if (old.value, new.value) in LEGAL_JOB_CHANGES:
        assert job.moved(new).state is new
    else:
        with pytest.raises(IllegalTransitionError, match=f"{old} → {new}"):
            job.moved(new)


@pytest.mark.parametrize(("old", "new"), list(product(PageState, PageState)))
def test_page_changes_are_exactly_the_legal_ones(old: PageState, new: PageState) -> None:
    page = PageRecord(3, state=old)
    if (old.value, new.value) in LEGAL_PAGE_CHANGES:
        assert page.moved(new).state is new
    else:
        with pytest.raises(IllegalTransitionError, match=f"page 3: {old} → {new}"):
            page.moved(new)


@pytest.mark.parametrize("state", JobState)
def test_a_job_state_is_final_exactly_when_only_a_retry_leads_out_of_it(state: JobState) -> None:
    follow = {new for old, new in LEGAL_JOB_CHANGES if old == state.value}
    assert state.is_final is (follow <= {"queued", "started"} and state is not JobState.QUEUED)


@pytest.mark.parametrize("state", PageState)
def test_a_page_state_is_final_exactly_when_nothing_follows_it(state: PageState) -> None:
    assert state.is_final is not any(old == state.value for old, _ in LEGAL_PAGE_CHANGES)


def test_a_state_change_changes_only_the_given_fields() -> None:
    job = new_job_record()
    moved = job.moved(JobState.STARTED, attempt="a1")
    assert (job.state, job.attempt) == (JobState.QUEUED, None)
    assert (moved.state, moved.attempt, moved.file_name) == (JobState.STARTED, "a1", job.file_name)


@pytest.mark.parametrize(
    "unit",
    [
        Unit("0f8fad5b", UnitKind.PREPARE),
        Unit("0f8fad5b", UnitKind.CLOSE),
        Unit("0f8fad5b", UnitKind.PAGE, 1),
        Unit("with-a-dash", UnitKind.PAGE, 2000),
        Unit("with-a-dash", UnitKind.CLOSE),
    ],
)
def test_a_units_key_names_it(unit: Unit) -> None:
    assert Unit.from_key(unit.key) == unit


def test_endings_are_distinct() -> None:
    assert len({ending.value for ending in ReleaseReason}) == 3
