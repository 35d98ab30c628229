"""Request metrics of this process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from ocrdesk import __version__
from ocrdesk.backend.outages.redis_errors import ALL_PROBLEMS, FULL
from ocrdesk.contract.errors import ErrorBody, ErrorCode

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
WATCHED_ERRORS = (
    *((ErrorCode.REDIS_UNAVAILABLE, problem.message_id) for problem in ALL_PROBLEMS if not problem.is_full),
    *((ErrorCode.STORAGE_FULL, message_id) for message_id in (FULL.message_id, "storage_full")),
    (ErrorCode.STORAGE_UNAVAILABLE, "storage_unavailable"),
    (ErrorCode.QUEUE_FULL, "queue_full"),
    (ErrorCode.INTERNAL, "server_internal_request"),
)
"""Errors of the service by code and message id. They are reported from 0 on, or the first one would be no increase."""
_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class HttpMetrics:
    """Metrics of one application, in a separate registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ocrdesk_http_requests",
            "HTTP requests that this process has responded to.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "ocrdesk_http_request_duration_seconds",
            "Time from a request's first byte to the last byte of its response, in this process.",
            ("method", "route"),
            buckets=_BOUNDS_S,
            registry=self.registry,
        )
        self._errors = Counter(
            "ocrdesk_http_errors",
            "Error responses of this process's routes, by what they say.",
            ("code", "message_id"),
            registry=self.registry,
        )
        for code, message_id in WATCHED_ERRORS:
            self._errors.labels(code, message_id)
        self.in_progress = Gauge(
            "ocrdesk_http_requests_in_progress",
            "HTTP requests in progress in this process, including open event streams.",
            registry=self.registry,
        )
        build = Gauge("ocrdesk_build_info", "The version of this process.", ("version",), registry=self.registry)
        build.labels(__version__).set(1)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is a path template: real paths would create endless series."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def count_error(self, body: ErrorBody) -> None:
        """Count an error response; its code and message id are of small, fixed sets."""
        self._errors.labels(body.code, body.message_id or "").inc()
