"""Idempotency-Key: the same upload under the same key is the same job."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from ocrdesk.backend.ledger.jobs import Jobs
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk_api.app import create_app
from tests.api.conftest import Api, error_code
from tests.helpers import plain_http
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_png

_numbers = itertools.count()


def once(api: Api, data: bytes, key: str, name: str = "file.png", **fields: str) -> httpx2.Response:
    return api.http.post("/ocr/submit", files={"file": (name, data)}, data=fields, headers={"Idempotency-Key": key})


def test_the_same_upload_under_the_same_key_is_the_same_job(api: Api, backend: Backend) -> None:
    key = f"repeat-{next(_numbers)}"
    first, second = once(api, text_png("Once"), key), once(api, text_png("Once"), key)
    assert first.json()["job_id"] == second.json()["job_id"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    api.result(first.json()["job_id"])
    blobs = {path.name for path in backend.blobs.iterdir()}
    third = once(api, text_png("Once"), key)  # also when the job has ended
    assert third.json()["job_id"] == first.json()["job_id"]
    assert {path.name for path in backend.blobs.iterdir()} == blobs


@pytest.mark.parametrize("change", [{"data": text_png("Other")}, {"name": "other.png"}, {"pages": "1"}])
def test_another_upload_under_the_same_key_is_a_conflict(api: Api, backend: Backend, change: dict[str, Any]) -> None:
    key = f"conflict-{next(_numbers)}"
    upload: dict[str, Any] = {"data": text_png("Once"), "key": key}
    assert once(api, **upload).status_code == 202
    blobs = {path.name for path in backend.blobs.iterdir()}
    answer = once(api, **upload | change)
    assert (answer.status_code, error_code(answer)) == (409, "idempotency_conflict")
    assert {path.name for path in backend.blobs.iterdir()} == blobs


def test_a_refused_upload_leaves_its_key_free(api: Api) -> None:
    key = f"refused-{next(_numbers)}"
    assert api.refusal(once(api, b"no picture", key)) == "unsupported_type"
    assert once(api, text_png("Once"), key).status_code == 202


def test_a_key_that_is_too_long_is_refused(api: Api) -> None:
    answer = once(api, text_png("Once"), "k" * 256)
    assert (answer.status_code, error_code(answer)) == (400, "bad_request")


def test_an_upload_whose_acceptance_got_no_answer_is_kept_for_its_job(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis has the job, although the api could not say so: the repeat returns it, and its file is there."""
    app = create_app(Settings(redis_url=redis_url, storage_url=tmp_path.as_uri()))
    services: Services = app.state.services
    create = Jobs.create

    def lose_the_answer(*arguments: Any, **named: Any) -> str:
        create(*arguments, **named)
        monkeypatch.undo()
        raise RedisConnectionError("no answer")

    monkeypatch.setattr(Jobs, "create", lose_the_answer)

    async def submit_twice() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app)
        async with plain_http.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1") as http:
            file = {"file": ("a.png", text_png("Once"))}
            return [await http.post("/ocr/submit", files=file, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    first, second = asyncio.run(submit_twice())
    assert (first.status_code, error_code(first)) == (503, "redis_unavailable")
    assert second.headers["Idempotency-Replayed"] == "true"
    assert services.blobs.read(second.json()["job_id"], UPLOAD) == text_png("Once")
