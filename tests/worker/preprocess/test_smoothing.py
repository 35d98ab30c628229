"""Means around each pixel."""

from __future__ import annotations

import math

import pytest

from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.smoothing import Beyond, darker_than_surroundings, local_mean, weighted_mean


def noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(5).integers(0, 256, (height, width), np.uint8)


def around(image: Pixels, row: int, column: int, reach: int, beyond: Beyond) -> Pixels:
    """The pixels of a square around a pixel, one by one."""
    padded = np.pad(image.astype(int), reach, beyond)
    return padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1]


# more rows than fit into one band
@pytest.mark.parametrize(("height", "width", "size"), [(300, 7, 5), (2, 9, 3), (40, 50, 41)])
def test_the_mean_is_that_of_the_square_around_a_pixel(height: int, width: int, size: int) -> None:
    image = noise(height, width)
    mean = local_mean(image, size)
    for row, column in np.ndindex(image.shape):
        square = around(image, row, column, size // 2, "reflect")
        assert mean[row, column] == math.floor(square.mean() + 0.5)


@pytest.mark.parametrize(("height", "width", "size"), [(300, 7, 5), (1, 1, 3), (40, 50, 31)])
def test_dark_pixels_are_darker_than_the_mean_by_enough(height: int, width: int, size: int) -> None:
    image = noise(height, width)
    dark = darker_than_surroundings(image, size, 20)
    for row, column in np.ndindex(image.shape):
        mean = math.floor(around(image, row, column, size // 2, "edge").mean() + 0.5)
        assert dark[row, column] == (int(image[row, column]) + 20 <= mean)


def test_weights_apply_in_both_directions() -> None:
    image = noise(300, 8)
    smooth = weighted_mean(image, (146, 53, 2))
    line = np.array([2, 53, 146, 53, 2])
    weights = np.outer(line, line)
    for row, column in np.ndindex(image.shape):
        exact = (around(image, row, column, 2, "reflect") * weights).sum() / 2**16
        assert smooth[row, column] == math.floor(exact + 0.5)


def test_white_stays_white() -> None:
    white = np.full((9, 9), 255, np.uint8)
    assert weighted_mean(white, (102, 62, 14, 1)).min() == 255
    assert local_mean(white, 41).min() == 255
