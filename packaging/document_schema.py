"""Writes docs/document.schema.json, the JSON Schema of the Document, or checks that it is current (--check)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from generated_file import write_or_check

from ocrdesk.contract.document import SCHEMA_VERSION, Document

FILE = Path(__file__).resolve().parent.parent / "docs" / "document.schema.json"


def schema() -> str:
    """Return the schema of the Documents that servers return and accept, as text."""
    made: dict[str, Any] = Document.model_json_schema(mode="validation")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ocrdesk:document:{SCHEMA_VERSION}",
    }
    return json.dumps(head | made, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check(FILE, schema(), "document_schema.py"))
