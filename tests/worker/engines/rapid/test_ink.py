"""Which pixels of a line image are text."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.rapid.ink import find_ink
from ocrdesk_worker.preprocess.pixels import np


@pytest.mark.parametrize("height", [1, 2, 9, 10, 11, 31, 48, 101])
def test_ink_under_a_highlighter_is_what_differs_from_its_column(height: int) -> None:
    rng = np.random.default_rng(height)
    image = rng.integers(225, 255, (height, 60), np.uint8)
    image[:, 20:40] -= 90
    image[height // 3 : height // 2, ::7] = 20
    paper = np.percentile(image, 90, axis=0).astype(np.int16)
    apart = np.abs(image.astype(np.int16) - paper)
    ink = find_ink(image)
    assert ink.shape == image.shape
    assert not ink[apart == 0].any() or height < 3
    if height >= 9:
        assert ink[height // 3 : height // 2, ::7].all()
        assert not ink[:, 20:40][image[:, 20:40] > 120].any()
