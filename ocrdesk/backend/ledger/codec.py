"""Converts records to Redis hashes and back.

Older and newer versions read what is written here: a field may be added, but none may be renamed or dropped. What is
missing gets a default, what is unknown is kept. A job that cannot be read all the same counts as failed, a page too.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from typing import Any

from redis.exceptions import RedisError, ResponseError

from ocrdesk.backend import redis_keys
from ocrdesk.backend.records import (
    REPLACEMENT,
    UNREADABLE,
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
from ocrdesk.backend.redis_connection import is_wrong_type
from ocrdesk.backend.storage.blob_store import BlobMissingError, checked_name
from ocrdesk.contract.error_messages import TEMPLATES, ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorCode, ErrorInfo
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.page_ranges import PageRanges
from ocrdesk.contract.states import JobState, PageState

RECORD_VERSION = 2
"""Is written with every job; 1 and no version are the same. It goes up when older versions misread what is written."""

RECORD_UNREADABLE = ErrorInfo.of(ErrorCode.INTERNAL, error_message("record_unreadable"))
"""The error of a job or page whose record cannot be read."""

NOT_A_HASH = {"": ""}
"""Stands for the fields of a key of another type."""

_UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)
_PAGE_TIMEOUT_S = 60.0
"""Stands for a missing time limit."""
_LONGEST_LIMIT_S = 1e12
_MOST_WORKERS = 1_000_000
LARGEST_COUNT = 2**40
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_MOST_PAGES = 1_000_000
"""No file has more: a larger count is damage, and working with its page numbers would fill the memory."""


def _names(record: type) -> frozenset[str]:
    return frozenset(entry.name for entry in dataclass_fields(record))


_LIMITS, _WEBHOOK = _names(Limits), _names(WebhookTarget)
_PAGE, _EXPORT, _PROCESS = _names(PageRecord), _names(ExportRecord), _names(ProcessId)


def _time(value: str | None) -> datetime | None:
    """Return a stored time; one without a time zone, which no version wrote, counts as UTC."""
    if not value:
        return None
    time = datetime.fromisoformat(value)
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _json(text: str) -> Any:
    """Return the value in a stored JSON. Raises ValueError if a text in it could not be sent to anybody."""
    value = json.loads(text)
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair
    return value


def _count(value: Any) -> int:
    """Return a stored count within the bounds that sums of them, and Redis, can hold."""
    return min(max(0, int(value or 0)), LARGEST_COUNT)


def job_fields(job: JobRecord) -> dict[str, str | int]:
    """Return the hash of a job's record."""
    return _fixed_fields(job) | changing_fields(job)


def _fixed_fields(job: JobRecord) -> dict[str, str | int]:
    """Return what does not change after a job was accepted."""
    return {
        "owner": job.owner,
        "file_name": job.file_name,
        "media_type": job.media_type,
        "size_bytes": job.size_bytes,
        "options": job.options.model_dump_json(),
        "limits": json.dumps(asdict(job.limits)),
        "created_at": job.created_at.isoformat(),
        "idempotency": job.idempotency,
        "webhook": json.dumps(asdict(job.webhook)) if job.webhook else "",
        "webhook_hosts": ",".join(job.webhook_hosts),
        "request_id": job.request_id or "",
        "traceparent": job.traceparent or "",
    }


def changing_fields(job: JobRecord) -> dict[str, str | int]:
    """Return what may have changed in a job's hash since it was accepted.

    The rest is not written again, so that what a newer version stored there is kept.
    """
    return {
        "v": RECORD_VERSION,
        "state": job.state.value,
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
    }


def job_from(job_id: str, fields: Mapping[str, str]) -> JobRecord | None:
    """Return the record in a hash; None for an empty hash, which is a job that does not exist.

    A hash that cannot be read becomes a failed job with `is_readable` false.
    """
    if not fields:
        return None
    try:
        return _job_from(job_id, fields)
    except UNREADABLE:
        return _stand_in(job_id, fields)


