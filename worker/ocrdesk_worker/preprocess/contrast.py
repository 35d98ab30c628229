"""Faint and grainy text.

Faint text becomes black on white. Grain is smoothed if it is strong compared with the text's contrast.
"""

from __future__ import annotations

from PIL import Image

from ocrdesk_worker.preprocess.pixels import Pixels, np
from ocrdesk_worker.preprocess.smoothing import weighted_mean
from ocrdesk_worker.preprocess.thumbnail import Thumbnail
from ocrdesk_worker.preprocess.tones import median, percentiles

_FAINT = 90
"""Tones between ink and paper, of 255: with fewer the text is faint, and its tones are stretched."""
_GRAINY = 0.03
"""Grain whose standard deviation is a greater share of that contrast is smoothed."""
_SMOOTHING = (102, 62, 14, 1)
"""A bell curve whose standard deviation is a pixel."""
_EVERY = 2
"""Tones are measured at every second pixel of the thumbnail in both directions."""
_MIN_INKED = 20
_TILE, _TILES = 128, 3
"""Grain is measured in three times three tiles of so many pixels a side."""
_MEDIAN_DIFFERENCE = 6 * 0.6745
"""The median size of the second differences in both directions of grain, in its standard deviations."""


def increase_contrast(image: Image.Image, thumbnail: Thumbnail) -> Image.Image:
    """Return the 8-bit grey image, smoothed and stretched as needed; the same image if it needs neither."""
    pixels = np.asarray(image)
    tones = _tones(pixels, thumbnail)
    if tones is None:
        return image
    ink, paper = tones
    contrast = paper - ink
    is_faint, is_grainy = contrast < _FAINT, _grain(pixels) > _GRAINY * contrast
    if not is_faint and not is_grainy:
        return image
    if is_grainy:
        pixels = weighted_mean(pixels, _SMOOTHING)
    if is_faint:
        levels = (np.arange(256) - ink) * (255 / contrast)
        return Image.fromarray(pixels).point(levels.clip(0, 255).astype(np.uint8).tolist())
    return Image.fromarray(pixels)


def _tones(pixels: Pixels, thumbnail: Thumbnail) -> tuple[float, float] | None:
    """Return the tones of the ink and of the paper; None if there is hardly any ink."""
    middle, step = thumbnail.factor // 2, thumbnail.factor * _EVERY
    sample = pixels[middle::step, middle::step]
    inked = sample[thumbnail.ink[::_EVERY, ::_EVERY][: sample.shape[0], : sample.shape[1]]]
    if len(inked) < _MIN_INKED:
        return None
    ink, paper = percentiles(inked, 10)[0], median(sample)
    return (ink, paper) if ink < paper else None


def _grain(pixels: Pixels) -> float:
    """Return the standard deviation of the noise from pixel to pixel.

    It is the median over tiles, which text does not affect.
    """
    found = []
    for row in range(_TILES):
        for column in range(_TILES):
            top = (pixels.shape[0] - _TILE) * row // (_TILES - 1)
            left = (pixels.shape[1] - _TILE) * column // (_TILES - 1)
            tile = pixels[max(0, top) : max(0, top) + _TILE, max(0, left) : max(0, left) + _TILE]
            differences = np.diff(np.diff(tile.astype(np.int16), 2, axis=0), 2, axis=1)
            if differences.size:
                found.append(float(np.median(np.abs(differences))) / _MEDIAN_DIFFERENCE)
    return float(np.median(found)) if found else 0.0
