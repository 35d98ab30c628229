"""Event streams: one id in both streams, and events that are read as they were written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ocrdesk.backend import redis_keys
from ocrdesk.backend.events.stream import KEYS_CHANGED, announce_keys_changed, emit, event_fields, event_from
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import ExportRecord, PageRecord
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.events import EventType
from ocrdesk.contract.states import PageState
from tests.helpers.ledger_jobs import BAD_PAGE, created, finished, new_job_record


def test_an_event_has_the_same_id_in_its_jobs_stream_and_in_that_of_all(ledger: Ledger, redis: Any) -> None:
    jobs = [finished(ledger), created(ledger)]
    all_ids = {entry[0] for entry in redis.xrange(redis_keys.EVENTS)}
    assert {event.id for job in jobs for event in ledger.jobs.events(job.job_id)} == all_ids


def test_only_the_stream_of_all_events_names_the_owner_and_announces_deletions(redis: Any) -> None:
    job = new_job_record("ann")
    emit(redis, job.owner, event_fields(job, EventType.JOB))
    emit(redis, job.owner, event_fields(job, EventType.DELETED))
    of_all = [fields for _, fields in redis.xrange(redis_keys.EVENTS)]
    assert [(fields["owner"], fields["type"]) for fields in of_all] == [("ann", "job"), ("ann", "deleted")]
    (own,) = [fields for _, fields in redis.xrange(redis_keys.job_events(job.job_id))]
    assert own == {name: value for name, value in of_all[0].items() if name != "owner"}


def test_a_pages_event_is_read_back_with_its_error() -> None:
    job = replace(new_job_record(), page_count=9, pages_done=3, pages_failed=1, revision=2)
    page = PageRecord(4, PageState.FAILED, error=BAD_PAGE)
    event = event_from("1-2", event_fields(job, EventType.PAGE, page))
    assert (event.id, event.type, event.job_id, event.status) == ("1-2", EventType.PAGE, job.job_id, job.state)
    assert (event.page_count, event.pages_done, event.pages_failed, event.revision) == (9, 3, 1, 2)
    assert (event.page, event.page_status) == (4, PageState.FAILED)
    assert (event.error, event.error_code) == (BAD_PAGE.message, BAD_PAGE.code)


def test_an_exports_event_is_read_back() -> None:
    export = ExportRecord("pdf", 0, 60.0, PageState.FINISHED)
    event = event_from("1-0", event_fields(new_job_record(), EventType.EXPORT, export=export))
    assert (event.export, event.export_status, event.error, event.page) == ("pdf", PageState.FINISHED, None, None)


def test_a_changed_api_key_is_announced_in_the_stream_of_all_events(redis: Any) -> None:
    announce_keys_changed(redis)
    ((_, fields),) = redis.xrange(redis_keys.EVENTS)
    assert fields["type"] == KEYS_CHANGED


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
