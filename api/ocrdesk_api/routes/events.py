"""Server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.sse import EventSourceResponse
from pydantic import AfterValidator, Field

from ocrdesk.backend.events.hub import Message
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.services import Services
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api.access.authentication import Principal
from ocrdesk_api.access.dependencies import JobDep, PrincipalDep, ServicesDep

router = APIRouter(prefix="/ocr/events", tags=["events"])

_KEEP_ALIVE_S = 15.0
_KEEP_ALIVE = b": still here\n\n"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_SSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "A stream of events"}
}


def _check_event_id(value: str) -> str:
    """Check that it has the form of Redis stream ids: two 64-bit numbers."""
    halves = value.split("-")
    if len(halves) != 2 or not all(half.isascii() and half.isdigit() and int(half) < 2**64 for half in halves):
        raise ValueError("is no event's id; send the id of an event of this stream")
    return value


LastEventId = Annotated[
    Annotated[str, Field(json_schema_extra={"pattern": "^[0-9]{1,20}-[0-9]{1,20}$"}), AfterValidator(_check_event_id)]
    | None,
    Header(description="Resume after this event", examples=["1795474859933-0"], max_length=41),
]


@router.get("", summary="Events of all your jobs", response_class=Response, responses=_SSE)
async def all_events(services: ServicesDep, principal: PrincipalDep, last_event_id: LastEventId = None) -> Response:
    """Streams the events of all your jobs from now on, or after Last-Event-ID. The stream does not end by itself.

    After missing more than the server's last 20,000 events, list your jobs again.
    """
    after = last_event_id or await services.hub.newest_id()
    return _stream(services, principal, services.hub.follow_owner(principal.owner, after, _KEEP_ALIVE_S))


@router.get(
    "/{job_id}",
    summary="Events of one job",
    response_class=Response,
    responses={
        **_SSE,
        204: {"description": "The job has ended and you have seen its last event"},
        404: {"model": ErrorBody, "description": "Unknown, expired, or another key's"},
    },
)
async def job_events(
    job: JobDep, services: ServicesDep, principal: PrincipalDep, last_event_id: LastEventId = None
) -> Response:
    """Streams all past events of the job, then new ones; ends when the job ends."""
    if last_event_id and job.state.is_final:
        rest = await asyncio.to_thread(services.ledger.jobs.events, job.job_id, last_event_id, 1)
        if not rest:
            return Response(status_code=204)
    return _stream(services, principal, services.hub.follow_job(job.job_id, last_event_id or "0-0", _KEEP_ALIVE_S))


def _stream(services: Services, principal: Principal, messages: AsyncIterator[Message | None]) -> EventSourceResponse:
    return EventSourceResponse(_stream_bytes(services, principal, messages), headers=_HEADERS)


async def _stream_bytes(
    services: Services, principal: Principal, messages: AsyncIterator[Message | None]
) -> AsyncIterator[bytes]:
    """Yield the stream's bytes. A comment comes first, so that the client knows it is connected, and during silence.

    A stream can last for hours: it ends when the key that opened it stops working, and when Redis does. The hub logs
    the outage once, and clients resume.
    """
    epoch = services.hub.keys_epoch
    yield _KEEP_ALIVE
    with contextlib.suppress(RedisFailure):
        async for message in messages:
            if message is None or epoch != services.hub.keys_epoch:
                epoch = services.hub.keys_epoch
                if not await _is_still_authorized(services, principal):
                    return
            yield message.data if message else _KEEP_ALIVE


async def _is_still_authorized(services: Services, principal: Principal) -> bool:
    if principal.key_id is None or principal.digest is None:
        return True
    return await asyncio.to_thread(services.keys.is_still_valid, principal.key_id, principal.digest)
