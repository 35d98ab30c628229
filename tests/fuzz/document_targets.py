"""JSON that callers and stored records consist of: the Document, requests about keys, and the records of jobs."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from ocrdesk.contract.document import Document
from ocrdesk.contract.events import Event
from ocrdesk.contract.invalid_fields import field_problem, joined
from ocrdesk.contract.jobs import JobList, JobResult
from ocrdesk.export.formats import FORMATS
from tests.fuzz.target import Target
from tests.helpers.sample_pages import (
    NASTY,
    PRICES,
    block,
    coded,
    document,
    failed,
    page,
    page_with_header_and_footer,
    row,
)

_MOST_BYTES = 20_000


def _model(data: bytes, kind: type[BaseModel]) -> Any:
    """Return the record in some JSON; None with a described problem."""
    try:
        found = kind.model_validate_json(data)
    except ValidationError as error:
        problems = error.errors(include_input=False)[:5]
        assert joined(field_problem(problem, problem["loc"]) for problem in problems).text
        return None
    assert kind.model_validate_json(found.model_dump_json()) == found
    assert kind.model_validate(json.loads(found.model_dump_json())) == found
    return found


def run_document(data: bytes) -> bool:
    """Read a Document and write it in each format."""
    found = _model(data[:_MOST_BYTES], Document)
    if found is None:
        return False
    for form in FORMATS.values():
        if form.write is not None:
            "".join(form.write(found.head, iter(found.pages))).encode()
    return True


DOCUMENT = Target(
    "document",
    run_document,
    tuple(
        found.model_dump_json().encode()
        for found in (
            document(),
            document(page(block("Hello world", "again"))),
            document(PRICES),
            document(page(row(NASTY)), failed(2)),
            document(page_with_header_and_footer(), coded("https://example.com", number=2)),
        )
    ),
    (
        b"null",
        b"[]",
        b"{}",
        b"NaN",
        b"Infinity",
        b"1e308",
        b"9" * 30,
        b"\\ud800",
        b"\\u0000",
        b'"blocks":',
        b'"kind":"header"',
    ),
    rounds=4,
)


def run_answers(data: bytes) -> bool:
    """Read what servers send to the client, in other versions too."""
    return any(_model(data, kind) is not None for kind in (JobResult, JobList, Event))


_JOB = {
    "job_id": "job",
    "status": "finished",
    "file_name": "a.pdf",
    "media_type": "application/pdf",
    "size_bytes": 1,
    "created_at": "2030-01-01T00:00:00Z",
    "options": {"languages": ["eng"], "engine": "auto", "pages": "1-", "mode": "auto"},
    "warnings": [{"text": "x", "message_id": "y", "params": {"a": 1}}],
}
_EVENT = {
    "id": "1-0",
    "type": "job",
    "job_id": "job",
    "at": "2030-01-01T00:00:00Z",
    "status": "queued",
    "pages_done": 0,
}
ANSWERS = Target(
    "answers",
    run_answers,
    tuple(
        json.dumps(found).encode()
        for found in (
            _JOB | {"text": "Hello", "pages": [{"number": 1, "status": "finished"}]},
            {"jobs": [_JOB], "next_cursor": "1.5~job"},
            _EVENT | {"pages_failed": 0},
        )
    ),
    (b"null", b"1e999", b"-1", b"9999-12-31T23:59:59+00:00", b"0001-01-01T00:00:00+23:59", b"\\ud800"),
    rounds=2,
)

TARGETS = (DOCUMENT, ANSWERS)
