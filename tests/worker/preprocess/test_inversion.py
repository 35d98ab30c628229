"""Light text on dark becomes dark text on light."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from ocrdesk_worker.preprocess.inversion import invert_if_dark
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import between, clean_page


def inverted(image: Image.Image) -> Image.Image:
    return invert_if_dark(image, make_thumbnail(image))


@pytest.mark.parametrize("page", [clean_page(), between(clean_page(), 30, 90)], ids=["black and white", "dark mode"])
def test_light_text_on_dark_paper_is_inverted(page: Image.Image) -> None:
    dark = ImageOps.invert(between(page, 128, 255))
    assert ImageChops.difference(inverted(dark), ImageOps.invert(dark)).getbbox() is None


def test_dark_text_stays_as_it_is_even_on_dark_paper() -> None:
    for page in (clean_page(), between(clean_page(), 0, 90)):
        assert inverted(page) is page


def test_dark_paper_without_text_stays_as_it_is() -> None:
    blank = Image.new("L", (500, 400), 20)
    assert inverted(blank) is blank


def test_a_dark_photo_on_a_light_page_inverts_nothing() -> None:
    page = clean_page()
    ImageDraw.Draw(page).rectangle((0, 0, page.width, page.height // 3), fill=10)
    assert inverted(page) is page


def test_a_small_part_of_a_screen_is_inverted_by_its_edge() -> None:
    """A letter may fill more of it than its paper."""
    letter = Image.new("L", (24, 30), 30)
    ImageDraw.Draw(letter).rectangle((1, 1, 22, 28), fill=235)
    assert inverted(letter).getpixel((0, 0)) == 225
    light = ImageOps.invert(letter)
    assert inverted(light) is light
