"""Spelling is corrected with a dictionary."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.languages.dictionary import word_lookup
from ocrdesk_worker.engines.languages.tessdata import TessData

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.spelling import fix_spelling
from tests.helpers.changed_engine import ENGLISH


def glyphs_of(word: str, **others: tuple[str, float]) -> list[Glyph]:
    """Return a word's glyphs; `at3=("o", 0.2)` is a second candidate for the fourth."""
    return [
        Glyph(letter, 0.9, place / 100, place / 100 + 0.01, (others[f"at{place}"],) if f"at{place}" in others else ())
        for place, letter in enumerate(word)
    ]


@pytest.mark.parametrize(
    ("read", "others", "meant"),
    [
        ("lnvoice", {"at0": ("I", 0.2)}, "Invoice"),
        ("(Custcmer:", {"at5": ("o", 0.4)}, "(Customer:"),
        ("invoice", {"at0": ("I", 0.2)}, "invoice"),  # already a known word
        ("custcmer", {}, "custcmer"),  # nothing else is likely
        ("custcmer", {"at5": ("o", 0.001)}, "custcmer"),  # a very unlikely candidate
        ("Gtm", {"at1": ("e", 0.4)}, "Gtm"),  # too short to tell
        ("7897115", {"at2": ("a", 0.4)}, "7897115"),  # no word
    ],
)
def test_words_that_are_one_letter_off_are_spelled_as_the_dictionary_has_them(
    data: TessData, read: str, others: dict[str, tuple[str, float]], meant: str
) -> None:
    glyphs = fix_spelling(glyphs_of(read, **others), word_lookup(data, ENGLISH))
    assert "".join(glyph.text for glyph in glyphs) == meant
