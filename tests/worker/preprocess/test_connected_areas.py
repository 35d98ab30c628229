"""Connected areas of a mask."""

from __future__ import annotations

import pytest

from ocrdesk_worker.preprocess.connected_areas import find_connected_areas
from ocrdesk_worker.preprocess.pixels import Mask, np


def areas_by_flooding(mask: Mask) -> list[list[tuple[int, int]]]:
    """The pixels of each area, found by walking from neighbour to neighbour."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    areas = []
    while left:
        seen, reached = [], [min(left)]
        left.remove(reached[0])
        while reached:
            row, column = reached.pop()
            seen.append((row, column))
            near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
            left -= near
            reached.extend(near)
        areas.append(sorted(seen))
    return areas


@pytest.mark.parametrize("density", [0.0, 0.2, 0.35, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (40, 50)])
def test_areas_are_those_found_by_flooding(shape: tuple[int, int], density: float) -> None:
    mask = np.random.default_rng(7).random(shape) < density
    found = find_connected_areas(mask)
    expected = areas_by_flooding(mask)
    assert found.count == len(expected)
    assert found.sizes.tolist() == [len(pixels) for pixels in expected]
    for number, pixels in enumerate(expected):
        only = np.arange(found.count) == number
        assert [tuple(pixel) for pixel in np.argwhere(found.mask_of(only)).tolist()] == pixels
        rows, columns = np.array(pixels).T
        box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
        assert found.boxes[number].tolist() == box


def test_a_spiral_is_one_area() -> None:
    mask = np.zeros((41, 41), bool)
    top, left, bottom, right = 0, 0, 40, 40
    while top < bottom:
        mask[top, left : right + 1] = mask[top : bottom + 1, right] = mask[bottom, left : right + 1] = True
        mask[top + 2 : bottom + 1, left] = True
        mask[top + 2, left : left + 3] = True
        top, left, bottom, right = top + 2, left + 2, bottom - 2, right - 2
    assert find_connected_areas(mask).count == 1
    assert find_connected_areas(mask).sizes.tolist() == [int(mask.sum())]


def test_the_last_pixel_of_a_row_and_the_first_of_the_next_do_not_touch() -> None:
    mask = np.array([[0, 0, 1], [1, 0, 0]], bool)
    assert find_connected_areas(mask).count == 2


@pytest.mark.parametrize("least_run", [1, 2, 5])
def test_areas_of_long_runs_are_those_of_a_mask_without_short_ones(least_run: int) -> None:
    mask = np.random.default_rng(3).random((40, 50)) < 0.6
    found, expected = (
        find_connected_areas(mask).of_long_runs(least_run),
        find_connected_areas(mask, least_run=least_run),
    )
    assert found.count == expected.count > 0
    assert np.array_equal(found.boxes, expected.boxes)
    assert np.array_equal(found.sizes, expected.sizes)
