"""Health and capabilities."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from ocrdesk import __version__
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.contract.capabilities import (
    Capabilities,
    Health,
    HealthFinding,
    Limits,
    UnavailableEngine,
    WorkerPool,
    WorkerPools,
)
from ocrdesk.contract.engines import EngineName
from ocrdesk.contract.errors import ErrorBody
from ocrdesk.contract.media_types import MediaType
from ocrdesk_api.access.dependencies import AdminDep, PrincipalDep, ServicesDep
from ocrdesk_api.errors import HttpError, no_worker_alive, redis_unavailable, shutting_down, storage_unavailable
from ocrdesk_api.health_check import HealthCheck, HealthReport
from ocrdesk_api.submission.admission import page_timeout_s

router = APIRouter(tags=["service"])


def get_health_check(request: Request) -> HealthCheck:
    check: HealthCheck = request.app.state.health_check
    return check


HealthCheckDep = Annotated[HealthCheck, Depends(get_health_check)]


@router.get(
    "/health",
    summary="Whether the service accepts and processes jobs",
    response_model=Health,
    responses={503: {"model": ErrorBody, "description": "Redis is unavailable, or refuses to write"}},
)
def get_health(check: HealthCheckDep) -> Health | JSONResponse:
    """Writes a key to Redis, and checks the workers. `workers` counts worker processes with a recent heartbeat.

    `status` is `degraded` while jobs wait and no worker is alive, while the storage folder cannot be used, and while
    workers have other settings than the api; `findings` say which. Jobs are accepted nevertheless, except while the
    storage folder cannot be used.
    """
    try:
        return _health(check.examine())
    except RedisFailure as error:
        return _unhealthy(error)


@router.get("/health/live", summary="Whether this process responds", response_model=dict[str, str])
async def get_liveness() -> dict[str, str]:
    """Returns 200 while the process is alive; does not check Redis."""
    return {"status": "alive"}


@router.get(
    "/health/ready",
    summary="Whether this process accepts jobs now",
    response_model=Health,
    responses={
        503: {
            "model": ErrorBody,
            "description": "Redis or the storage is unavailable or refuses to write, this process is stopping, or jobs "
            "have waited for READY_GRACE_S without a live worker",
        }
    },
)
def get_readiness(services: ServicesDep, check: HealthCheckDep) -> Health | JSONResponse:
    """Returns the same as /health. 503 lets load balancers use another process.

    It is 503 while this process is stopping or cannot use the storage folder, and when jobs have waited for longer than
    READY_GRACE_S without a worker.
    """
    if services.hub.draining or services.hub.closing:
        state = {"status": "stopping", "redis": "unknown", "version": __version__}
        return _refusal(state, shutting_down())
    try:
        report = check.examine()
    except RedisFailure as error:
        return _unhealthy(error)
    if report.storage:
        return _refusal(_health(report).model_dump(), storage_unavailable(report.storage))
    if report.no_worker and report.unserved_s > services.settings.ready_grace_s:
        return _refusal(_health(report).model_dump(), no_worker_alive(report.no_worker))
    return _health(report)


@router.get("/health/pools", summary="The live worker pools and their sandboxes (admin)")
def list_pools(services: ServicesDep, principal: AdminDep) -> WorkerPools:  # noqa: ARG001
    """Returns what each live worker pool says of itself, also what its machine restricts for files in wrong hands."""
    return WorkerPools(
        pools=tuple(
            WorkerPool(
                name=node.node,
                workers=node.workers,
                version=node.version,
                engines=node.engines,
                languages=node.languages,
                sandbox=node.sandbox,
            )
            for node in services.ledger.nodes.live()
        )
    )


def _health(report: HealthReport) -> Health:
    return Health(
        status="degraded" if report.findings else "healthy",
        redis="connected",
        workers=report.workers,
        queued=report.queued,
        version=__version__,
        findings=tuple(HealthFinding.of(found) for found in report.findings),
    )


def _unhealthy(error: RedisFailure) -> JSONResponse:
    """Return the 503 of a Redis that does not answer, or that refuses to write; the finding says why."""
    problem = problem_of(error)
    if problem is None:
        raise error
    state = Health(
        status="unhealthy",
        redis="refuses writes" if problem.is_refusal else "disconnected",
        version=__version__,
        findings=(HealthFinding.of(problem.message),),
    )
    return _refusal(state.model_dump(), redis_unavailable(problem))


def _refusal(state: dict[str, Any], problem: HttpError) -> JSONResponse:
    """Return a 503 with the state beside the error."""
    body = state | problem.body.model_dump(exclude_none=True)
    return JSONResponse(body, status_code=problem.status, headers=problem.headers)


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
            page_timeout_s=page_timeout_s(settings, principal),
            result_ttl_s=settings.result_ttl,
        ),
    )
