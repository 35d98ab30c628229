"""Jobs of another key, on every route with a job id: they look unknown, and do not change.

The routes are taken from the OpenAPI description, so new ones are included automatically. A route that needs
something that this module cannot create fails until it is added here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts
from redis import Redis

from ocrdesk.backend.settings import Settings
from ocrdesk_api.app import create_app
from tests.api.conftest import KEY, OTHER_KEY, Api, error_code, open_http
from tests.helpers.folders import files_below
from tests.helpers.openapi import Operation, described
from tests.helpers.processes import run_valkey, running_api, running_backend, short_folder
from tests.helpers.redis_dump import everything_in
from tests.helpers.sample_files import text_pdf
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import run_webhook_receiver

UNKNOWN = "0f8fad5bd9cb469fa16570867728950e"
ROUTES = [found for found in described() if "job_id" in found.path_parameters]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

_PATH_VALUES = {"number": "1"}
_OPTIONS = {
    "wait": "1",
    "format": "pdf",
    "join_lines": "true",
    "omit_headers_footers": "true",
    "without_furniture": "true",
    "rotate": "false",
    "deskew": "true",
    "pdfa": "false",  # the file has a font that is not embedded
    "unlock": "true",
    "invalidate_signatures": "true",
    "width": "200",
    "if-match": "*",
    "last-event-id": "0-0",
}
_KEPT = ("ocrdesk:", "rq:queue:")
_OF_EACH_ANSWER = {"date", "x-request-id"}


@dataclass(frozen=True, slots=True)
class Owned:
    """One key's job, another key, and where the job's data is stored."""

    mine: Api
    theirs: Api
    redis_url: str
    blobs: Path
    job_id: str
    document: dict[str, Any]

    def state(self) -> tuple[list[str], dict[str, tuple[int, bytes]]]:
        """Return everything that Redis and the blob store have of the job, and when each file was written.

        RQ's own records are excluded, because RQ deletes them later; its queues are included.
        """
        with Redis.from_url(self.redis_url, decode_responses=True, encoding_errors="backslashreplace") as redis:
            lines = [
                line for line in everything_in(redis).splitlines() if line.startswith(_KEPT) and self.job_id in line
            ]
        files = {
            str(path): (path.stat().st_mtime_ns, path.read_bytes())
            for path in files_below(self.blobs)
            if self.job_id in str(path)
        }
        assert lines
        assert files
        return lines, files


@pytest.fixture(scope="module")
def finishing() -> Iterator[tuple[str, str, Path]]:
    """An api with workers behind it: its URL, Redis' URL and the blobs."""
    env = {"API_KEY_ENABLED": "true", "API_KEYS": f"{KEY},{OTHER_KEY}", "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
    with short_folder() as folder, running_backend(folder / "data", **env) as served:
        yield served.api, served.redis_url, served.blobs


@pytest.fixture(scope="module")
def waiting() -> Iterator[tuple[str, str, Path]]:
    """An api without workers, so submitted jobs wait."""
    with short_folder() as folder, run_valkey(folder) as redis_url:
        blobs = folder / "blobs"
        env = {"STORAGE_URL": blobs.as_uri(), "API_KEY_ENABLED": "true", "API_KEYS": f"{KEY},{OTHER_KEY}"}
        with running_api(REDIS_URL=redis_url, **env) as url:
            yield url, redis_url, blobs


@pytest.fixture
def finished(finishing: tuple[str, str, Path]) -> Iterator[Owned]:
    """A finished job whose webhook was sent."""
    url, redis_url, blobs = finishing
    with open_http(url, KEY) as one, open_http(url, OTHER_KEY) as other, run_webhook_receiver() as receiver:
        mine = Api(one)
        job_id = mine.submit(text_pdf(["Private"]), "private.pdf", webhook_url=receiver.url())
        assert mine.result(job_id)["status"] == "finished"
        wait_until(lambda: one.get(f"/ocr/jobs/{job_id}/webhook").json()["state"] == "delivered", "the webhook")
        with Redis.from_url(redis_url, decode_responses=True) as redis:
            wait_until(lambda: job_id not in str(redis.hgetall("ocrdesk:running")), "its work is over")
        yield Owned(mine, Api(other), redis_url, blobs, job_id, one.get(f"/ocr/jobs/{job_id}/document").json())


@pytest.fixture
def queued(waiting: tuple[str, str, Path]) -> Iterator[Owned]:
    """A job that waits for a worker."""
    url, redis_url, blobs = waiting
    with open_http(url, KEY) as one, open_http(url, OTHER_KEY) as other:
        mine = Api(one)
        job_id = mine.submit(text_pdf(["Private"]), "private.pdf", webhook_url="https://receiver.example/")
        document = {"job_id": job_id, "file_name": "private.pdf", "media_type": "application/pdf", "pages": []}
        yield Owned(mine, Api(other), redis_url, blobs, job_id, document)


def request_for(operation: Operation, owned: Owned, job_id: str, *, with_options: bool = False) -> dict[str, Any]:
    """Return a request that the owner could make, for httpx2. Fails for a route with unknown parameters."""
    path = operation.path.removeprefix("/api/v1").replace("{job_id}", job_id)
    for name in operation.path_parameters - {"job_id"}:
        path = path.replace(f"{{{name}}}", _known(_PATH_VALUES, name, operation))
    request: dict[str, Any] = {"method": operation.method, "url": path, "params": {}, "headers": {}}
    for parameter in operation.spec["parameters"]:
        if parameter["in"] == "path" or not (with_options or parameter.get("required")):
            continue
        place = request["headers" if parameter["in"] == "header" else "params"]
        place[parameter["name"]] = _known(_OPTIONS, parameter["name"], operation)
    if "requestBody" in operation.spec:
        bodies = {
            "PUT /ocr/jobs/{job_id}/document": {"json": owned.document | {"job_id": job_id}},
            "POST /ocr/jobs/{job_id}/retry": {"data": {"password": "secret"} if with_options else {}},
        }
        request |= _known(bodies, str(operation), operation)
    return request


def _known(values: dict[str, Any], name: str, operation: Operation) -> Any:
    if name not in values:
        pytest.fail(f"this module does not know what to send to {operation} as {name!r}: add it")
    return values[name]


def assert_alike(foreign: httpx2.Response, unknown: httpx2.Response, owned: Owned) -> None:
    """Check that the two responses differ only in the requested id, if they repeat it."""
    assert foreign.status_code == unknown.status_code
    assert foreign.content.replace(owned.job_id.encode(), UNKNOWN.encode()) == unknown.content

    def headers(answer: httpx2.Response) -> dict[str, str]:
        return {name: value for name, value in answer.headers.items() if name not in _OF_EACH_ANSWER}

    assert headers(foreign) == headers(unknown)


@pytest.mark.parametrize("with_options", [False, True], ids=["plain", "with options"])
@pytest.mark.parametrize("operation", ROUTES, ids=str)
def test_a_finished_job_of_another_key_looks_like_an_unknown_one(
    finished: Owned, operation: Operation, with_options: bool
) -> None:
    before = finished.state()
    known = request_for(operation, finished, finished.job_id, with_options=with_options)
    unknown = request_for(operation, finished, UNKNOWN, with_options=with_options)
    foreign = finished.theirs.http.request(**known)
    assert (foreign.status_code, error_code(foreign)) == (404, "not_found")
    assert finished.job_id not in foreign.text
    assert_alike(foreign, finished.theirs.http.request(**unknown), finished)
    assert finished.state() == before
    own = finished.mine.http.request(**known)
    assert own.status_code < 400 or own.status_code == 409, f"the owner could not ask this either: {own.text}"


@pytest.mark.parametrize("operation", ROUTES, ids=str)
def test_a_waiting_job_of_another_key_looks_like_an_unknown_one(queued: Owned, operation: Operation) -> None:
    before = queued.state()
    foreign = queued.theirs.http.request(**request_for(operation, queued, queued.job_id))
    assert (foreign.status_code, error_code(foreign)) == (404, "not_found")
    assert_alike(foreign, queued.theirs.http.request(**request_for(operation, queued, UNKNOWN)), queued)
    assert queued.state() == before


@pytest.mark.parametrize("path", sorted({found.path for found in ROUTES}))
def test_no_other_method_reveals_that_the_job_exists(queued: Owned, path: str) -> None:
    before = queued.state()
    for method in METHODS:
        url = path.removeprefix("/api/v1").replace("{number}", "1")
        foreign, unknown = (
            queued.theirs.http.request(method, url.replace("{job_id}", job_id)) for job_id in (queued.job_id, UNKNOWN)
        )
        assert foreign.status_code in (404, 405), f"{method}: {foreign.text}"
        assert_alike(foreign, unknown, queued)
    assert queued.state() == before


def test_no_body_makes_a_difference(queued: Owned) -> None:
    """Not even an invalid body: callers who may not know of the job get no message about it."""
    before = queued.state()
    for body in (b"", b"{", b"[]", json.dumps(queued.document).encode()):
        foreign, unknown = (
            queued.theirs.http.put(f"/ocr/jobs/{job_id}/document", content=body) for job_id in (queued.job_id, UNKNOWN)
        )
        assert foreign.status_code == 404
        assert_alike(foreign, unknown, queued)
    assert queued.state() == before


@pytest.mark.parametrize("operation", ROUTES, ids=str)
def test_text_added_to_the_id_of_a_job_makes_an_unknown_id(queued: Owned, operation: Operation) -> None:
    """Not the name of another Redis key of the job: `ID:pages` is a hash, `ID:waiting` a list, `ID:events` a stream."""
    before = queued.state()
    for suffix in (":pages", ":waiting", ":events", ":exports", ":webhook", ":password", "%00", "%0A", " ", "*"):
        foreign, unknown = (
            queued.theirs.http.request(**request_for(operation, queued, job_id + suffix))
            for job_id in (queued.job_id, UNKNOWN)
        )
        assert (foreign.status_code, error_code(foreign)) == (404, "not_found"), suffix
        assert_alike(foreign, unknown, queued)
    own = queued.mine.http.request(**request_for(operation, queued, queued.job_id + ":pages"))
    assert (own.status_code, error_code(own)) == (404, "not_found")
    assert queued.state() == before


def test_every_route_that_names_a_job_is_described() -> None:
    """A route that the description omits would not be tested here."""
    app = create_app(Settings(redis_url="unix:///nowhere"))
    there = {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        if "{job_id}" in (route.path or "")
        for method in route.methods or ()
    }
    assert there == {(found.method, found.path) for found in ROUTES}
