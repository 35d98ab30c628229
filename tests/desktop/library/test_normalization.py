"""Text is normalised for searches."""

from __future__ import annotations

from ocrdesk.desktop.library.normalization import normalize


def test_case_accents_and_ligatures_are_normalised() -> None:
    assert normalize("ÄÖÜ ẞ é ﬁ") == "aou ss e fi"
