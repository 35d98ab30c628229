"""docs/document.schema.json describes every Document, and refuses what is none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from ocrdesk.contract.document import SCHEMA_VERSION, Document
from tests.helpers.any_records import documents
from tests.helpers.sample_pages import block, document, page
from tests.packaging.repository import PACKAGING, ROOT

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "document.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def test_the_committed_schema_is_current() -> None:
    script = PACKAGING / "document_schema.py"
    checked = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stderr


def test_it_names_its_version() -> None:
    assert SCHEMA["$id"].endswith(f":{SCHEMA_VERSION}")


@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_document_is_valid(whole: Document) -> None:
    VALIDATOR.validate(json.loads(whole.model_dump_json()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("pages", 0, "number"), 0),
        (("pages", 0, "blocks", 0, "level"), 7),
        (("pages", 0, "blocks", 0, "box"), [1, 2, 3]),
        (("pages", 0, "blocks", 0, "lines", 0, "words", 0, "text"), ""),
        (("pages", 0, "blocks", 0, "lines", 0, "words", 0, "confidence"), 1.5),
    ],
)
def test_what_is_no_document_is_not_valid(path: tuple[str | int, ...], value: object) -> None:
    record = json.loads(document(page(block("word"))).model_dump_json())
    assert VALIDATOR.is_valid(record)
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(record)
