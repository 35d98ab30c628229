"""Letters set apart are words."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Page
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.sample_pages import block


def text_of(text: str) -> str:
    return next(with_structure(Page(number=1, width=2000, height=2000, blocks=(block(text),))).lines()).text


@pytest.mark.parametrize(
    ("spaced", "text"),
    [("M I N U T E S", "MINUTES"), ("M I N U T E S    O F    M A Y", "MINUTES OF MAY"), ("p a g e s", "pages")],
)
def test_letters_are_joined(spaced: str, text: str) -> None:
    assert text_of(spaced) == text


@pytest.mark.parametrize("text", ["A B C D E", "X X X X", "M I N", "1 9 7 0", "M I N utes S", "M    I    N    U    T"])
def test_other_letters_stay(text: str) -> None:
    assert text_of(text) == " ".join(text.split())
