"""Faint text is made black on white, and grain smoothed where it is strong beside the text's contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk_worker.preprocess.opencv import cv2, np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

if TYPE_CHECKING:
    from ocrdesk_worker.preprocess.thumbnail import Mask

_FAINT = 90
"""Levels of 255 between ink and paper, below which text is stretched."""
_GRAINY = 0.03
"""The grain's standard deviation, in parts of that contrast, from which it is smoothed."""
_SMOOTHING_PX = 1.0
_EVERY = 2
"""The tones are those of every second pixel of the glance, across and down."""
_FEWEST_INKED = 20
_TILE, _TILES = 128, 3
"""Grain is measured in three times three tiles of so many pixels."""
_DIFFERENCES = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.int16)
_OF_DIFFERENCES = 6 * 0.6745
"""The median size of these differences of grain, in its standard deviations."""


def increase_contrast(image: Image.Image, glance: Thumbnail) -> Image.Image:
    """The 8-bit grey image, smoothed and stretched as it needs; the same one when it needs neither."""
    pixels = np.asarray(image)
    tones = _tones(pixels, glance)
    if tones is None:
        return image
    ink, paper = tones
    contrast = paper - ink
    is_faint, is_grainy = contrast < _FAINT, _grain(pixels) > _GRAINY * contrast
    if not is_faint and not is_grainy:
        return image
    if is_grainy:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), _SMOOTHING_PX), np.uint8)
    if is_faint:
        levels = (np.arange(256) - ink) * (255 / contrast)
        pixels = np.asarray(cv2.LUT(pixels, levels.clip(0, 255).astype(np.uint8)), np.uint8)
    return Image.fromarray(pixels)


def _tones(pixels: Mask, glance: Thumbnail) -> tuple[float, float] | None:
    """The tones of the ink and of the paper; None when there is no ink to speak of."""
    middle, step = glance.factor // 2, glance.factor * _EVERY
    sample = pixels[middle::step, middle::step]
    inked = sample[glance.ink[::_EVERY, ::_EVERY][: sample.shape[0], : sample.shape[1]] > 0]
    if len(inked) < _FEWEST_INKED:
        return None
    ink, paper = float(np.percentile(inked, 10)), float(np.median(sample))
    return (ink, paper) if ink < paper else None


def _grain(pixels: Mask) -> float:
    """The standard deviation of the noise from pixel to pixel: the median over tiles, so that text has no say in it."""
    found = []
    for row in range(_TILES):
        for column in range(_TILES):
            top = (pixels.shape[0] - _TILE) * row // (_TILES - 1)
            left = (pixels.shape[1] - _TILE) * column // (_TILES - 1)
            tile = pixels[max(0, top) : max(0, top) + _TILE, max(0, left) : max(0, left) + _TILE]
            differences = np.abs(cv2.filter2D(tile, cv2.CV_16S, _DIFFERENCES))
            found.append(float(np.median(differences)) / _OF_DIFFERENCES)
    return float(np.median(found))
