"""Request metrics of one process."""

from __future__ import annotations

import asyncio

import httpx2

from ocrdesk.backend.settings import Settings
from ocrdesk.contract.error_messages import TEMPLATES
from ocrdesk_api.app import create_app
from ocrdesk_api.middleware.http_metrics import WATCHED_ERRORS
from tests.helpers import plain_http


def test_two_applications_of_one_process_count_apart(redis_url: str) -> None:
    first, second = (create_app(Settings(redis_url=redis_url)) for _ in range(2))
    first.state.metrics.observe("GET", "/x", 200, 0.1)
    labels = {"method": "GET", "route": "/x", "status": "200"}
    assert first.state.metrics.registry.get_sample_value("ocrdesk_http_requests_total", labels) == 1
    assert second.state.metrics.registry.get_sample_value("ocrdesk_http_requests_total", labels) is None


def test_errors_are_counted_by_what_they_say_also_those_that_nobody_expected(redis_url: str) -> None:
    def boom() -> None:
        raise RuntimeError("boom")

    app = create_app(Settings(redis_url=redis_url))
    app.add_api_route("/boom", boom)

    async def statuses() -> list[int]:
        transport = httpx2.ASGITransport(app)
        async with plain_http.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            return [(await http.get(path)).status_code for path in ("/boom", "/boom", "/nothing")]

    def count(code: str, message_id: str) -> float | None:
        labels = {"code": code, "message_id": message_id}
        found: float | None = app.state.metrics.registry.get_sample_value("ocrdesk_http_errors_total", labels)
        return found

    assert count("internal", "server_internal_request") == 0
    assert count("not_found", "path_not_found") is None
    assert asyncio.run(statuses()) == [500, 500, 404]
    assert count("internal", "server_internal_request") == 2
    assert count("not_found", "path_not_found") == 1


def test_watched_errors_are_ones_that_exist() -> None:
    assert {message_id for _, message_id in WATCHED_ERRORS} <= TEMPLATES.keys()
