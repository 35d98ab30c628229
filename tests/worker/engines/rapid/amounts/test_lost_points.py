"""A point that the image shows between digits, and the text does not, is noticed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk.contract.document import Box, Source, Word
from ocrdesk_worker.preprocess.components import pixels_of

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.amounts.lost_points import lost_points


def is_found(text: str, *specks: tuple[int, int]) -> bool:
    """Draw a block for each of three digits, and specks of 3 x 3 pixels at these places."""
    image = Image.new("L", (120, 60), 255)
    draw = ImageDraw.Draw(image)
    for left in (20, 44, 62):
        draw.rectangle((left, 20, left + 11, 39), fill=0)
    for x, y in specks:
        draw.rectangle((x, y, x + 2, y + 2), fill=0)
    word = Word(text=text, box=Box(20, 20, 74, 40), confidence=0.95, source=Source.TESSERACT)
    return bool(lost_points([word], pixels_of(image)))


def test_a_speck_on_the_line_between_digits() -> None:
    assert is_found("341", (36, 37))
    assert is_found("41", (36, 37))
    assert not is_found("341")


def test_a_speck_elsewhere_and_grain_are_no_point() -> None:
    assert not is_found("341", (36, 24))
    assert not is_found("341", (36, 37), (57, 22))


def test_a_text_that_has_a_point_or_letters() -> None:
    assert not is_found("3.41", (36, 37))
    assert not is_found("3a1", (36, 37))
