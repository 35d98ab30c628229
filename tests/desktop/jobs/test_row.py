"""A row follows its job: older events change nothing, and a page's error is not the job's."""

from __future__ import annotations

from datetime import timedelta

from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import JobState, PageState
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import RowState
from tests.helpers.fake_server import make_job
from tests.helpers.job_events import NOW, event


def state_of(model: JobsModel, job_id: str) -> RowState:
    row = model.row_of_job(job_id)
    assert row is not None
    return row.state


def test_a_name_from_a_server_shows_what_it_is(model: JobsModel) -> None:
    """A server may be of another version, and may not have checked the names."""
    model.merge([make_job("1", "invoice\u202efdp.exe\u2066\n", JobState.QUEUED)])
    row = model.row_of_job("1")
    assert row is not None
    assert row.file_name == "invoice fdp.exe"


def test_old_news_changes_nothing(model: JobsModel) -> None:
    model.merge([make_job("1", "a.pdf", JobState.STARTED, page_count=4, pages_done=3)])
    model.apply(event("1", JobState.QUEUED))
    model.apply(event("1", JobState.STARTED, page_count=4, pages_done=2))
    row = model.row_of_job("1")
    assert (row.state, row.pages_done) == (RowState.STARTED, 3)
    model.apply(event("1", JobState.FINISHED, page_count=4, pages_done=4))
    model.apply(event("1", JobState.STARTED, page_count=4, pages_done=3, at=NOW - timedelta(seconds=1)))
    assert state_of(model, "1") is RowState.FINISHED


def test_warnings_come_with_lists_and_events_and_stay(model: JobsModel) -> None:
    warning = error_message("pages_left_out", missing="7", count=3)
    model.merge(
        [
            make_job("1", "a.pdf", JobState.STARTED, page_count=3, warnings=[warning]),
            make_job("2", "b.pdf", JobState.QUEUED),
        ]
    )
    for job_id in ("1", "2"):
        if job_id == "2":
            model.apply(event(job_id, JobState.STARTED, page_count=3, warnings=[warning]))
        model.apply(event(job_id, JobState.FINISHED, page_count=3, pages_done=3, at=NOW + timedelta(minutes=1)))
        row = model.row_of_job(job_id)
        assert row.warnings == ("This file has 3 pages, so these were left out: 7.",)
        for shown in (row_text.details(row), row_text.spoken(row), row_text.tool_tip(row)):
            assert "Finished, 3 pages" in shown
            assert row.warnings[0] in shown


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
