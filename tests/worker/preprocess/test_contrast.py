"""Faint text becomes black on white, and strong grain is smoothed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageStat

from ocrdesk_worker.preprocess.contrast import increase_contrast
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import between, clean_page, grainy


def increased(image: Image.Image) -> Image.Image:
    return increase_contrast(image, make_thumbnail(image))


@pytest.mark.parametrize(("black", "white"), [(150, 185), (60, 100), (200, 255)])
def test_faint_text_becomes_black_on_white(black: int, white: int) -> None:
    result = increased(between(clean_page(), black, white))
    assert result.getextrema() == (0, 255)
    assert ImageStat.Stat(result).median == [255]


def test_grain_is_smoothed() -> None:
    degraded = grainy(between(clean_page(), 40, 200), 18)
    paper = (0, 0, 900, 36)  # above the first line
    before, after = (ImageStat.Stat(image.crop(paper)).stddev[0] for image in (degraded, increased(degraded)))
    assert before > 15
    assert after < before / 2


@pytest.mark.parametrize(
    "image",
    [
        clean_page(),
        between(clean_page(), 30, 235),
        grainy(between(clean_page(), 30, 235), 2),
        Image.new("L", (700, 500), 180),
    ],
    ids=["clean", "good contrast", "fine grain", "no text"],
)
def test_a_page_that_needs_nothing_stays_as_it_is(image: Image.Image) -> None:
    assert increased(image) is image
