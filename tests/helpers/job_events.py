"""Events as a server sends them."""

from __future__ import annotations

from datetime import UTC, datetime

from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.states import JobState

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def event(job_id: str, status: JobState, **fields: object) -> Event:
    values: dict[str, object] = {"id": "1-0", "type": EventType.JOB, "job_id": job_id, "at": NOW, "status": status}
    return Event.model_validate(values | fields)
