"""Line images are scaled as Pillow scales them, and sharpened with its box filter."""

from __future__ import annotations

import pytest
from PIL import Image, ImageFilter

from ocrdesk_worker.engines.batch.line_scaling import scaled
from ocrdesk_worker.preprocess.pixels import Pixels, np


def by_pillow(line: Pixels, width: int, height: int) -> Pixels:
    scale = max(width / line.shape[1], height / line.shape[0])
    image = Image.fromarray(line)
    if scale < 0.7:
        found = image.resize((width, height), Image.Resampling.BOX)
    else:
        across, down = line.shape[1] / width, line.shape[0] / height
        places = (across, 0, (1 - across) / 2, 0, down, (1 - down) / 2)
        found = image.transform((width, height), Image.Transform.AFFINE, places, Image.Resampling.BILINEAR)
    tones = np.asarray(found, np.float64)
    if scale >= 1.4:
        return tones
    radius, strength = (1, 0.2) if scale < 0.7 else (2, 0.4)
    blurred = np.asarray(found.filter(ImageFilter.BoxBlur(radius)), np.float64)
    return np.clip(np.rint(tones + strength * (tones - blurred)), 0, 255)


@pytest.mark.parametrize("height", [3, 7, 15, 17, 18, 19, 25, 30, 36, 51, 52, 120])
@pytest.mark.parametrize("width", [3, 4, 90, 700])
def test_every_pixel_is_that_of_pillow(width: int, height: int) -> None:
    line = np.random.default_rng(height).integers(0, 256, (height, width), np.uint8)
    size = max(3, round(width * 36 / height)), 36
    assert np.array_equal(scaled(line, *size), by_pillow(line, *size))
