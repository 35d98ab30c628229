"""Raised and lowered digits of a PDF's own text."""

from __future__ import annotations

import pytest

from tests.helpers.sample_pdfs import PROSE, PdfPage, lines
from tests.helpers.text_layers import layer_of, texts_of
from tests.worker.conftest import Save


def shown(*parts: tuple[str, float, float]) -> str:
    """Return content that shows parts of a line: text, size, and how far above the line, in points."""
    runs = " ".join(f"/F1 {size} Tf {above} Ts ({text}) Tj" for text, size, above in parts)
    return f"BT 72 700 Td {runs} ET\n"


@pytest.mark.parametrize(
    ("parts", "meant"),
    [
        ((("an area of 25 m", 11, 0), ("2", 7, 4), (" or more", 11, 0)), "an area of 25 m\N{SUPERSCRIPT TWO} or more"),
        ((("the gas CO", 11, 0), ("2", 7, -2), (" rises", 11, 0)), "the gas CO\N{SUBSCRIPT TWO} rises"),
        ((("as 10", 11, 0), ("6", 7, 4), (" parts", 11, 0)), "as 10\N{SUPERSCRIPT SIX} parts"),
        ((("only $4", 11, 0), ("99", 7, 4), (" each", 11, 0)), "only $4.99 each"),
        ((("only $ 4", 11, 0), ("99", 7, 4), (" each", 11, 0)), "only $ 4.99 each"),
        ((("1", 6, 4), (" See the report", 9, 0)), "\N{SUPERSCRIPT ONE} See the report"),
        ((("on the 2", 11, 0), ("nd", 7, 4), (" day", 11, 0)), "on the 2nd day"),
        ((("sold 12", 11, 0), ("345", 11, 0), (" pieces", 11, 0)), "sold 12345 pieces"),
        ((("in ", 11, 0), ("1998", 7, 4), (" or so", 11, 0)), "in 1998 or so"),
    ],
)
def test_digits_are_raised_or_lowered_by_size_and_place(
    save: Save, parts: tuple[tuple[str, float, float], ...], meant: str
) -> None:
    layer = layer_of(save, PdfPage(lines(PROSE) + shown(*parts)))
    assert meant in texts_of(layer)


def test_a_line_in_small_print_is_not_raised(save: Save) -> None:
    content = lines(PROSE, size=12) + lines(["12 pieces of 34 were sold in 56 towns"], top=690, size=7)
    assert "12 pieces of 34 were sold in 56 towns" in texts_of(layer_of(save, PdfPage(content)))
