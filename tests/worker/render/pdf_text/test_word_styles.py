"""How words of a PDF are set: their size in pixels, weight, slant and font."""

from __future__ import annotations

import pytest

from ocrdesk.layout.page_marks import WordStyle
from tests.helpers.sample_pdfs import PROSE, PdfPage, lines
from tests.helpers.text_layers import layer_of, words_of
from tests.worker.conftest import Save


def styles_of(save: Save, content: str) -> dict[str, WordStyle]:
    layer = layer_of(save, PdfPage(content))
    return {word.text: layer.marks.styles[word.box] for word in words_of(layer)}


def test_sizes_are_in_pixels_of_the_page_image(save: Save) -> None:
    styles = styles_of(save, lines(["Alpha bravo"], size=12) + lines(["Charlie"], top=500, size=24))
    assert styles["Alpha"].size == styles["bravo"].size == pytest.approx(12 * 300 / 72, abs=0.1)
    assert styles["Charlie"].size == pytest.approx(24 * 300 / 72, abs=0.1)


def test_the_size_includes_the_scale_of_the_text(save: Save) -> None:
    styles = styles_of(save, "BT /F1 1 Tf 18 0 0 18 72 700 Tm (Alpha) Tj ET")
    assert styles["Alpha"].size == pytest.approx(18 * 300 / 72, abs=0.1)


def test_the_font_has_a_name(save: Save) -> None:
    style = styles_of(save, lines(PROSE))["The"]
    assert "Helvetica" in style.font
    assert (style.bold, style.italic, style.monospace) == (False, False, False)


def test_letters_whose_outlines_are_drawn_too_are_bold(save: Save) -> None:
    styles = styles_of(save, "BT /F1 12 Tf 72 700 Td 2 Tr (Alpha) Tj 0 Tr 0 -20 Td (bravo) Tj ET")
    assert styles["Alpha"].bold
    assert not styles["bravo"].bold
