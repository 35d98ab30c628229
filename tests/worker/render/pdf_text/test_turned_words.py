"""Turned words whose letters are placed one by one, as Qt and some office programs do."""

from __future__ import annotations

import pytest

from tests.helpers.sample_pdfs import PROSE, PdfPage, lines
from tests.helpers.text_layers import layer_of, texts_of
from tests.worker.conftest import Save

_WIDTHS = dict(
    zip("Undero Mawy", (0.722, 0.556, 0.556, 0.556, 0.333, 0.556, 0.278, 0.833, 0.556, 0.722, 0.5), strict=True)
)
"""Of Helvetica's letters, in heights of the font."""


def _one_by_one(text: str, matrix: str, x: float, y: float, step: tuple[int, int]) -> str:
    content = ""
    for letter in text:
        if letter != " ":
            content += f"BT /F1 12 Tf {matrix} {x} {y} Tm ({letter}) Tj ET "
        x, y = (at + 12 * _WIDTHS[letter] * by for at, by in zip((x, y), step, strict=True))
    return content


@pytest.mark.parametrize(("matrix", "step"), [("0 1 -1 0", (0, 1)), ("0 -1 1 0", (0, -1))])
def test_letters_of_turned_words_are_joined(save: Save, matrix: str, step: tuple[int, int]) -> None:
    turned = _one_by_one("Under Maw", matrix, 100, 500, step) + _one_by_one("Moon", matrix, 140, 500, step)
    texts = texts_of(layer_of(save, PdfPage(lines(PROSE) + turned)))
    assert sorted(texts[len(PROSE) :]) == ["Moon", "Under Maw"]


def test_turned_letters_that_are_apart_are_words_of_their_own(save: Save) -> None:
    apart = "".join(f"BT /F1 12 Tf 0 1 -1 0 100 {500 + 20 * n} Tm ({letter}) Tj ET " for n, letter in enumerate("Mad"))
    texts = texts_of(layer_of(save, PdfPage(lines(PROSE) + apart)))
    assert "Mad" not in " ".join(texts)
