"""What the service says of itself: health and capabilities."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from ocrdesk import __version__
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.jobs import Capabilities, EngineName, Health, Limits, UnavailableEngine
from ocrdesk.contract.media_types import MediaType
from ocrdesk_api.access.dependencies import PrincipalDep, ServicesDep
from ocrdesk_api.errors import RETRY_AFTER_S, redis_away, shutting_down

router = APIRouter(tags=["service"])


@router.get(
    "/health",
    summary="Whether the service can take and do work",
    response_model=Health,
    responses={503: {"model": ErrorBody, "description": "Redis is away"}},
)
def health(services: ServicesDep) -> Health | JSONResponse:
    """Asks Redis. `workers` counts worker processes that sent a heartbeat lately."""
    try:
        services.ledger.ping()
        workers = sum(node.workers for node in services.ledger.nodes.live())
        queued = services.ledger.backlog.queue_length()
    except RedisFailure:
        sick = Health(status="unhealthy", redis="disconnected", version=__version__)
        return JSONResponse(
            sick.model_dump() | redis_away().body.model_dump(),
            status_code=503,
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    return Health(status="healthy", redis="connected", workers=workers, queued=queued, version=__version__)


@router.get("/health/live", summary="Whether this process answers", response_model=dict[str, str])
async def live() -> dict[str, str]:
    """Always 200 while the process is alive; Redis is not asked."""
    return {"status": "alive"}


@router.get(
    "/health/ready",
    summary="Whether work can be taken now",
    response_model=Health,
    responses={503: {"model": ErrorBody, "description": "Redis is away, or this process is stopping"}},
)
def ready(services: ServicesDep) -> Health | JSONResponse:
    """As /health; 503 too once this process was told to stop, so that load balancers look elsewhere."""
    if services.hub.draining or services.hub.closing:
        leaving = shutting_down()
        state = {"status": "stopping", "redis": "unknown", "version": __version__}
        return JSONResponse(state | leaving.body.model_dump(), status_code=503, headers=leaving.headers)
    return health(services)


@router.get("/capabilities", summary="Engines, languages, formats and limits")
def capabilities(services: ServicesDep, principal: PrincipalDep) -> Capabilities:
    """What can be asked of this server, as its live workers have it."""
    nodes = services.ledger.nodes.live()
    settings = services.settings
    return Capabilities(
        version=__version__,
        engines=(EngineName.AUTO, *sorted({name for node in nodes for name in node.engines})),
        unavailable_engines=tuple(
            UnavailableEngine(name=name, reason=reason)
            for name, reason in sorted({one for node in nodes for one in node.unusable_engines})
        ),
        languages=tuple(sorted({name for node in nodes for name in node.languages})),
        media_types=tuple(MediaType),
        limits=Limits(
            max_file_size_bytes=None if principal.unlimited else settings.max_file_size_bytes,
            max_pages=None if principal.unlimited else settings.max_pages,
            page_timeout_s=settings.ocr_timeout_per_page,
            result_ttl_s=settings.result_ttl,
        ),
    )