def read_job(redis: Any, job_id: str) -> JobRecord | None:
    """Read a job's hash and return its record, as `job_from` does. A key of another type cannot be read either."""
    try:
        return job_from(job_id, redis.hgetall(redis_keys.job(job_id)))
    except ResponseError as error:
        if not is_wrong_type(error):
            raise
        return job_from(job_id, NOT_A_HASH)


def read_jobs(redis: Any, job_ids: Sequence[str]) -> list[JobRecord | None]:
    """Read the hashes of jobs in one request and return their records, as `read_job` does."""
    with redis.pipeline(transaction=False) as pipe:
        for job_id in job_ids:
            pipe.hgetall(redis_keys.job(job_id))
        answers = pipe.execute(raise_on_error=False)
    for error in answers:
        if isinstance(error, RedisError) and not is_wrong_type(error):
            raise error
    hashes = (fields if isinstance(fields, dict) else NOT_A_HASH for fields in answers)
    return [job_from(job_id, fields) for job_id, fields in zip(job_ids, hashes, strict=True)]


def _job_from(job_id: str, fields: Mapping[str, str]) -> JobRecord:
    get = fields.get
    options = JobOptions(**_known(JobOptions.model_fields, get("options")))
    file_pages, page_count = _page_counts(get("file_pages"), get("page_count"), options)
    return JobRecord(
        job_id=job_id,
        owner=_owner(fields["owner"]),
        state=JobState(fields["state"]),
        file_name=get("file_name", ""),
        media_type=fields["media_type"],
        size_bytes=_count(get("size_bytes")),
        options=options,
        limits=_limits(get("limits")),
        created_at=_time(get("created_at")) or _UNKNOWN_TIME,
        started_at=_time(get("started_at")),
        ended_at=_time(get("ended_at")),
        notes=_notes(get("notes")),
        file_pages=file_pages,
        page_count=page_count,
        pages_done=_count(get("pages_done")),
        pages_failed=_count(get("pages_failed")),
        inflight=_count(get("inflight")),
        attempt=get("attempt") or None,
        deaths=_count(get("deaths")),
        losses=_count(get("losses")),
        error=_error(_json(fields["error"])) if get("error") else None,
        revision=_count(get("revision")),
        idempotency=get("idempotency", ""),
        webhook=_webhook(get("webhook")),
        webhook_hosts=tuple(filter(None, get("webhook_hosts", "").split(","))),
        request_id=get("request_id") or None,
        traceparent=get("traceparent") or None,
    )


def _stand_in(job_id: str, fields: Mapping[str, str]) -> JobRecord:
    """Return what stands for a job that cannot be read."""
    try:
        created = _time(fields.get("created_at")) or _UNKNOWN_TIME
    except UNREADABLE:
        created = _UNKNOWN_TIME
    owner = fields.get("owner", "")
    return JobRecord(
        job_id=job_id,
        owner="" if REPLACEMENT in owner else owner,  # the lists of jobs tell whose it is
        state=JobState.FAILED,
        file_name=fields.get("file_name", ""),
        media_type=fields.get("media_type", ""),
        size_bytes=0,
        options=JobOptions(),
        limits=Limits(max_pages=None, page_timeout_s=_PAGE_TIMEOUT_S),
        created_at=created,
        ended_at=created,
        error=RECORD_UNREADABLE,
        is_readable=False,
    )


def _page_counts(file_pages: str | None, page_count: str | None, options: JobOptions) -> tuple[int | None, int | None]:
    """Return the pages in the file and those to recognise. Raises ValueError where they contradict each other."""
    ranges, in_file, to_read = PageRanges.parse(options.pages), _number(file_pages), _number(page_count)
    if to_read is None or in_file is None:
        if to_read is not in_file:
            raise ValueError("one of the two is unknown")
    elif not 1 <= to_read <= in_file <= _MOST_PAGES or ranges.count(in_file) != to_read:
        raise ValueError("the pages to recognise are not those of the file")
    return in_file, to_read


