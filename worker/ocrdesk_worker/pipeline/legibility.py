"""Tells whether a reduced copy of a very large page has letters too small to read."""

from __future__ import annotations

from PIL import Image

from ocrdesk_worker.preprocess.components import find_components, pixels_of
from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.quarter_turns import densest_strip
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

_UNSURE = 0.7
"""Mean confidence of the page below which its letters are measured."""
_READABLE = 9.0
"""Pixels: the usual height of letters below which many are misread."""
_SIDE = 1600
"""Pixels of the part that is measured: in such a part no letter is reduced."""


def is_illegible(image: Image.Image, thumbnail: Thumbnail, confidence: float) -> bool:
    """Return whether an 8-bit grey image was read with little confidence because its letters are too small."""
    if confidence >= _UNSURE or not thumbnail.ink.any():
        return False
    top, bottom = densest_strip(thumbnail)
    columns = np.count_nonzero(thumbnail.ink[top // thumbnail.factor : bottom // thumbnail.factor], axis=0)
    middle = int(np.argmax(np.convolve(columns, np.ones(max(1, _SIDE // thumbnail.factor)), "same"))) * thumbnail.factor
    left = min(max(0, middle - _SIDE // 2), max(0, image.width - _SIDE))
    part = image.crop((left, top, min(image.width, left + _SIDE), min(bottom, top + _SIDE)))
    return 0 < find_components(pixels_of(part)).letter_height < _READABLE
