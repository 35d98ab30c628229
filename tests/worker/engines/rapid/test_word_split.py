"""Lines split into words."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk_worker.preprocess.components import pixels_of

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.word_split import split_words


def nothing_known(_word: str) -> bool:
    return False


def test_words_are_parted_at_spaces_and_wide_gaps() -> None:
    image = Image.new("L", (400, 40), 255)
    draw = ImageDraw.Draw(image)
    for left in (10, 40, 100, 130, 240, 270):
        draw.rectangle((left, 8, left + 20, 32), fill=0)
    places = [(0.025, 0.075), (0.1, 0.15), (0.25, 0.3), (0.325, 0.375), (0.6, 0.65), (0.675, 0.725)]
    glyphs = [Glyph(text, 0.9, *place) for text, place in zip("abcdef", places, strict=True)]
    spaced = [*glyphs[:2], Glyph(" ", 0.9, 0.16, 0.2), *glyphs[2:]]
    assert [word.text for word in split_words(spaced, pixels_of(image), nothing_known)] == ["ab", "cd", "ef"]
    assert [word.text for word in split_words(glyphs, pixels_of(image), nothing_known)] == ["ab", "cd", "ef"]
    first = split_words(spaced, pixels_of(image), nothing_known)[0]
    assert (round(first.top * 40), round(first.bottom * 40)) == (8, 33)
