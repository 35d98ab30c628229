"""Areas of a mask, spread and thinned."""

from __future__ import annotations

import pytest

from ocrdesk_worker.preprocess.morphology import close_gaps, dilate, open_areas
from ocrdesk_worker.preprocess.pixels import Mask, np

BRUSHES = [(1, 3), (3, 1), (1, 7), (6, 1), (5, 5), (4, 2)]


def blots() -> Mask:
    return np.random.default_rng(3).random((30, 40)) < 0.8


def fits(mask: Mask, top: int, left: int, width: int, height: int) -> bool:
    """Whether the brush is inside the mask there; its middle must be on the image."""
    middle = top + height // 2, left + width // 2
    if not all(0 <= place < size for place, size in zip(middle, mask.shape, strict=True)):
        return False
    return bool(mask[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)].all())


@pytest.mark.parametrize(("width", "height"), BRUSHES)
def test_opening_keeps_what_the_brush_fits_in(width: int, height: int) -> None:
    mask = blots()
    opened = open_areas(mask, width, height)
    for row, column in np.ndindex(mask.shape):
        places = [(row - down, column - across) for down in range(height) for across in range(width)]
        assert opened[row, column] == any(fits(mask, top, left, width, height) for top, left in places)


@pytest.mark.parametrize(("width", "height"), BRUSHES)
def test_closing_is_opening_of_the_paper(width: int, height: int) -> None:
    mask = ~blots()
    assert np.array_equal(close_gaps(mask, width, height), ~open_areas(~mask, width, height))


def test_a_gap_as_wide_as_the_brush_stays() -> None:
    mask = np.array([[1, 0, 1, 0, 0, 1, 0, 0, 0, 1]], bool)
    assert close_gaps(mask, 3, 1).astype(int).tolist() == [[1, 1, 1, 1, 1, 1, 0, 0, 0, 1]]


@pytest.mark.parametrize(("width", "height"), BRUSHES)
def test_a_pixel_spreads_to_the_size_of_the_brush(width: int, height: int) -> None:
    mask = np.zeros((30, 40), bool)
    mask[15, 20] = True
    spread = np.argwhere(dilate(mask, width, height))
    assert len(spread) == width * height
    assert (np.ptp(spread, axis=0) + 1).tolist() == [height, width]
    assert np.abs(spread.mean(axis=0) - (15, 20)).max() <= 0.5
