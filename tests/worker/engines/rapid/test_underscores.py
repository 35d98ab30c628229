"""Underscores are counted in the image, in fixed-width and other faces; underlined text has none."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ocrdesk_worker.preprocess.components import pixels_of

pytest.importorskip("onnxruntime", reason="the extra photo is not installed")
from ocrdesk_worker.engines.rapid.recognizer import Glyph
from ocrdesk_worker.engines.rapid.underscores import restore_underscores
from ocrdesk_worker.engines.rapid.word_split import split_words

CELL, HEIGHT = 20, 44


def drawn(text: str, *, underlined: bool = False) -> tuple[list[Glyph], Image.Image]:
    """Draw a bar for each underscore and a block for each letter, and return the glyphs as a reader sees them.

    It reads underscores that touch as one.
    """
    image = Image.new("L", (CELL * len(text) + 20, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    glyphs: list[Glyph] = []
    for number, letter in enumerate(text):
        left = 10 + CELL * number
        if letter == "_":
            draw.rectangle((left, 34, left + CELL - 1, 36), fill=0)
        elif letter != " ":
            draw.rectangle((left + 3, 8 if letter in "dtf(" else 14, left + CELL - 4, 32), fill=0)
        if not glyphs or (glyphs[-1].text, letter) != ("_", "_"):
            glyphs.append(Glyph(letter, 0.9, (left + 2) / image.width, (left + CELL - 2) / image.width))
    if underlined:
        draw.rectangle((10, 36, image.width - 10, 38), fill=0)
    return glyphs, image


def read(text: str) -> str:
    glyphs, image = drawn(text)
    pixels = pixels_of(image)
    return " ".join(word.text for word in split_words(restore_underscores(glyphs, pixels), pixels, lambda _: False))


@pytest.mark.parametrize("text", ["def __init__(self)", "_private and __dunder", "snake_case_name(x)", "if __name__"])
def test_as_many_as_the_image_shows(text: str) -> None:
    assert read(text) == text


def test_a_line_to_write_on_stays_as_it_was_read() -> None:
    glyphs, image = drawn("name " + "_" * 12)
    assert restore_underscores(glyphs, pixels_of(image)) == glyphs


def test_underlined_text_gets_no_underscores() -> None:
    glyphs, image = drawn("is it_far", underlined=True)
    assert list(restore_underscores(glyphs, pixels_of(image))) == glyphs


def test_text_without_underscores_is_not_examined() -> None:
    glyphs, image = drawn("plain text")
    assert restore_underscores(glyphs, pixels_of(image)) is glyphs
