"""Request metrics of one process."""

from __future__ import annotations

from ocrdesk.backend.settings import Settings
from ocrdesk_api.app import create_app


def test_two_applications_of_one_process_count_apart(redis_url: str) -> None:
    first, second = (create_app(Settings(redis_url=redis_url)) for _ in range(2))
    first.state.metrics.observe("GET", "/x", 200, 0.1)
    labels = {"method": "GET", "route": "/x", "status": "200"}
    assert first.state.metrics.registry.get_sample_value("ocrdesk_http_requests_total", labels) == 1
    assert second.state.metrics.registry.get_sample_value("ocrdesk_http_requests_total", labels) is None
