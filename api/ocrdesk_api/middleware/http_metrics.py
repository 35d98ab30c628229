"""Request metrics of this process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from ocrdesk import __version__

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
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
