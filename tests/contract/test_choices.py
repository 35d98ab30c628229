"""Help texts and documents name every mode, format and engine as they are defined."""

from __future__ import annotations

import re
from pathlib import Path

from ocrdesk.contract.choices import RecognitionMode, ResultFormat, describe_modes
from ocrdesk.contract.engines import INCLUDED_ENGINES, EngineName

DOCS = Path(__file__).resolve().parents[2] / "docs"


def rows(option: str) -> list[str]:
    """Return the rows about an option in the tables of the documents."""
    texts = [path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md"))]
    return [row for text in texts for row in re.findall(rf"^\| `{option}` \|.*$", text, flags=re.MULTILINE)]


def test_every_mode_has_a_summary() -> None:
    assert all(f"{mode}: {mode.summary}" in describe_modes() for mode in RecognitionMode)


def test_the_documents_name_every_engine_and_mode() -> None:
    assert rows("engine")
    assert rows("mode")
    for row in rows("engine"):
        assert [name for name in (EngineName.AUTO, *INCLUDED_ENGINES) if f"`{name}`" not in row] == []
    for row in rows("mode"):
        assert [mode for mode in RecognitionMode if f"`{mode}`" not in row] == []


def test_every_format_has_a_short_lower_case_name() -> None:
    assert all(re.fullmatch("[a-z]{2,5}", form) for form in ResultFormat)
