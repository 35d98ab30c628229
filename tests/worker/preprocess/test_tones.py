"""Percentiles by counting."""

from __future__ import annotations

import pytest

from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.tones import median, middle_tones, percentiles

_PERCENTS = (0, 1, 10, 37.5, 50, 60, 99.5, 100)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 255, 4001])
@pytest.mark.parametrize("tones", [2, 256])
def test_percentiles_are_those_of_numpy(count: int, tones: int) -> None:
    image = np.random.default_rng(count).integers(0, tones, (3, count), np.uint8)
    assert percentiles(image, *_PERCENTS) == np.percentile(image, _PERCENTS).tolist()
    assert median(image) == np.median(image)


def test_a_part_of_an_image_has_percentiles_too() -> None:
    image = np.arange(200, dtype=np.uint8).reshape(10, 20)
    assert percentiles(image[::3, 1::2], 25) == [np.percentile(image[::3, 1::2], 25)]
    assert median(image[image > 100]) == np.median(image[image > 100])


@pytest.mark.parametrize("count", [1, 2, 3, 10, 255, 9001])
def test_middle_tones_are_those_of_the_sorted_tones(count: int) -> None:
    image = np.random.default_rng(count).integers(0, 256, (2, count), np.uint8)[:, ::-1]
    for tones in (image, image[:1]):
        ordered = np.sort(tones, axis=None).tolist()
        assert middle_tones(tones) == (ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2])
