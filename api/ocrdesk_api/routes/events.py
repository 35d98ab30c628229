"""Events as they happen, by SSE; a follower that was cut off goes on with Last-Event-ID."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from ocrdesk.backend.hub import owner_topic, wait_for
from ocrdesk.backend.services import Services
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.events import Event
from ocrdesk_api.auth import Principal
from ocrdesk_api.deps import JobDep, PrincipalDep, ServicesDep

router = APIRouter(prefix="/ocr/events", tags=["events"])

_KEEP_ALIVE_S = 15.0
_KEEP_ALIVE = b": still here\n\n"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_SSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "A stream of events"}
}


def _check_event_id(value: str) -> str:
    """Redis's form of a stream's ids: two numbers of 64 bits."""
    halves = value.split("-")
    if len(halves) != 2 or not all(half.isascii() and half.isdigit() and int(half) < 2**64 for half in halves):
        raise ValueError("is no event's id; send the id of an event of this stream")
    return value


LastEventId = Annotated[
    Annotated[str, AfterValidator(_check_event_id)] | None,
    Header(description="Go on after this event", examples=["1795474859933-0"], max_length=41),
]


@router.get("", summary="Events of all your jobs", responses=_SSE)
async def all_events(services: ServicesDep, principal: PrincipalDep, last_event_id: LastEventId = None) -> Response:
    """What happens to any of your jobs from now on, or after Last-Event-ID. Does not end by itself."""
    if last_event_id is None:
        last_event_id = await asyncio.to_thread(services.ledger.last_event_id)
    stream = _all(services, principal, last_event_id)
    return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)


@router.get(
    "/{job_id}",
    summary="Events of one job",
    responses={
        **_SSE,
        204: {"description": "The job is over and you have seen its last event"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
    },
)
async def job_events(
    job: JobDep, services: ServicesDep, principal: PrincipalDep, last_event_id: LastEventId = None
) -> Response:
    """Everything that happened to the job, then what happens; ends with the job's end."""
    if last_event_id and job.state.is_final:
        rest = await asyncio.to_thread(services.ledger.events, job.job_id, last_event_id)
        if not rest:
            return Response(status_code=204)
    stream = _one(services, principal, job.job_id, last_event_id or "0-0")
    return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)


async def _is_let_in(services: Services, principal: Principal) -> bool:
    """Whether the key still works: a stream lives for hours, and a dead key shall see nothing more."""
    return principal.digest is None or await asyncio.to_thread(services.keys.lets_in, principal.digest)


async def _one(services: Services, principal: Principal, job_id: str, last: str) -> AsyncIterator[bytes]:
    with services.hub.watch(job_id) as flag:
        yield _KEEP_ALIVE
        while not services.hub.closing:
            events = await asyncio.to_thread(services.ledger.events, job_id, last)
            if not await _is_let_in(services, principal):
                return
            for event in events:
                last = event.id
                yield _message(event)
                if event.status.is_final:
                    return
            if events:
                continue
            if not await asyncio.to_thread(services.ledger.exists, job_id):
                return
            if not await wait_for(flag, _KEEP_ALIVE_S):
                yield _KEEP_ALIVE


async def _all(services: Services, principal: Principal, last: str) -> AsyncIterator[bytes]:
    with services.hub.watch(owner_topic(principal.owner)) as flag:
        yield _KEEP_ALIVE
        while not services.hub.closing:
            events, seen = await asyncio.to_thread(services.ledger.all_events, principal.owner, last)
            if not await _is_let_in(services, principal):
                return
            for event in events:
                yield _message(event)
            if seen != last:
                last = seen
                continue
            if not await wait_for(flag, _KEEP_ALIVE_S):
                yield _KEEP_ALIVE


def _message(event: Event) -> bytes:
    body = event.model_dump_json(exclude_none=True)
    return f"id: {event.id}\nevent: {event.type}\ndata: {body}\n\n".encode()
