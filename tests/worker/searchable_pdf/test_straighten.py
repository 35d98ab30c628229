"""Boxes move with the image that is straightened."""

from __future__ import annotations

import math

import pytest

from ocrdesk.contract.box import Box
from ocrdesk_worker.searchable_pdf.straighten import Straightener


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
