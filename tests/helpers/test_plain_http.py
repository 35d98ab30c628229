"""No test makes a client of httpx2 that reads certificates which it does not need."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
_CALL = re.compile(r"httpx2\.(?:Client|AsyncClient|get|post|put|delete|head|options|request|stream)\((?!.*verify=)")


def test_clients_without_certificates_are_those_of_plain_http() -> None:
    files = [file for file in TESTS.rglob("*.py") if not file.is_relative_to(TESTS / "upgrade/recording")]
    assert [str(file) for file in files if _CALL.search(file.read_text("utf-8"))] == []
