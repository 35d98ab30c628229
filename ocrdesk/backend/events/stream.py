"""Writes and reads the event streams."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from ocrdesk.backend.records import ExportRecord, JobRecord, PageRecord, utc_now
from ocrdesk.backend.redis_keys import EVENTS, job_events
from ocrdesk.contract.error_messages import ErrorMessage
from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.states import JobState, PageState

_GLOBAL_EVENTS_KEPT = 20_000
_MESSAGE = TypeAdapter(ErrorMessage)
_MESSAGES: TypeAdapter[tuple[ErrorMessage, ...]] = TypeAdapter(tuple[ErrorMessage, ...])
KEYS_CHANGED = "keys"
"""The type of an entry that is not a job's event: an API key ended, so every process must check its open streams."""

# An event has the same id in both streams, so that a Last-Event-ID of one is valid in the other.
_EMIT = """#!lua flags=allow-oom
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'owner', ARGV[2], unpack(ARGV, 3))
if KEYS[2] then redis.call('XADD', KEYS[2], id, unpack(ARGV, 3)) end
return id
"""


def emit(pipe: Any, owner: str, fields: dict[str, str]) -> None:
    """Write an event to the stream of all events and to the job's own; a deletion only to the former."""
    keys = [EVENTS] if fields["type"] == EventType.DELETED else [EVENTS, job_events(fields["job_id"])]
    flat = [part for field in fields.items() for part in field]
    pipe.eval(_EMIT, len(keys), *keys, _GLOBAL_EVENTS_KEPT, owner, *flat)


def announce_keys_changed(redis: Any) -> None:
    """Make every api process check again whether the API keys of its open streams are still valid."""
    redis.eval(_EMIT, 1, EVENTS, _GLOBAL_EVENTS_KEPT, "", "type", KEYS_CHANGED, "job_id", "")


def event_fields(
    job: JobRecord, kind: EventType, page: PageRecord | None = None, export: ExportRecord | None = None
) -> dict[str, str]:
    """Return an event as the fields of a stream's entry."""
    fields = {
        "type": kind.value,
        "job_id": job.job_id,
        "at": utc_now().isoformat(),
        "status": job.state.value,
        "done": str(job.pages_done),
        "failed": str(job.pages_failed),
    }
    if job.page_count is not None:
        fields["count"] = str(job.page_count)
    if job.revision:
        fields["revision"] = str(job.revision)
    error = page.error if page else export.error if export else job.error
    if page:
        fields |= {"page": str(page.number), "page_status": page.state.value}
    if export:
        fields |= {"export": export.name, "export_status": export.state.value}
    if error:
        fields |= {"error": error.message, "code": error.code.value}
        if error.message_id:
            fields["error_message"] = _MESSAGE.dump_json(error.error_message).decode()
    if kind is EventType.JOB and job.warnings:
        fields["warnings"] = _MESSAGES.dump_json(job.warnings).decode()
    return fields


def event_from(event_id: str, fields: dict[str, str]) -> Event:
    """Return the event in an entry of a stream."""
    return Event(
        id=event_id,
        type=EventType(fields["type"]),
        job_id=fields["job_id"],
        at=datetime.fromisoformat(fields["at"]),
        status=JobState(fields["status"]),
        page_count=int(fields["count"]) if "count" in fields else None,
        pages_done=int(fields["done"]),
        pages_failed=int(fields["failed"]),
        page=int(fields["page"]) if "page" in fields else None,
        page_status=PageState(fields["page_status"]) if "page_status" in fields else None,
        export=fields.get("export"),
        export_status=PageState(fields["export_status"]) if "export_status" in fields else None,
        revision=int(fields.get("revision", 0)),
        error=fields.get("error"),
        error_code=fields.get("code"),
        error_message=_MESSAGE.validate_json(fields["error_message"]) if "error_message" in fields else None,
        warnings=_MESSAGES.validate_json(fields["warnings"]) if "warnings" in fields else (),
    )