def _owner(text: str) -> str:
    """Return who submitted a job. Raises ValueError if the text was damaged."""
    if REPLACEMENT in text:
        raise ValueError("the owner is no text")
    return text


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _text(value: object) -> str | None:
    """Return a text or None. Raises TypeError for anything else."""
    if value is not None and not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _blob(value: object) -> str | None:
    """Return the name of a blob, or None. Raises TypeError or ValueError for what no blob can be named."""
    if not (name := _text(value)):
        return None
    try:
        return checked_name(name)
    except BlobMissingError:
        raise ValueError("not the name of a blob") from None


def _known(names: Iterable[str], text: str | None) -> dict[str, Any]:
    """Return those of a JSON object's fields that this version knows."""
    found = _json(text) if text else {}
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")
    return {name: found[name] for name in names if name in found}


def _limits(text: str | None) -> Limits:
    found = _known(_LIMITS, text)
    max_pages = found.get("max_pages")
    return Limits(
        max_pages=None if max_pages is None else int(max_pages),
        page_timeout_s=_seconds(found.get("page_timeout_s")),
    )


def _seconds(value: Any) -> float:
    """Return a time limit; the usual one where there is none, or one that is no time."""
    seconds = float(value or 0)
    return seconds if math.isfinite(seconds) and 0 < seconds <= _LONGEST_LIMIT_S else _PAGE_TIMEOUT_S


def _webhook(text: str | None) -> WebhookTarget | None:
    found = _known(_WEBHOOK, text)
    return WebhookTarget(**{name: str(_text(value)) for name, value in found.items()}) if text else None


def _error(fields: dict[str, Any]) -> ErrorInfo:
    """Return the error in these fields; one whose code only a newer version knows counts as internal."""
    if fields["code"] not in set(ErrorCode):
        fields = fields | {"code": ErrorCode.INTERNAL}
    return ErrorInfo(**fields)


def _notes(text: str | None) -> tuple[ErrorMessage, ...]:
    """Return the notes in a job's JSON, without those that only a later version knows."""
    found = _json(text) if text else []
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
        "unread_regions": page.unread_regions,
    }
    kept = dict(page.unknown) | {name: value for name, value in fields.items() if value}
    return json.dumps(kept, separators=(",", ":"))


def page_from(number: int, text: str | None) -> PageRecord:
    """Return the record in a page's JSON; a queued page where there is none, a failed one where it cannot be read."""
    if text is None:
        return PageRecord(number)
    try:
        fields = _json(text)
        state, blob = PageState(fields["state"]), _blob(fields.get("blob"))
        if state is PageState.FINISHED and blob is None:
            raise ValueError("it has no result")
        is_bad = state in (PageState.FAILED, PageState.TIMEOUT)
        return PageRecord(
            number=number,
            state=state,
            attempt=_text(fields.get("attempt")),
            worker=_text(fields.get("worker")),
            deaths=_count(fields.get("deaths")),
            losses=_count(fields.get("losses")),
            started_at=_time(fields.get("started_at")),
            ended_at=_time(fields.get("ended_at")),
            blob=blob,
            error=_error(fields["error"]) if fields.get("error") else RECORD_UNREADABLE if is_bad else None,
            unread_regions=_count(fields.get("unread_regions")),
            unknown={name: value for name, value in fields.items() if name not in _PAGE},
        )
    except UNREADABLE:
        return PageRecord(number, PageState.FAILED, error=RECORD_UNREADABLE)


def is_page_number(text: str) -> bool:
    """Return whether a stored text is the number of a page."""
    return _PAGE_NUMBER.fullmatch(text) is not None


def pages_from(stored: Mapping[str, str]) -> list[PageRecord]:
    """Return the records in a hash of pages, by number, without entries that belong to no page."""
    numbers = sorted((name for name in stored if is_page_number(name)), key=int)
    return [page_from(int(name), stored[name]) for name in numbers]


def read_pages(redis: Any, job_id: str) -> list[PageRecord]:
    """Read a job's hash of pages and return its records. A key of another type has none."""
    try:
        return pages_from(redis.hgetall(redis_keys.job_pages(job_id)))
    except ResponseError as error:
        if not is_wrong_type(error):
            raise
        return []


