"""Health and capabilities."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from ocrdesk import __version__
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.contract.capabilities import Capabilities, Health, Limits, UnavailableEngine
from ocrdesk.contract.engines import EngineName
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.media_types import MediaType
from ocrdesk_api.access.dependencies import PrincipalDep, ServicesDep
from ocrdesk_api.errors import RETRY_AFTER_S, redis_unavailable, shutting_down

router = APIRouter(tags=["service"])


@router.get(
    "/health",
    summary="Whether the service accepts and processes jobs",
    response_model=Health,
    responses={503: {"model": ErrorBody, "description": "Redis is unavailable"}},
)
def get_health(services: ServicesDep) -> Health | JSONResponse:
    """Checks Redis. `workers` counts worker processes with a recent heartbeat."""
    try:
        services.ledger.ping()
        workers = sum(node.workers for node in services.ledger.nodes.live())
        queued = services.ledger.backlog.queue_length()
    except RedisFailure:
        unhealthy = Health(status="unhealthy", redis="disconnected", version=__version__)
        return JSONResponse(
            unhealthy.model_dump() | redis_unavailable().body.model_dump(exclude_none=True),
            status_code=503,
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    return Health(status="healthy", redis="connected", workers=workers, queued=queued, version=__version__)


@router.get("/health/live", summary="Whether this process responds", response_model=dict[str, str])
async def get_liveness() -> dict[str, str]:
    """Returns 200 while the process is alive; does not check Redis."""
    return {"status": "alive"}


@router.get(
    "/health/ready",
    summary="Whether this process accepts jobs now",
    response_model=Health,
    responses={503: {"model": ErrorBody, "description": "Redis is unavailable, or this process is stopping"}},
)
def get_readiness(services: ServicesDep) -> Health | JSONResponse:
    """Returns the same as /health, and 503 when this process is stopping, so that load balancers use another."""
    if services.hub.draining or services.hub.closing:
        stopping = shutting_down()
        state = {"status": "stopping", "redis": "unknown", "version": __version__}
        return JSONResponse(
            state | stopping.body.model_dump(exclude_none=True), status_code=503, headers=stopping.headers
        )
    return get_health(services)


@router.get("/capabilities", summary="Engines, languages, formats and limits")
def get_capabilities(services: ServicesDep, principal: PrincipalDep) -> Capabilities:
    """Returns what this server and its live workers support."""
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
