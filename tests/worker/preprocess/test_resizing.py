"""Enlarged and reduced images."""

from __future__ import annotations

import pytest

from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.resizing import reduce, resize


def noise(height: int, width: int) -> Pixels:
    return np.random.default_rng(2).integers(0, 256, (height, width), np.uint8)


def test_a_reduced_pixel_is_the_mean_of_those_it_replaces() -> None:
    image = noise(20, 31)
    exact = image[:, :30].reshape(10, 2, 15, 2).mean(axis=(1, 3))
    assert np.abs(reduce(image, 2) - exact).max() <= 0.5
    assert np.abs(resize(image[:, :30], 15, 10) - exact).max() <= 0.5


def test_a_page_smaller_than_the_factor_keeps_a_pixel() -> None:
    assert reduce(noise(1, 9), 3).shape == (1, 1)


@pytest.mark.parametrize(("width", "height"), [(13, 7), (30, 11), (29, 19)])
def test_parts_of_pixels_count_by_their_area(width: int, height: int) -> None:
    image = noise(20, 30)
    # each pixel becomes as many as the new size has, whose blocks are then whole
    fine = np.repeat(np.repeat(image, height, axis=0), width, axis=1).astype(float)
    exact = fine.reshape(height, 20, width, 30).mean(axis=(1, 3))
    assert np.abs(resize(image, width, height) - exact).max() <= 0.501


@pytest.mark.parametrize("cubic", [False, True])
def test_an_enlarged_ramp_stays_a_ramp(cubic: bool) -> None:
    ramp = np.tile(np.arange(0, 200, 10, dtype=np.uint8), (5, 1))
    wide = resize(ramp, 80, 5, cubic=cubic)
    assert wide.shape == (5, 80)
    middle = (np.arange(80) + 0.5) / 4 - 0.5
    assert np.abs(wide[2, 8:-8] - 10 * middle[8:-8]).max() < (2 if cubic else 0.51)


def test_a_cubic_curve_keeps_edges_sharper() -> None:
    edge = np.repeat(np.array([[0] * 6 + [255] * 6], np.uint8), 4, axis=0)
    steps = [np.abs(np.diff(resize(edge, 60, 4, cubic=cubic)[0].astype(int))).max() for cubic in (False, True)]
    assert steps[1] > steps[0]


def test_the_same_size_is_the_same_image() -> None:
    image = noise(9, 12)
    assert np.array_equal(resize(image, 12, 9, cubic=True), image)
