"""Ruling lines are removed, letters stay."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.ruling_lines import remove_ruling_lines
from tests.helpers.sparse_pages import prose


def test_rulings_go_and_letters_stay() -> None:
    image = prose()
    ruled = image.copy()
    draw = ImageDraw.Draw(ruled)
    draw.line((10, 15, 890, 15), fill=0, width=3)
    draw.line((15, 10, 15, 290), fill=0, width=3)
    letters = pixels_of(image)
    assert remove_ruling_lines(letters, 25.0) is letters
    assert np.array_equal(remove_ruling_lines(pixels_of(ruled), 25.0), letters)


def test_a_thick_bar_is_no_ruling() -> None:
    image = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(image).rectangle((100, 100, 800, 140), fill=0)
    pixels = pixels_of(image)
    assert remove_ruling_lines(pixels, 25.0)[120, 400] == 0
