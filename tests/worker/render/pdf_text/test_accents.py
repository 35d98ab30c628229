"""Accents that are characters of their own, as TeX draws them."""

from __future__ import annotations

import pytest

from tests.helpers.sample_pdfs import PROSE, PdfPage, lines
from tests.helpers.text_layers import layer_of, texts_of
from tests.worker.conftest import Save

ACUTE, CARON = r"(\302)", r"(\317)"
"""In the font's own encoding; accents are 333 thousandths of its size wide, an a 556."""


def text_of(save: Save, *shown: str) -> str:
    """Return the first line of a page that shows these strings; a number is a shift to the left in thousandths."""
    content = "BT /F1 14 Tf 72 790 Td [" + " ".join(shown) + "] TJ ET " + lines(PROSE, top=740)
    return texts_of(layer_of(save, PdfPage(content)))[0]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (("(J)", "-111", ACUTE, "444", "(an)"), "Ján"),
        (("(Ja)", "444", ACUTE, "-111", "(n)"), "Ján"),
        (("(Min)", "-111", ACUTE, "444", "(a)", "-83", CARON, "416", "(c)"), "Mináč"),
    ],
)
def test_an_accent_is_joined_with_its_letter(save: Save, shown: tuple[str, ...], text: str) -> None:
    assert text_of(save, *shown) == text


def test_an_accent_without_a_letter_stays(save: Save) -> None:
    assert text_of(save, "(Ja)", "-3000", ACUTE).replace(" ", "") == "Ja\u00b4"
