"""Converts records to Redis hashes and back.

Older and newer versions read what is written here: a field may be added, but none may be renamed or dropped.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ocrdesk.backend.records import (
    ActiveLease,
    Attempt,
    ExportRecord,
    JobRecord,
    Limits,
    NodeInfo,
    PageRecord,
    ProcessId,
    QueuedUnit,
    Unit,
    WebhookTarget,
)
from ocrdesk.contract.error_messages import TEMPLATES, ErrorMessage
from ocrdesk.contract.errors import ErrorInfo
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def job_fields(job: JobRecord) -> dict[str, str | int]:
    """Return the hash of a job's record."""
    return {
        "owner": job.owner,
        "state": job.state.value,
        "file_name": job.file_name,
        "media_type": job.media_type,
        "size_bytes": job.size_bytes,
        "options": job.options.model_dump_json(),
        "limits": json.dumps(asdict(job.limits)),
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else "",
        "ended_at": job.ended_at.isoformat() if job.ended_at else "",
        "notes": json.dumps([[note.message_id, note.params] for note in job.notes]) if job.notes else "",
        "file_pages": "" if job.file_pages is None else job.file_pages,
        "page_count": "" if job.page_count is None else job.page_count,
        "pages_done": job.pages_done,
        "pages_failed": job.pages_failed,
        "inflight": job.inflight,
        "attempt": job.attempt or "",
        "deaths": job.deaths,
        "losses": job.losses,
        "error": job.error.model_dump_json() if job.error else "",
        "revision": job.revision,
        "idempotency": job.idempotency,
        "webhook": json.dumps(asdict(job.webhook)) if job.webhook else "",
        "webhook_hosts": ",".join(job.webhook_hosts),
        "request_id": job.request_id or "",
        "traceparent": job.traceparent or "",
    }


def job_from(job_id: str, fields: Mapping[str, str]) -> JobRecord | None:
    """Return the record in a hash; None for an empty hash, which is a job that does not exist."""
    if not fields:
        return None
    created = _time(fields["created_at"])
    if created is None:
        raise ValueError(f"job {job_id} has no creation time")
    return JobRecord(
        job_id=job_id,
        owner=fields["owner"],
        state=JobState(fields["state"]),
        file_name=fields["file_name"],
        media_type=fields["media_type"],
        size_bytes=int(fields["size_bytes"]),
        options=JobOptions.model_validate_json(fields["options"]),
        limits=Limits(**json.loads(fields["limits"])),
        created_at=created,
        started_at=_time(fields["started_at"]),
        ended_at=_time(fields["ended_at"]),
        notes=_notes(fields.get("notes")),
        file_pages=int(fields["file_pages"]) if fields["file_pages"] else None,
        page_count=int(fields["page_count"]) if fields["page_count"] else None,
        pages_done=int(fields["pages_done"]),
        pages_failed=int(fields["pages_failed"]),
        inflight=int(fields["inflight"]),
        attempt=fields["attempt"] or None,
        deaths=int(fields["deaths"]),
        losses=int(fields["losses"]),
        error=ErrorInfo.model_validate_json(fields["error"]) if fields["error"] else None,
        revision=int(fields["revision"]),
        idempotency=fields["idempotency"],
        webhook=WebhookTarget(**json.loads(fields["webhook"])) if fields.get("webhook") else None,
        webhook_hosts=tuple(filter(None, fields.get("webhook_hosts", "").split(","))),
        request_id=fields.get("request_id") or None,
        traceparent=fields.get("traceparent") or None,
    )


def _notes(text: str | None) -> tuple[ErrorMessage, ...]:
    """Return the notes in a job's JSON, without those that only a later version knows."""
    found = json.loads(text) if text else []
    return tuple(
        ErrorMessage(TEMPLATES[name].format(**params), name, params) for name, params in found if name in TEMPLATES
    )


def page_text(page: PageRecord) -> str:
    """Return a page's record as JSON without empty fields, because a book has thousands of pages."""
    fields: dict[str, Any] = {
        "state": page.state.value,
        "attempt": page.attempt,
        "worker": page.worker,
        "deaths": page.deaths,
        "losses": page.losses,
        "started_at": page.started_at.isoformat() if page.started_at else None,
        "ended_at": page.ended_at.isoformat() if page.ended_at else None,
        "blob": page.blob,
        "error": page.error.model_dump(mode="json") if page.error else None,
    }
    return json.dumps({name: value for name, value in fields.items() if value}, separators=(",", ":"))


def page_from(number: int, text: str | None) -> PageRecord:
    """Return the record in a page's JSON; a queued page where there is none."""
    if text is None:
        return PageRecord(number)
    fields = json.loads(text)
    return PageRecord(
        number=number,
        state=PageState(fields["state"]),
        attempt=fields.get("attempt"),
        worker=fields.get("worker"),
        deaths=fields.get("deaths", 0),
        losses=fields.get("losses", 0),
        started_at=_time(fields.get("started_at")),
        ended_at=_time(fields.get("ended_at")),
        blob=fields.get("blob"),
        error=ErrorInfo(**fields["error"]) if fields.get("error") else None,
    )


def export_text(export: ExportRecord) -> str:
    """Return an export's record as JSON."""
    fields = asdict(export) | {
        "ended_at": export.ended_at.isoformat() if export.ended_at else None,
        "error": export.error.model_dump(mode="json") if export.error else None,
    }
    return json.dumps(fields)


def export_from(name: str, text: str | None) -> ExportRecord | None:
    """Return the record in an export's JSON; None where there is none."""
    if text is None:
        return None
    fields = json.loads(text)
    return ExportRecord(
        name=name,
        revision=fields["revision"],
        limit_s=fields["limit_s"],
        state=PageState(fields["state"]),
        attempt=fields["attempt"],
        deaths=fields["deaths"],
        losses=fields["losses"],
        ended_at=_time(fields["ended_at"]),
        blob=fields["blob"],
        media_type=fields["media_type"],
        error=ErrorInfo(**fields["error"]) if fields["error"] else None,
    )


def lease_text(unit: Unit, attempt: Attempt) -> str:
    """Return the entry that says that an attempt holds a unit from now on."""
    return json.dumps([unit.key, attempt.node, attempt.worker, time.time()])


def lease_from(attempt_id: str, entry: str) -> ActiveLease:
    """Return the lease in an attempt's entry."""
    key, node, worker, since = json.loads(entry)
    return ActiveLease(Unit.from_key(key), Attempt(attempt_id, node, worker), since)


def queued_unit_text(rq_id: str) -> str:
    """Return the entry that says that a unit waits in the queue under this RQ id from now on."""
    return json.dumps([rq_id, time.time()])


def queued_unit_from(key: str, entry: str) -> QueuedUnit:
    """Return the queued unit in a unit's entry."""
    rq_id, since = json.loads(entry)
    return QueuedUnit(Unit.from_key(key), rq_id, since)


def node_text(info: NodeInfo) -> str:
    """Return a worker pool's report as JSON."""
    return json.dumps(asdict(info))


def node_from(text: str) -> NodeInfo:
    """Return the report in a worker pool's JSON."""
    fields = json.loads(text)
    return NodeInfo(
        node=fields["node"],
        workers=fields["workers"],
        engines=tuple(fields["engines"]),
        languages=tuple(fields["languages"]),
        version=fields["version"],
        # a pool of an older version does not report them
        unusable_engines=tuple((name, reason) for name, reason in fields.get("unusable_engines", ())),
        settings=fields.get("settings", {}),
        process=ProcessId(**fields["process"]) if fields.get("process") else None,
        helpers=fields.get("helpers", 1),
    )
