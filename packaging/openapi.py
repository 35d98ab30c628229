"""Writes docs/openapi.json, the service's OpenAPI description, or checks that it is current (--check)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

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


def main() -> int:
    """Return the exit code: with --check, 1 when the file is out of date."""
    if "--check" not in sys.argv:
        FILE.write_text(description(), encoding="utf-8")
        return 0
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != description():
        sys.stderr.write(
            "docs/openapi.json is out of date, because what callers may rely on has changed. "
            "If that is intended, run python packaging/openapi.py\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
