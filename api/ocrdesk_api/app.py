"""`create_app`: services, middleware, error handlers, routes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline

from ocrdesk import __version__
from ocrdesk.backend.foreign_workers import ForeignWorkers
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.tracing import traces
from ocrdesk.contract.api_keys import Scope
from ocrdesk_api import errors, openapi
from ocrdesk_api.access import rate_limits
from ocrdesk_api.access.authentication import warn_of_short_keys
from ocrdesk_api.health_check import HealthCheck
from ocrdesk_api.middleware.browser_guard import BrowserGuardMiddleware
from ocrdesk_api.middleware.cross_origin import CrossOriginMiddleware
from ocrdesk_api.middleware.early_response import EarlyResponseMiddleware
from ocrdesk_api.middleware.head_requests import HeadRequestsMiddleware
from ocrdesk_api.middleware.http_metrics import HttpMetrics
from ocrdesk_api.middleware.path_prefix import prefix_of
from ocrdesk_api.middleware.request_log import RequestLogMiddleware
from ocrdesk_api.middleware.security_headers import SecurityHeadersMiddleware
from ocrdesk_api.middleware.trusted_proxies import TrustedProxiesMiddleware
from ocrdesk_api.request_spans import REQUEST_SPANS
from ocrdesk_api.results.turns import Turns
from ocrdesk_api.routes import api_keys, events, jobs, metrics, pages, results, service, submit, webhooks
from ocrdesk_api.server_stop import ServerStop

_SWITCH_INTERVAL_S = 0.0005
"""How long a thread waits for the interpreter at most: a tenth of Python's default. A request talks to Redis several
times in a thread, and each time waits for the event loop to release the interpreter."""
_CONTACT = {"name": "The ocrdesk developers", "url": "https://example.org/ocrdesk"}
_DESCRIPTION = """\
Turns scans, PDFs, screenshots and photos into text.

Submit a file, poll or follow its job, fetch the text. Results are kept for a day by default.
All errors have the same body: what happened, what to do, and a stable code.
"""
_ERRORS: dict[int | str, dict[str, object]] = {
    401: openapi.described("The API key is missing, wrong or expired", errors.unauthorized("X-API-Key")),
    403: openapi.described(
        "The key lacks the required scope, or a web page of another site sent the request",
        errors.scope_missing(Scope.SUBMIT, (Scope.READ,)),
    ),
    503: openapi.described(
        "Redis is unavailable or storage is full; try again later", errors.redis_unavailable(), errors.storage_full()
    ),
}


def create_app(settings: Settings) -> FastAPI:
    """Create the application. It also starts while Redis is unavailable, and responds 503 until it returns."""
    warn_of_short_keys(settings)
    traces.start("ocrdesk-api", in_background=True)
    services = Services.open(settings)
    stop = ServerStop(services.hub, drain_s=settings.api_drain_s, grace_s=settings.api_grace_s)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sys.setswitchinterval(_SWITCH_INTERVAL_S)
        with stop.on_signals():
            await services.hub.start()
            watch = asyncio.create_task(ForeignWorkers(settings).watch())
            async with app.state.health_check.logging_findings():
                yield
            watch.cancel()
            await services.hub.stop()
            await asyncio.to_thread(traces.flush)

    # FastAPIOffline serves /docs and /redoc from its own package, without a CDN.
    app = FastAPIOffline(
        title="ocrdesk",
        version=__version__,
        description=_DESCRIPTION,
        contact=_CONTACT,
        license_info={"name": "MIT", "identifier": "MIT"},
        generate_unique_id_function=openapi.operation_id,
        lifespan=lifespan,
        telemetry=REQUEST_SPANS,
    )
    app.state.services = services
    app.state.stop = stop
    app.state.corrections = Turns()
    app.state.metrics = HttpMetrics()
    app.state.health_check = HealthCheck(services)
    _add_middleware(app, settings)
    _include_routes(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    app.add_middleware(HeadRequestsMiddleware)
    app.add_middleware(
        BrowserGuardMiddleware,
        hosts=settings.allowed_hosts,
        origins=settings.cors_origins,
        check_origin=not settings.api_key_enabled,
        # Where every request needs a key that callers cannot create, a page has nothing to gain by its host's name.
        check_unlisted_hosts=not settings.api_key_enabled or settings.registration_enabled,
    )
    errors.install(app)
    rate_limits.install(app)
    app.add_middleware(TrustedProxiesMiddleware, networks=settings.trusted_proxies, root_path=settings.root_path)
    app.add_middleware(EarlyResponseMiddleware)
    # The last one added is the outermost: every response has its request id, also refusals, and a browser can read it.
    app.add_middleware(RequestLogMiddleware, metrics=app.state.metrics, stop=app.state.stop)
    app.add_middleware(CrossOriginMiddleware, origins=settings.cors_origins)
    app.add_middleware(SecurityHeadersMiddleware)


def _include_routes(app: FastAPI, settings: Settings) -> None:
    api = APIRouter(responses=_ERRORS)
    # FastAPI completes a route when a request is first compared with it: those of the first requests come first.
    for part in (service, submit, results, jobs, pages, events, webhooks, api_keys, metrics):
        rate_limits.include(api, part.router, settings)
    app.include_router(api, prefix="/api/v1")  # with the prefix here, or FastAPI would complete all routes now
    app.include_router(metrics.router, include_in_schema=False)
    app.webhooks.include_router(webhooks.sent)
    openapi.install(app, settings)

    @app.get("/", include_in_schema=False)
    def root(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{prefix_of(request.scope)}/docs")
