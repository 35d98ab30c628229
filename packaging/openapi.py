"""Writes docs/openapi.json, the service's OpenAPI description, or checks that it is current (--check)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from generated_file import write_or_check

from ocrdesk.backend.settings import Settings
from ocrdesk_api.app import create_app

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
SERVER = {"url": "http://localhost:8000", "description": "`ocrdesk serve` on this machine; others have another address"}


def description() -> str:
    """Return the description of a service with default settings, whatever the environment of this process says."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)
    schema = create_app(Settings()).openapi()
    return json.dumps(schema | {"servers": [SERVER]}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    code = write_or_check(FILE, description(), "openapi.py")
    if code:
        sys.stderr.write("What callers may rely on has changed: run it only if that is intended.\n")
    sys.exit(code)
