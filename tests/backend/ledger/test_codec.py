"""Records as Redis stores them: nothing is lost, and older records stay readable."""

from __future__ import annotations

import json
from dataclasses import fields, replace

from ocrdesk.backend.ledger import codec
from ocrdesk.backend.records import (
    ExportRecord,
    JobRecord,
    NodeInfo,
    PageRecord,
    ProcessId,
    Unit,
    UnitKind,
    WebhookTarget,
    utc_now,
)
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.ledger_jobs import BAD_PAGE, new_attempt, new_job_record


def full_job() -> JobRecord:
    """Return a job in which every field differs from its default."""
    job = replace(
        new_job_record(),
        state=JobState.FAILED,
        options=JobOptions(languages=("eng",), pages="2-5,9"),
        started_at=utc_now(),
        ended_at=utc_now(),
        notes=(error_message("encrypted_pdf"),),
        file_pages=9,
        page_count=5,
        pages_done=3,
        pages_failed=2,
        inflight=1,
        attempt="attempt",
        deaths=1,
        losses=2,
        error=BAD_PAGE,
        webhook=WebhookTarget("https://example.com/", "whsec_c2VjcmV0"),
        webhook_hosts=("10.0.0.0/8", "hooks.example"),
        revision=4,
        idempotency="ocrdesk:once:me:hash",
        request_id="request",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    assert [f.name for f in fields(job) if getattr(job, f.name) == f.default] == ["is_readable"]
    return job


def in_redis(job: JobRecord) -> dict[str, str]:
    """Return a job's hash as Redis returns it: all text."""
    return {name: str(value) for name, value in codec.job_fields(job).items()}


def test_a_job_with_every_field_set_is_read_back_as_it_was() -> None:
    job = full_job()
    assert codec.job_from(job.job_id, in_redis(job)) == job


def test_a_new_job_is_read_back_as_it_was() -> None:
    job = new_job_record()
    assert codec.job_from(job.job_id, in_redis(job)) == job


def test_a_job_of_a_version_without_webhooks_request_ids_and_traces_is_readable() -> None:
    older = in_redis(full_job())
    del older["webhook"], older["request_id"], older["traceparent"]
    found = codec.job_from("job", older)
    assert found is not None
    assert (found.webhook, found.request_id, found.traceparent) == (None, None, None)


def test_fields_of_a_newer_version_are_ignored() -> None:
    job = full_job()
    assert codec.job_from(job.job_id, in_redis(job) | {"unheard_of": "1"}) == job


def test_an_empty_hash_is_no_job() -> None:
    assert codec.job_from("job", {}) is None


def test_a_page_with_every_field_set_is_read_back_as_it_was() -> None:
    page = PageRecord(7, PageState.FAILED, "attempt", "worker", 1, 2, utc_now(), utc_now(), "page-7", BAD_PAGE, 3)
    assert codec.page_from(7, codec.page_text(page)) == page


def test_a_page_is_written_without_empty_fields() -> None:
    assert json.loads(codec.page_text(PageRecord(7))) == {"state": "queued"}
    assert codec.page_from(7, None) == PageRecord(7)


def test_an_export_is_read_back_as_it_was() -> None:
    export = ExportRecord("pdf", 1, 60.0, PageState.FAILED, "attempt", 1, 2, utc_now(), "blob", "a/b", BAD_PAGE)
    assert codec.export_from("pdf", codec.export_text(export)) == export
    assert codec.export_from("pdf", codec.export_text(ExportRecord("pdf", 0, 60.0))) == ExportRecord("pdf", 0, 60.0)
    assert codec.export_from("pdf", None) is None


def test_leases_and_queued_units_of_other_versions_are_readable() -> None:
    unit, attempt = Unit("job", UnitKind.EXPORT, export="pdf"), new_attempt()
    for more in ([], ["of a newer version"]):
        lease = codec.lease_from(attempt.id, json.dumps([unit.key, attempt.node, attempt.worker, 1.5, *more]))
        assert (lease.unit, lease.attempt, lease.since) == (unit, attempt, 1.5)
        queued = codec.queued_unit_from(unit.key, json.dumps(["rq1", 1.5, *more]))
        assert (queued.unit, queued.rq_id, queued.since) == (unit, "rq1", 1.5)
    assert codec.readable_queued_unit(unit.key, "[]") is None


def test_a_worker_pools_report_is_read_back_as_it_was() -> None:
    info = NodeInfo(
        "node",
        2,
        ("tesseract",),
        ("eng", "deu"),
        "1.0",
        settings={"RESULT_TTL": "digest"},
        process=ProcessId("space", 42, "1234"),
        helpers=2,
        sandbox=("files", "system_calls"),
    )
    assert codec.node_from(codec.node_text(info)) == info


def test_a_report_of_an_older_version_has_no_settings_and_no_process() -> None:
    older = {"node": "node", "workers": 2, "engines": ["tesseract"], "languages": ["eng"], "version": "0.1.0"}
    info = codec.node_from(json.dumps(older))
    assert (info.settings, info.process, info.helpers, info.sandbox) == ({}, None, 1, None)
