"""A row follows its job: older events change nothing, and a page's error is not the job's."""

from __future__ import annotations

from datetime import timedelta

from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState, PageState
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import RowState
from tests.helpers.fake_server import make_job
from tests.helpers.job_events import NOW, event


def state_of(model: JobsModel, job_id: str) -> RowState:
    row = model.row_of_job(job_id)
    assert row is not None
    return row.state


def test_old_news_changes_nothing(model: JobsModel) -> None:
    model.merge([make_job("1", "a.pdf", JobState.STARTED, page_count=4, pages_done=3)])
    model.apply(event("1", JobState.QUEUED))
    model.apply(event("1", JobState.STARTED, page_count=4, pages_done=2))
    row = model.row_of_job("1")
    assert (row.state, row.pages_done) == (RowState.STARTED, 3)
    model.apply(event("1", JobState.FINISHED, page_count=4, pages_done=4))
    model.apply(event("1", JobState.STARTED, page_count=4, pages_done=3, at=NOW - timedelta(seconds=1)))
    assert state_of(model, "1") is RowState.FINISHED


def test_retried_job_starts_from_the_beginning(model: JobsModel) -> None:
    model.merge([make_job("1", "a.pdf", JobState.FAILED, ended_at=NOW, error="It was damaged.")])
    model.apply(event("1", JobState.QUEUED, at=NOW + timedelta(minutes=1)))
    row = model.row_of_job("1")
    assert (row.state, row.error) == (RowState.QUEUED, None)


def test_failed_page_does_not_make_its_error_the_jobs(model: JobsModel) -> None:
    model.merge([make_job("1", "a.pdf", JobState.STARTED, page_count=2)])
    model.apply(
        event(
            "1",
            JobState.STARTED,
            type=EventType.PAGE,
            page=1,
            page_status=PageState.TIMEOUT,
            page_count=2,
            pages_failed=1,
            error="It took too long.",
        )
    )
    row = model.row_of_job("1")
    assert (row.error, row.pages_failed) == (None, 1)
