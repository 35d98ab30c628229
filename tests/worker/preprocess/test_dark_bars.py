"""Light text on dark bars becomes dark text on white."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from ocrdesk_worker.preprocess.dark_bars import invert_dark_bars
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail

BAR = (60, 100, 1140, 160)


def page_with(fill: int, text: int, area: tuple[int, int, int, int] = BAR) -> Image.Image:
    page = Image.new("L", (1200, 900), 255)
    pen = ImageDraw.Draw(page)
    pen.text((80, 40), "Prices of the season", 0, ImageFont.load_default(32))
    pen.rectangle(area, fill=fill)
    pen.text((80, 112), "Article  Colour  Weight  Price", text, ImageFont.load_default(32))
    return page


def cleaned(page: Image.Image) -> Image.Image:
    return invert_dark_bars(page, make_thumbnail(page))


@pytest.mark.parametrize("fill", [0, 66, 114])
def test_a_dark_bar_is_inverted_and_the_rest_of_the_page_stays(fill: int) -> None:
    page = page_with(fill, 255)
    expected = page_with(255, 0)
    found = cleaned(page)
    assert found.crop((0, 0, 1200, 96)).tobytes() == expected.crop((0, 0, 1200, 96)).tobytes()
    inner = (66, 106, 1134, 154)
    assert (
        ImageChops.difference(found.crop(inner), expected.crop(inner)).point(lambda tone: tone > 60).getbbox() is None
    )


@pytest.mark.parametrize(
    "page",
    [
        page_with(200, 0),
        page_with(110, 0),
        page_with(60, 60),
        page_with(60, 255, (60, 100, 1140, 700)),
        page_with(255, 0),
    ],
    ids=["light", "dark text", "no text", "picture", "none"],
)
def test_other_areas_stay(page: Image.Image) -> None:
    assert cleaned(page) is page
