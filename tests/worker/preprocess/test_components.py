"""Connected components that no word covers."""

from __future__ import annotations

from PIL import Image, ImageDraw

from ocrdesk.contract.document import Box
from ocrdesk_worker.preprocess.components import count_unread, find_components, pixels_of
from tests.helpers.changed_engine import page


def test_unread_marks_are_letters_beside_letters_outside_all_words() -> None:
    image = page()
    pixels, components = pixels_of(image), find_components(pixels_of(image))
    assert count_unread(components, pixels, []) > 20
    assert count_unread(components, pixels, [Box(0, 0, image.width, image.height)]) == 0


def test_specks_are_no_unread_marks() -> None:
    image = Image.new("L", (1000, 1000), 255)
    draw = ImageDraw.Draw(image)
    for place in range(5):
        draw.ellipse((place * 180 + 50, place * 170 + 60, place * 180 + 64, place * 170 + 74), fill=0)
    pixels = pixels_of(image)
    assert count_unread(find_components(pixels), pixels, []) == 0
