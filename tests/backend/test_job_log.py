"""One log line per finished page and job: who, what and how long, and nothing that a user sent."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ocrdesk.backend import job_log, logs
from ocrdesk.backend.records import JobRecord, PageRecord, PageStats, utc_now
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import new_job_record

SECRET = "zebrafish"
ERROR = ErrorInfo(code=ErrorCode.TIMEOUT, message=f"{SECRET} took too long.")


@pytest.fixture(autouse=True)
def _lines_of_every_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "ocrdesk.backend.job_log")


def job_of(state: JobState = JobState.STARTED, **changes: Any) -> JobRecord:
    return replace(new_job_record(SECRET), state=state, file_name=f"{SECRET}.pdf", request_id="request-1", **changes)


def only_line(caplog: pytest.LogCaptureFixture) -> tuple[str, dict[str, Any]]:
    """Return the text of the only line, and its fields."""
    (record,) = caplog.records
    standard = set(vars(logging.makeLogRecord({}))) | {"message"}
    fields = {name: value for name, value in vars(record).items() if name not in standard}
    assert SECRET not in f"{record.getMessage()} {fields}"
    return record.getMessage(), fields


def test_an_accepted_job_says_its_type_and_size(caplog: pytest.LogCaptureFixture) -> None:
    job = job_of(JobState.QUEUED)
    job_log.job_accepted(job)
    assert only_line(caplog) == (
        "job accepted",
        {"job_id": job.job_id, "request_id": "request-1", "media_type": "application/pdf", "size_bytes": 1234},
    )


def test_a_finished_page_says_how_long_it_took_and_what_read_it(caplog: pytest.LogCaptureFixture) -> None:
    job = job_of(page_count=9)
    start = utc_now()
    page = PageRecord(3, PageState.FINISHED, started_at=start, ended_at=start + timedelta(seconds=1.23456))
    job_log.page_ended(job, page, PageStats("tesseract", 250))
    text, fields = only_line(caplog)
    assert text == "page finished"
    assert fields == {
        "job_id": job.job_id,
        "request_id": "request-1",
        "page": 3,
        "pages": 9,
        "state": "finished",
        "seconds": 1.235,
        "engine": "tesseract",
        "words": 250,
    }


def test_a_failed_page_says_the_code_of_its_error_and_not_its_message(caplog: pytest.LogCaptureFixture) -> None:
    job_log.page_ended(job_of(page_count=9), PageRecord(3, PageState.TIMEOUT, error=ERROR), None)
    text, fields = only_line(caplog)
    assert (text, fields["error_code"]) == ("page timeout", "timeout")
    assert not {"seconds", "engine", "words"} & set(fields)


def test_an_ended_job_says_its_pages_and_its_whole_time(caplog: pytest.LogCaptureFixture) -> None:
    job = job_of(JobState.FAILED, pages_done=2, pages_failed=1, error=ERROR)
    job_log.job_ended(replace(job, ended_at=job.created_at + timedelta(seconds=7)))
    text, fields = only_line(caplog)
    assert text == "job failed"
    assert (fields["pages_done"], fields["pages_failed"], fields["seconds"]) == (2, 1, 7.0)
    assert (fields["state"], fields["error_code"]) == ("failed", "timeout")


def test_the_request_that_acts_now_is_named_instead_of_the_one_that_submitted(caplog: pytest.LogCaptureFixture) -> None:
    with logs.bound(request_id="request-2"):
        job_log.job_retried(job_of())
    assert only_line(caplog)[1]["request_id"] == "request-2"


def test_a_job_without_a_request_has_no_such_field(caplog: pytest.LogCaptureFixture) -> None:
    job_log.job_ended(replace(job_of(JobState.CANCELLED), request_id=None))
    assert "request_id" not in only_line(caplog)[1]
