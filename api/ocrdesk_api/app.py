"""The HTTP service's table of contents: services, middleware, errors, routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline

from ocrdesk import __version__
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api import problems
from ocrdesk_api.guard import BrowserGuard
from ocrdesk_api.http_metrics import HttpMetrics
from ocrdesk_api.request_ids import RequestIds
from ocrdesk_api.routes import events, jobs, metrics, ocr, service

_DESCRIPTION = """\
Scans, PDFs, screenshots and photos into text.

Submit a file, poll or follow its job, fetch the text. Results are kept for a day.
Every error has the same body: what happened, what to do, and a stable code.
"""
_ERRORS: dict[int | str, dict[str, object]] = {
    401: {"model": ErrorBody, "description": "The API key is missing or wrong"},
    503: {"model": ErrorBody, "description": "Redis is away, or storage is full: try again later"},
}


def create_app(settings: Settings) -> FastAPI:
    """The application. It starts also while Redis is away, and answers 503 until it is back."""
    services = Services.open(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001
        await services.hub.start()
        yield
        await services.hub.stop()

    # FastAPIOffline serves /docs and /redoc from its own package: the service reaches for no CDN.
    app = FastAPIOffline(title="ocrdesk", version=__version__, description=_DESCRIPTION, lifespan=lifespan)
    app.state.services = services
    app.state.metrics = HttpMetrics()
    app.add_middleware(BrowserGuard, hosts=settings.allowed_hosts, check_origin=not settings.api_key_enabled)
    # the last one added is the outermost: every answer has its request's id, refusals too
    app.add_middleware(RequestIds, metrics=app.state.metrics, is_closing=lambda: services.hub.closing)
    problems.install(app)

    api = APIRouter(prefix="/api/v1", responses=_ERRORS)
    for part in (ocr, jobs, events, service, metrics):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(metrics.router, include_in_schema=False)

    @app.get("/", include_in_schema=False)
    def root() -> RedirectResponse:
        return RedirectResponse("/docs")

    return app
