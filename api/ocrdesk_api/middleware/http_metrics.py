"""What this process counts of its own requests, and itself, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from ocrdesk import __version__

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class HttpMetrics:
    """Counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ocrdesk_http_requests",
            "HTTP requests answered by this process.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "ocrdesk_http_request_duration_seconds",
            "Time from a request's first byte to its answer's last, in this process.",
            ("method", "route"),
            buckets=_BOUNDS_S,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "ocrdesk_http_requests_in_progress",
            "HTTP requests that this process is answering, open event streams among them.",
            registry=self.registry,
        )
        build = Gauge("ocrdesk_build_info", "The version of this process.", ("version",), registry=self.registry)
        build.labels(__version__).set(1)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is a path template: what callers choose freely would make endless series."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)
