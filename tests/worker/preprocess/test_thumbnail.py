"""The small image that decides which steps a page needs."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageOps

from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail, make_thumbnail
from tests.helpers.degraded_pages import between, clean_page


@pytest.mark.parametrize(("size", "factor"), [((1000, 700), 1), ((1001, 700), 2), ((700, 2500), 3), ((1, 1), 1)])
def test_a_page_is_reduced_to_about_a_thousand_pixels(size: tuple[int, int], factor: int) -> None:
    thumbnail = make_thumbnail(Image.new("L", size, 255))
    assert thumbnail.factor == factor
    assert thumbnail.grey.shape == (-(-size[1] // factor), -(-size[0] // factor))


def test_dark_strokes_are_ink_and_light_ones_are_light() -> None:
    for image, dark in ((clean_page(), True), (ImageOps.invert(clean_page()), False)):
        thumbnail = make_thumbnail(image)
        counts = [int(np.count_nonzero(mask)) for mask in (thumbnail.ink, thumbnail.light)]
        assert (counts[0] > 2 * counts[1]) is dark


def test_ink_is_where_the_letters_are() -> None:
    image = Image.new("L", (400, 300), 255)
    ImageDraw.Draw(image).rectangle((100, 50, 119, 59), fill=0)
    rows, columns = np.nonzero(make_thumbnail(image).ink)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (50, 59, 100, 119)


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_paper_alone_has_no_strokes(tone: int) -> None:
    thumbnail = make_thumbnail(Image.new("L", (300, 200), tone))
    assert not thumbnail.ink.any()
    assert not thumbnail.light.any()


def test_faint_strokes_are_ink_where_nothing_is_darker() -> None:
    strong, faint = make_thumbnail(clean_page()), make_thumbnail(between(clean_page(), 200, 230))
    assert np.count_nonzero(faint.ink) == pytest.approx(np.count_nonzero(strong.ink), rel=0.1)


@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_a_turned_thumbnail_is_that_of_the_turned_page(clockwise: int) -> None:
    image = clean_page()
    turned = make_thumbnail(image).turned(clockwise)
    assert np.array_equal(turned.grey, make_thumbnail(image.rotate(-clockwise, expand=True)).grey)


def test_a_thumbnail_that_is_not_turned_stays_the_same() -> None:
    thumbnail = Thumbnail(np.zeros((2, 3), np.uint8), 4)
    assert thumbnail.turned(0) is thumbnail
