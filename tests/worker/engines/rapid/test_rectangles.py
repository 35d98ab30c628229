"""The smallest rectangle around an area."""

from __future__ import annotations

import math

import pytest
from PIL import Image, ImageDraw

from ocrdesk_worker.engines.rapid.rectangles import TurnedRectangle, smallest_rectangle
from ocrdesk_worker.preprocess.pixels import np


def around_drawing(*corners: tuple[float, float]) -> TurnedRectangle:
    image = Image.new("1", (200, 200))
    ImageDraw.Draw(image).polygon(corners, fill=1)
    mask = np.asarray(image)
    rows = np.flatnonzero(mask.any(axis=1))
    lefts = mask[rows].argmax(axis=1)
    rights = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    return smallest_rectangle(rows, lefts, rights)


@pytest.mark.parametrize("degrees", [0, 3, 20, 45, 80, 90, 130])
def test_a_bar_in_any_direction_has_its_own_size(degrees: int) -> None:
    turn = math.radians(degrees)
    along, across = (math.cos(turn) * 60, math.sin(turn) * 60), (-math.sin(turn) * 10, math.cos(turn) * 10)
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    found = around_drawing(
        *((100 + a * along[0] + b * across[0], 100 + a * along[1] + b * across[1]) for a, b in signs)
    )
    assert sorted((found.side, found.other_side)) == pytest.approx([20, 120], abs=1.5)
    assert found.centre == pytest.approx([100, 100], abs=1)


def test_corners_contain_the_margin() -> None:
    corners = around_drawing((50, 60), (149, 60), (149, 79), (50, 79)).corners(10)
    assert sorted(map(tuple, corners.round(6).tolist())) == [(45, 55), (45, 84), (154, 55), (154, 84)]


def test_one_pixel_has_no_size() -> None:
    found = smallest_rectangle(np.array([4]), np.array([7]), np.array([7]))
    assert (found.side, found.other_side) == (0, 0)
    assert found.centre.tolist() == [7, 4]


def test_a_row_of_pixels_has_no_height() -> None:
    found = smallest_rectangle(np.array([4]), np.array([7]), np.array([17]))
    assert sorted((found.side, found.other_side)) == [0, 10]
