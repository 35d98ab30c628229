"""Dark, faint, grainy and badly lit pages are cleaned up."""

from __future__ import annotations

import pytest
from PIL import Image, ImageOps

from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.preprocess.clean_up import clean_up
from ocrdesk_worker.preprocess.quarter_turns import lines_are_vertical
from ocrdesk_worker.preprocess.straightening.deskew import measure_skew
from tests.helpers.degraded_pages import (
    WORDS,
    assert_boxes_hold_the_ink,
    badly_lit,
    between,
    clean_page,
    grainy,
    read,
    texts,
)
from tests.worker.conftest import Save


@pytest.mark.parametrize(
    "degrade",
    [
        lambda page: ImageOps.invert(page),
        lambda page: between(page, 225, 40),
        lambda page: between(page, 150, 185),
        lambda page: between(page, 60, 90),
        lambda page: grainy(between(page, 150, 185), 5),
        lambda page: grainy(between(page, 40, 220), 18),
        badly_lit,
    ],
    ids=["inverted", "dark mode", "faint", "faint on dark", "faint and grainy", "grainy", "badly lit"],
)
def test_a_degraded_page_is_cleaned_up_and_read(degrade, engines: Engines, save: Save) -> None:  # type: ignore[no-untyped-def]
    degraded = degrade(clean_page())
    cleaned, _ = clean_up(degraded)
    assert cleaned is not degraded
    assert cleaned.size == degraded.size
    page = read(degraded, engines, save)
    assert texts(page) == WORDS
    assert_boxes_hold_the_ink(page, clean_page(), slack=20)


def test_a_page_that_needs_nothing_is_left_as_it_is() -> None:
    for image in (clean_page(), between(clean_page(), 30, 235), grainy(between(clean_page(), 30, 235), 2)):
        same, thumbnail = clean_up(image)
        assert same is image
        assert measure_skew(thumbnail) == 0
        assert not lines_are_vertical(thumbnail)


@pytest.mark.parametrize("paper", [0, 40, 128, 255])
def test_an_empty_page_of_any_tone_stays_empty(paper: int, engines: Engines, save: Save) -> None:
    blank = Image.new("L", (700, 500), paper)
    assert clean_up(blank)[0] is blank
    page = read(blank, engines, save)
    assert (page.blocks, page.rotation, page.width, page.height) == ((), 0, 700, 500)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 2), (17, 17), (40, 40)])
def test_the_smallest_images_do_no_harm(size: tuple[int, int]) -> None:
    for tone in (0, 90, 255):
        image = Image.new("L", size, tone)
        image.putpixel((0, 0), 128)
        cleaned, thumbnail = clean_up(image)
        assert cleaned.size == size
        assert measure_skew(thumbnail) == 0
        assert not lines_are_vertical(thumbnail)
