"""Refusals are in our own plain words: every route is sent what is wrong in many ways, and no library speaks for us.

The routes, their parameters and the fields of their bodies are those that the service describes, so that new ones are
included automatically.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from tests.api.conftest import Api, open_http
from tests.helpers.openapi import Operation, described
from tests.helpers.processes import Backend
from tests.helpers.sample_files import text_pdf

OPERATIONS = [found for found in described() if found.takes_anything]
LIBRARY_WORDS = re.compile(
    r"input should|should (be|have|match)|unable to (parse|interpret)|field required|extra inputs|value error"
    r"|valid (\w+ )?(integer|number|string|boolean|datetime|date|list|dictionary|tuple|object)|validation error"
    r"|assertion failed|pydantic|json (decode|invalid)|expecting value|unexpected (keyword|positional)"
    r"|missing required|permitted",
    re.IGNORECASE,
)
WRONG_TEXTS = (
    "",
    " ",
    "x",
    "-1",
    "0",
    "1.5",
    "1e999",
    "nan",
    "99999999999999999999",
    "null",
    "é" * 5_000,
    "\ufffd",
    "2026-13-45",
)
WRONG_VALUES: tuple[Any, ...] = (
    *(None, "", "x", "x" * 5_000, "\x1b[2J", -1, 0, 1.5, 10**20, True, [], {}, [[]], [None], ["x"], [1] * 3, {"x": 1}),
    *("2026-13-45", "2026-11-23T09:00:00", 1e300),
)
WRONG_BODIES = (b"", b"{", b"[]", b"null", b'"x"', b"1", b"{}", b"\xff", b'{"x": 1}', b"[" * 10_000, b"NaN")


@pytest.fixture(scope="module")
def admin(backend: Backend) -> Iterator[httpx2.Client]:
    with open_http(backend.api, backend.token) as http:
        yield http


@pytest.fixture(scope="module")
def document(admin: httpx2.Client) -> dict[str, Any]:
    """The Document of a finished job."""
    api = Api(admin)
    job_id = api.submit(text_pdf(["Hello"]), "hello.pdf")
    assert api.result(job_id)["status"] == "finished"
    found: dict[str, Any] = admin.get(f"/ocr/jobs/{job_id}/document").json()
    return found


def path_of(operation: Operation, **values: str) -> str:
    return operation.path.removeprefix("/api/v1").format(**{"number": "1", "key_id": "none"} | values)


def wrong_requests(operation: Operation, job_id: str) -> Iterator[dict[str, Any]]:
    """The arguments of requests, each wrong in one place."""
    path = path_of(operation, job_id=job_id)
    for parameter in operation.spec.get("parameters", ()):
        name, place = parameter["name"], parameter["in"]
        for text in WRONG_TEXTS:
            if place == "query":
                yield {"url": path, "params": {"format": "text"} | {name: text}}
            elif place == "header" and text.isascii() and text == text.strip():
                yield {"url": path, "headers": {name: text}}
            elif place == "path" and text.strip():
                yield {"url": path_of(operation, **{"job_id": job_id, name: quote(text[:500])})}
    content = operation.spec.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        for field in ("languages", "engine", "mode", "pages", "webhook_url", "webhook_secret", "colour"):
            for text in WRONG_TEXTS:
                yield {"url": path, "files": {"file": ("a.pdf", text_pdf(["Hi"]))}, "data": {field: text}}
        yield {"url": path, "files": {"other": ("a.pdf", b"%PDF-")}}
    for body in WRONG_BODIES if content else ():
        yield {"url": path, "content": body, "headers": {"Content-Type": next(iter(content))}}


def changed(value: Any, wrong: Any) -> Iterator[Any]:
    """Copies of a JSON value, each with one part replaced by what is wrong, without it, or with one part too many."""
    yield wrong
    if isinstance(value, dict):
        yield value | {"unexpected": wrong}
        for name, inner in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            yield from (value | {name: part} for part in changed(inner, wrong))
    elif isinstance(value, list) and value:
        yield value[1:]
        yield from ([part, *value[1:]] for part in changed(value[0], wrong))


def complaint(answer: httpx2.Response) -> str | None:
    """The library's words in a refusal; None without any."""
    if answer.status_code < 400:
        return None
    assert answer.status_code < 500, answer.text
    body = answer.json()
    assert body["detail"].strip(), body
    said = json.dumps([body["error"], body["detail"], body.get("cause")])
    return said if LIBRARY_WORDS.search(said) else None


@pytest.mark.parametrize("operation", [found for found in OPERATIONS if not found.is_stream], ids=str)
def test_no_refusal_has_the_words_of_a_library(
    admin: httpx2.Client, document: dict[str, Any], operation: Operation
) -> None:
    answers = [
        admin.request(operation.method, **{"timeout": 60, **request})
        for request in wrong_requests(operation, "none" if operation.method == "DELETE" else document["job_id"])
    ]
    assert any(answer.status_code >= 400 for answer in answers)
    assert [said for said in map(complaint, answers) if said] == []


@pytest.mark.parametrize("path", ["/ocr/events", "/ocr/events/{}"])
def test_no_refusal_of_a_stream_has_the_words_of_a_library(
    admin: httpx2.Client, document: dict[str, Any], path: str
) -> None:
    for text in ("x", "-1", "1-x", "1-99999999999999999999", "é" * 20, "1" * 60):
        headers = {"Last-Event-ID": text.encode()}
        with admin.stream("GET", path.format(document["job_id"]), headers=headers) as answer:
            answer.read()
            assert answer.status_code == 400
            assert complaint(answer) is None


KEY_BODIES = {
    "/auth/register": {"email": "ann@example.org", "name": "Ann"},
    "/auth/keys": {"name": "Ann", "scopes": ["read"], "expires_at": "2030-01-01T00:00:00Z", "expires_in_days": 3},
    "/auth/regenerate": {"overlap_seconds": 5},
}


@pytest.mark.parametrize("path", KEY_BODIES)
@pytest.mark.parametrize("wrong", WRONG_VALUES, ids=lambda value: repr(value)[:20])
def test_no_refusal_of_a_field_about_keys_has_the_words_of_a_library(
    admin: httpx2.Client, path: str, wrong: object
) -> None:
    answers = [admin.post(path, json=body) for body in changed(KEY_BODIES[path], wrong)]
    assert [said for said in map(complaint, answers) if said] == []


@pytest.mark.parametrize("wrong", WRONG_VALUES, ids=lambda value: repr(value)[:20])
def test_no_refusal_of_a_document_has_the_words_of_a_library(
    admin: httpx2.Client, document: dict[str, Any], wrong: object
) -> None:
    url = f"/ocr/jobs/{document['job_id']}/document"
    answers = [admin.put(url, json=body) for body in changed(document, wrong)]
    assert any(answer.status_code == 400 for answer in answers)
    assert [said for said in map(complaint, answers) if said] == []
