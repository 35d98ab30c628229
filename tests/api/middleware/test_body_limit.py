"""JSON bodies are limited before they are in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from ocrdesk.backend.settings import Settings
from ocrdesk_api import errors
from ocrdesk_api.app import create_app
from ocrdesk_api.middleware.body_limit import MAX_BODY_BYTES, SmallBodyRoute
from ocrdesk_api.middleware.http_metrics import HttpMetrics
from tests.helpers import plain_http


def size_of(body: dict[str, str]) -> dict[str, int]:
    return {"characters": len(body["text"])}


@pytest.fixture
def app() -> FastAPI:
    router = APIRouter(route_class=SmallBodyRoute)
    router.add_api_route("/size", size_of, methods=["POST"])
    app = FastAPI()
    app.state.metrics = HttpMetrics()
    errors.install(app)
    app.include_router(router)
    return app


def post(app: FastAPI, content: bytes | AsyncIterator[bytes]) -> httpx2.Response:
    async def send() -> httpx2.Response:
        async with plain_http.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as http:
            return await http.post("/size", content=content, headers={"Content-Type": "application/json"})

    return asyncio.run(send())


def body_of(size: int) -> bytes:
    return b'{"text": "' + b"x" * (size - 12) + b'"}'


def test_a_body_of_just_the_allowed_size_is_read_whole(app: FastAPI) -> None:
    answer = post(app, body_of(MAX_BODY_BYTES))
    assert (answer.status_code, answer.json()) == (200, {"characters": MAX_BODY_BYTES - 12})


def test_a_larger_body_is_refused(app: FastAPI) -> None:
    answer = post(app, body_of(MAX_BODY_BYTES + 1))
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (413, "body_too_large")
    assert str(MAX_BODY_BYTES) in body["detail"]


def test_a_body_without_a_length_is_refused_before_it_is_read_whole(app: FastAPI) -> None:
    sent = []

    async def parts() -> AsyncIterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b" " * 30_000

    assert post(app, parts()).status_code == 413
    assert len(sent) <= 4


def test_every_route_whose_body_fastapi_reads_has_the_limit() -> None:
    """FastAPI reads a declared body before it checks the key, and puts the files of a form on the disk."""
    service = create_app(Settings(redis_url="unix:///nowhere"))
    routes = [found.original_route for found in iter_route_contexts(service.routes)]
    reading = [route for route in routes if isinstance(route, APIRoute) and route.body_field]
    assert {route.path for route in reading} >= {"/auth/register", "/ocr/jobs/{job_id}/retry"}
    assert [route.path for route in reading if not isinstance(route, SmallBodyRoute)] == []


def test_a_large_form_is_refused_without_a_key(keyed_url: str) -> None:
    url = f"{keyed_url}/ocr/jobs/0f8fad5bd9cb469fa16570867728950e/retry"
    for body in ({"data": {"password": "x" * 70_000}}, {"files": {"file": ("a.png", bytes(70_000))}}):
        answer = plain_http.post(url, trust_env=False, **body)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
