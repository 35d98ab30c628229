"""Events as entries of a stream: an error is in it as text and as data, and older entries are read."""

from __future__ import annotations

from dataclasses import replace

from ocrdesk.backend.events.stream import event_fields, event_from
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import EventType
from tests.backend.jobs import new_job_record

MESSAGE = error_message("page_failed", numbers="3", count=9, cause=error_message("no_pages"))


def test_event_has_its_error_as_text_and_as_data() -> None:
    job = replace(new_job_record(), error=ErrorInfo.of(ErrorCode.NO_PAGES, MESSAGE))
    event = event_from("1-0", event_fields(job, EventType.JOB))
    assert (event.error, event.error_code, event.error_message) == (MESSAGE.text, "no_pages", MESSAGE)


def test_entry_of_an_older_version_has_its_text_alone() -> None:
    job = replace(new_job_record(), error=ErrorInfo(code=ErrorCode.NO_PAGES, message="No pages."))
    fields = event_fields(job, EventType.JOB)
    assert "error_message" not in fields
    event = event_from("1-0", fields)
    assert (event.error, event.error_message) == ("No pages.", None)
