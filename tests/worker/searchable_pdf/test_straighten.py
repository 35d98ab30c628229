"""Boxes move with the image that is straightened; the words say which page may need it."""

from __future__ import annotations

import math

import pytest

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk_worker.searchable_pdf.straighten import Straightener, has_sloping_lines
from tests.helpers.searchable_pdfs import page_of, word


@pytest.mark.parametrize("skew_deg", [-5.0, -1.0, 2.0, 8.0])
@pytest.mark.parametrize("center", [(500, 300), (200, 100), (800, 520)])
def test_box_of_a_skewed_word_becomes_that_of_the_straight_one(skew_deg: float, center: tuple[int, int]) -> None:
    width, height = 160, 40
    straight = Box(center[0] - 80, center[1] - 20, center[0] + 80, center[1] + 20)
    radians = math.radians(skew_deg)
    cosine, sine = math.cos(radians), math.sin(radians)
    across, down = straight.center_x - 500, straight.center_y - 300
    x, y = 500 + cosine * across - sine * down, 300 + sine * across + cosine * down
    half_width = (width * cosine + height * abs(sine)) / 2
    half_height = (height * cosine + width * abs(sine)) / 2
    skewed = Box(round(x - half_width), round(y - half_height), round(x + half_width), round(y + half_height))
    moved = Straightener(1000, 600, skew_deg).moved(skewed)
    assert all(abs(one - other) <= 4 for one, other in zip(moved, straight, strict=True))


def test_box_stays_on_the_image() -> None:
    moved = Straightener(1000, 600, 10.0).moved(Box(0, 0, 30, 20))
    assert moved.left >= 0
    assert moved.top >= 0
    assert moved.width >= 1
    corner = page_of([word("word", (0, 0, 30, 20))], size=(1000, 600))
    assert not Straightener(1000, 600, 10.0).suits(corner)


def line_at(top: int, slope: float, words: int = 4) -> list[Word]:
    places = [(x, round(top + slope * x)) for x in range(100, 100 + 200 * words, 200)]
    return [word("word", (x, y, x + 90, y + 30)) for x, y in places]


@pytest.mark.parametrize(
    ("lines", "may_be_skewed"),
    [
        ([line_at(top, 0.05) for top in (100, 200, 300)], True),
        ([line_at(top, -0.05) for top in (200, 300, 400)], True),
        ([line_at(top, 0.0) for top in (100, 200, 300)], False),
        ([line_at(100, 0.05), line_at(200, 0.05)], False),
        ([line_at(top, 0.05, words=2) for top in (100, 200, 300)], False),
        ([line_at(100, 0.2), *(line_at(top, 0.0) for top in (200, 300, 400))], False),
        ([[word("縦", (x, y, x + 30, y + 30)) for y in (100, 200, 300)] for x in (100, 200, 300)], False),
    ],
    ids=["falling", "rising", "level", "two lines", "short lines", "one line skewed", "vertical"],
)
def test_words_say_whether_a_page_may_be_skewed(lines: list[list[Word]], may_be_skewed: bool) -> None:
    assert has_sloping_lines(page_of(*lines, size=(1000, 600))) is may_be_skewed
