"""Prometheus metrics."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ocrdesk.backend.services import Services
from ocrdesk.contract.api_keys import Scope
from ocrdesk.contract.error_messages import error_message
from ocrdesk.contract.errors import ErrorBody
from ocrdesk_api import redis_metrics, storage_metrics
from ocrdesk_api.access.authentication import credential, identify
from ocrdesk_api.access.dependencies import ServicesDep
from ocrdesk_api.errors import HttpError, metrics_unauthorized, not_found
from ocrdesk_api.middleware.http_metrics import HttpMetrics

router = APIRouter(tags=["service"])


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    response_class=Response,
    responses={
        200: {
            "content": {"text/plain": {}, "application/openmetrics-text": {}},
            "description": "Prometheus text format, or OpenMetrics if requested",
        },
        401: {
            "model": ErrorBody,
            "description": "METRICS_TOKEN or API_KEY_ENABLED is set, and no valid token was sent",
        },
        404: {"model": ErrorBody, "description": "METRICS_ENABLED is off"},
    },
)
def get_metrics(request: Request, services: ServicesDep) -> Response:
    """Returns the metrics of this process and of the whole service; only of this process while Redis is unavailable."""
    settings = services.settings
    if not settings.metrics_enabled:
        raise not_found(error_message("metrics_off"))
    if not _may_read(services, request):
        raise metrics_unauthorized()
    own: HttpMetrics = request.app.state.metrics
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    text = encode(
        _JoinedCollector(
            own.registry.collect(), redis_metrics.read(services.ledger), storage_metrics.read(services.blobs)
        )
    )
    return Response(text, media_type=None, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


class _JoinedCollector(Collector):
    """Joins metric families from several sources for one encoder.

    Omits the creation times of the series, which would be half of all lines.
    """

    def __init__(self, *parts: Iterable[Metric]) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        for part in self._parts:
            for family in part:
                family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
                yield family


def _may_read(services: Services, request: Request) -> bool:
    """Return whether the caller sent METRICS_TOKEN or an admin key; True if neither a token nor keys are set up."""
    settings = services.settings
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if token and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    if not token and not settings.api_key_enabled:
        return True
    key = credential(request.headers, settings.api_key_header)
    try:
        return key is not None and Scope.ADMIN in identify(settings, services.keys, key).scopes
    except HttpError:
        return False
