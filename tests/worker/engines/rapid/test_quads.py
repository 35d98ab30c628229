"""Quadrilaterals of lines: corners, sizes, parts and the pixels inside."""

from __future__ import annotations

from itertools import permutations

import pytest
from PIL import Image, ImageDraw

from ocrdesk_worker.engines.rapid.quads import (
    as_quad,
    cut_out,
    part_of,
    quad_of,
    rectangle_around,
    size_of,
    vertical_readings,
)
from ocrdesk_worker.preprocess.components import pixels_of
from ocrdesk_worker.preprocess.pixels import np

SKEWED = np.array([[10, 20], [110, 30], [108, 50], [8, 40]], np.float32)
"""A quadrilateral that is a hundred pixels wide and slopes down to the right."""


def test_corners_are_put_in_order() -> None:
    for order in permutations(range(4)):
        assert np.array_equal(as_quad(SKEWED[list(order)]), SKEWED)


def test_a_rectangle_comes_back() -> None:
    assert rectangle_around(quad_of((1, 2, 30, 40))) == (1, 2, 30, 40)
    assert rectangle_around(SKEWED) == (8, 20, 110, 50)


def test_the_size_is_measured_along_the_line() -> None:
    assert size_of(quad_of((1, 2, 31, 12))) == (30, 10)
    assert size_of(SKEWED) == pytest.approx((100.5, 20.1), abs=0.1)


def test_a_vertical_line_can_be_read_upwards_and_downwards() -> None:
    upwards, downwards = vertical_readings(quad_of((0, 0, 10, 90)))
    assert size_of(upwards) == size_of(downwards) == (90, 10)
    assert tuple(upwards[0]) == (0, 90), "reading upwards begins at the bottom left"
    assert tuple(downwards[0]) == (10, 0), "reading downwards begins at the top right"


def test_pixels_of_an_upright_quad_are_those_of_the_page() -> None:
    page = pixels_of(Image.effect_noise((60, 40), 60))
    assert np.array_equal(cut_out(page, quad_of((5, 6, 25, 16))), page[6:16, 5:25])


def test_pixels_of_a_skewed_quad_are_deskewed() -> None:
    image = Image.new("L", (130, 70), 255)
    ImageDraw.Draw(image).polygon([tuple(map(float, corner)) for corner in SKEWED], fill=0)
    cut = cut_out(pixels_of(image), SKEWED)
    assert cut.shape == (20, 100)
    assert cut[3:-3, 3:-3].max() < 30


def test_a_quad_without_extent_has_a_pixel() -> None:
    assert cut_out(pixels_of(Image.new("L", (9, 9), 7)), quad_of((3, 3, 3, 3))).size == 1


def test_a_part_is_measured_along_and_across_the_line() -> None:
    assert part_of(quad_of((0, 0, 100, 20)), 0.25, 0.5) == (25, 0, 50, 20)
    assert part_of(quad_of((0, 0, 100, 20)), 0, 1, 0.5, 0.75) == (0, 10, 100, 15)
    upwards, _ = vertical_readings(quad_of((0, 0, 10, 90)))
    assert part_of(upwards, 0, 1 / 3) == pytest.approx((0, 60, 10, 90))
