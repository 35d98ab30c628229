"""Drop caps: large letters at a paragraph's beginning belong to the word on its first line."""

from __future__ import annotations

import pytest

from tests.helpers.sample_pdfs import PdfPage
from tests.helpers.text_layers import layer_of, texts_of
from tests.worker.conftest import Save


def first_line(save: Save, letter: str, rest: str) -> str:
    content = f"BT /F1 48 Tf 72 700 Td ({letter}) Tj /F1 12 Tf 39 24 Td ({rest}) Tj 0 -16 Td "
    content += "(an old bridge across the) Tj -39 -16 Td (river, and it was in need of repair) Tj ET"
    lines = texts_of(layer_of(save, PdfPage(content)))
    assert lines[1:] == ["an old bridge across the", "river, and it was in need of repair"]
    return lines[0]


@pytest.mark.parametrize(
    ("letter", "rest", "line"),
    [
        ("T", "here was once upon a time", "There was once upon a time"),
        ("O", "NCE upon a time there was", "ONCE upon a time there was"),
        ("A", "long time ago there was", "A long time ago there was"),
    ],
)
def test_a_drop_cap_is_on_its_words_line(save: Save, letter: str, rest: str, line: str) -> None:
    assert first_line(save, letter, rest) == line
