"""Turns by 90 degrees."""

from __future__ import annotations

from itertools import product

import pytest
from PIL import Image

from ocrdesk.contract.box import Rotation
from ocrdesk_worker.preprocess.quarter_turns import add_rotations, densest_strip, lines_are_vertical, turn
from ocrdesk_worker.preprocess.thumbnail import make_thumbnail
from tests.helpers.degraded_pages import TURNS, clean_page


@pytest.mark.parametrize(("clockwise", "vertical"), [(0, False), (90, True), (180, False), (270, True)])
def test_lines_are_vertical_on_a_page_on_its_side(clockwise: int, vertical: bool) -> None:
    page = clean_page().transpose(TURNS[clockwise]) if clockwise else clean_page()
    assert lines_are_vertical(make_thumbnail(page)) is vertical


def test_a_page_without_words_has_no_vertical_lines() -> None:
    page = Image.new("L", (600, 400), 255)
    for left in range(50, 550, 60):
        page.paste(0, (left, 20, left + 2, 380))  # ruling lines
    assert not lines_are_vertical(make_thumbnail(page))


@pytest.mark.parametrize(("clockwise", "corner"), [(0, (0, 0)), (90, (2, 0)), (180, (3, 2)), (270, (0, 3))])
def test_an_image_is_turned_clockwise(clockwise: Rotation, corner: tuple[int, int]) -> None:
    image = Image.new("L", (4, 3), 255)
    image.putpixel((0, 0), 7)
    turned = turn(image, clockwise)
    assert turned.size == ((4, 3) if clockwise in (0, 180) else (3, 4))
    assert turned.getpixel(corner) == 7


def test_an_upright_image_is_not_copied() -> None:
    image = Image.new("L", (4, 3), 255)
    assert turn(image, 0) is image


def test_two_turns_have_the_effect_of_their_sum() -> None:
    image = Image.new("L", (4, 3), 255)
    image.putpixel((0, 0), 7)
    turns: tuple[Rotation, ...] = (0, 90, 180, 270)
    for one, two in product(turns, turns):
        both, sum_of_both = turn(turn(image, one), two), turn(image, add_rotations(one, two))
        assert (both.size, both.tobytes()) == (sum_of_both.size, sum_of_both.tobytes())


@pytest.mark.parametrize("scale", [1, 3])
def test_the_densest_strip_is_where_the_text_is(scale: int) -> None:
    page = Image.new("L", (900, 1000), 255)
    page.paste(clean_page().crop((0, 0, 900, 240)), (0, 600))
    top, bottom = densest_strip(make_thumbnail(page.resize((900 * scale, 1000 * scale))))
    assert bottom - top == pytest.approx(250 * scale, abs=scale * 4)
    assert 560 * scale <= top <= 660 * scale