def export_text(export: ExportRecord) -> str:
    """Return an export's record as JSON."""
    fields = asdict(export) | {
        "ended_at": export.ended_at.isoformat() if export.ended_at else None,
        "error": export.error.model_dump(mode="json") if export.error else None,
    }
    return json.dumps(fields.pop("unknown") | fields)


def export_from(name: str, text: str | None) -> ExportRecord | None:
    """Return the record in an export's JSON; None where there is none or it cannot be read: it can be made again."""
    if text is None:
        return None
    try:
        fields = _json(text)
        return ExportRecord(
            name=name,
            revision=int(fields["revision"]),
            limit_s=_seconds(fields.get("limit_s")),
            state=PageState(fields["state"]),
            attempt=_text(fields.get("attempt")),
            deaths=_count(fields.get("deaths")),
            losses=_count(fields.get("losses")),
            ended_at=_time(fields.get("ended_at")),
            blob=_blob(fields.get("blob")),
            media_type=_text(fields.get("media_type")) or "",
            error=_error(fields["error"]) if fields.get("error") else None,
            unknown={name: value for name, value in fields.items() if name not in _EXPORT},
        )
    except UNREADABLE:
        return None


def lease_from(attempt_id: str, entry: str) -> ActiveLease:
    """Return the lease in an attempt's entry (which `clock` writes). Raises UNREADABLE."""
    key, node, worker, since, *_ = _json(entry)
    return ActiveLease(Unit.from_key(key), Attempt(attempt_id, node, worker), float(since))


def readable_lease(attempt_id: str, entry: str) -> ActiveLease | None:
    """Return the lease in an attempt's entry; None if it cannot be read."""
    try:
        return lease_from(attempt_id, entry)
    except UNREADABLE:
        return None


def queued_unit_from(key: str, entry: str) -> QueuedUnit:
    """Return the queued unit in a unit's entry (which `transaction` writes). Raises UNREADABLE."""
    rq_id, since, *_ = _json(entry)
    return QueuedUnit(Unit.from_key(key), str(rq_id), float(since))


def readable_queued_unit(key: str, entry: str) -> QueuedUnit | None:
    """Return the queued unit in a unit's entry; None if it cannot be read."""
    try:
        return queued_unit_from(key, entry)
    except UNREADABLE:
        return None


def node_text(info: NodeInfo) -> str:
    """Return a worker pool's report as JSON."""
    return json.dumps(asdict(info))


def node_from(text: str) -> NodeInfo:
    """Return the report in a worker pool's JSON."""
    fields = _json(text)
    return NodeInfo(
        node=str(fields["node"]),
        workers=_workers(fields["workers"]),
        engines=tuple(map(str, fields["engines"])),
        languages=tuple(map(str, fields["languages"])),
        version=str(fields["version"]),
        # a pool of an older version does not report them
        unusable_engines=tuple((str(name), str(why)) for name, why in fields.get("unusable_engines", ())),
        settings={str(name): str(value) for name, value in fields.get("settings", {}).items()},
        process=ProcessId(**{name: fields["process"][name] for name in _PROCESS}) if fields.get("process") else None,
        helpers=_workers(fields.get("helpers", 1)),
        sandbox=tuple(map(str, fields["sandbox"])) if isinstance(fields.get("sandbox"), list) else None,
        formats=tuple(map(str, fields.get("formats", ()))),
        clock_offset_s=_finite(fields.get("clock_offset_s")),
    )


def _finite(value: object) -> float | None:
    """Return a finite number; None for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else None  # type: ignore[arg-type]


def _workers(number: object) -> int:
    """Return a number of processes. Raises TypeError or ValueError for anything else."""
    if not isinstance(number, int):
        raise TypeError("not a number")
    if not 0 <= number <= _MOST_WORKERS:
        raise ValueError("not a number of processes")
    return number


def readable_node(text: str) -> NodeInfo | None:
    """Return the report in a worker pool's JSON; None if it cannot be read, as perhaps a newer version's."""
    try:
        return node_from(text)
    except UNREADABLE:
        return None
