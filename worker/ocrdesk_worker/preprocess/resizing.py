"""Enlarges and reduces grey images.

Reduced sides have the mean of the pixels that they replace. Others are interpolated, without overshooting beyond black
and white.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PIL import Image

from ocrdesk_worker.preprocess.kept_values import KeptValues
from ocrdesk_worker.preprocess.pixels import Pixels, np

_Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
_Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]
_HALVES = KeptValues[Pixels]()
_BAND = 120_000
"""Pixels that are made at a time: their sums stay in the processor's cache."""
_SHARPNESS = -0.75
"""The slope of the cubic curve where it crosses zero: the sharpest that is usual, which small letters need."""


def reduce(image: Pixels, factor: int) -> Pixels:
    """Return an image reduced by a whole number. Rows and columns that are left over are not part of it.

    Half of an array that cannot change is kept as long as that: several steps of a page ask for it.
    """
    if factor == 1:
        return image
    if factor == 2:
        return _HALVES.of_array(image, lambda: _reduced(image, factor))
    return _reduced(image, factor)


def _reduced(image: Pixels, factor: int) -> Pixels:
    height, width = (side // factor * factor for side in image.shape)
    if not height or not width:
        return image[:1, :1].copy()
    return np.asarray(Image.fromarray(image).reduce(factor, (0, 0, width, height)))


def resize(image: Pixels, width: int, height: int, *, cubic: bool = False) -> Pixels:
    """Return an image of that size. Enlarged sides are interpolated by a line, or by a cubic curve."""
    down = _sources(image.shape[0], height, cubic=cubic)
    across = _sources(image.shape[1], width, cubic=cubic)
    resized = np.empty((height, width), np.uint8)
    rows = max(8, _BAND // max(image.shape[1], width))
    for top in range(0, height, rows):
        band = slice(top, top + rows)
        if down is None:
            part = image[band]
        else:
            places, weights = down
            part = _combined(image, places[:, band], weights[:, band, None], axis=0)
        if across is not None:
            places, weights = across
            part = _combined(part, places, weights, axis=1)
        resized[band] = np.rint(part).clip(0, 255)
    return resized


def _combined(image: Pixels, places: _Numbers, weights: _Floats, axis: int) -> Pixels:
    """Return the sums of the rows or columns at these places, multiplied by their weights."""
    total: Pixels = image.take(places[0], axis) * weights[0]
    for place, weight in zip(places[1:], weights[1:], strict=True):
        total += image.take(place, axis) * weight
    return total


@lru_cache(maxsize=512)
def _sources(source: int, target: int, *, cubic: bool) -> tuple[_Numbers, _Floats] | None:
    """Return the source rows from which each target row is made, and their weights; None if none are needed."""
    if source == target:
        return None
    return _covered(source, target) if target < source else _around(source, target, cubic=cubic)


def _covered(source: int, target: int) -> tuple[_Numbers, _Floats]:
    """Return the source rows that each target row covers, and the share that each has of it."""
    edges = np.arange(target + 1) * (source / target)
    first = np.floor(edges[:-1]).astype(np.intp)
    places = first + np.arange(int(np.ceil(source / target)) + 1)[:, None]
    shares = np.minimum(places + 1, edges[1:]) - np.maximum(places, edges[:-1])
    weights = shares.clip(0) * (target / source)
    return places.clip(0, source - 1), weights.astype(np.float32)


def _around(source: int, target: int, *, cubic: bool) -> tuple[_Numbers, _Floats]:
    """Return the source rows around each target row, and their weights."""
    centres = (np.arange(target) + 0.5) * (source / target) - 0.5
    before = np.floor(centres).astype(np.intp)
    part = centres - before
    weights = cubic_weights(part) if cubic else (1 - part, part)
    places = before + np.arange(-1 if cubic else 0, 3 if cubic else 2)[:, None]
    return places.clip(0, source - 1), np.array(weights, np.float32)


def cubic_weights(part: Any) -> tuple[Any, Any, Any, Any]:
    """Return the weights of four neighbouring pixels, for places between the second and the third of them.

    `part` is how far from the second they are, less than 1.
    """
    rest = 1 - part
    first, last = _SHARPNESS * part * rest * rest, _SHARPNESS * part * part * rest
    second = ((_SHARPNESS + 2) * part - (_SHARPNESS + 3)) * part * part + 1
    return first, second, 1 - first - second - last, last
