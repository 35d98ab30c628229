"""Enlarges and reduces grey images.

Reduced sides have the mean of the pixels that they replace. Others are interpolated, without overshooting beyond black
and white.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PIL import Image

from ocrdesk_worker.preprocess.pixels import Pixels, np

_Floats = np.ndarray[tuple[Any, ...], np.dtype[np.float32]]
_Numbers = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]
_SHARPNESS = -0.75
"""The slope of the cubic curve where it crosses zero: the sharpest that is usual, which small letters need."""


def reduce(image: Pixels, factor: int) -> Pixels:
    """Return an image reduced by a whole number. Rows and columns that are left over are not part of it."""
    if factor == 1:
        return image
    height, width = (side // factor * factor for side in image.shape)
    if not height or not width:
        return image[:1, :1]
    return np.asarray(Image.fromarray(image).reduce(factor, (0, 0, width, height)))


def resize(image: Pixels, width: int, height: int, *, cubic: bool = False) -> Pixels:
    """Return an image of that size. Enlarged sides are interpolated by a line, or by a cubic curve."""
    down = _resize_rows(image, height, cubic=cubic)
    across = _resize_rows(np.ascontiguousarray(down.T), width, cubic=cubic)
    pixels: Pixels = np.rint(across.T).clip(0, 255).astype(np.uint8)
    return pixels


def _resize_rows(image: Pixels, count: int, *, cubic: bool) -> Pixels:
    if count == len(image):
        return image
    if count < len(image):
        places, weights = _covered(len(image), count)
    else:
        places, weights = _around(len(image), count, cubic=cubic)
    resized: Pixels = image[places[0]] * weights[0]
    for place, weight in zip(places[1:], weights[1:], strict=True):
        resized += image[place] * weight
    return resized


def _covered(source: int, target: int) -> tuple[_Numbers, list[_Floats]]:
    """Return the source rows that each target row covers, and the share that each has of it."""
    edges = np.arange(target + 1) * (source / target)
    first = np.floor(edges[:-1]).astype(np.intp)
    places = first + np.arange(int(np.ceil(source / target)) + 1)[:, None]
    shares = np.minimum(places + 1, edges[1:]) - np.maximum(places, edges[:-1])
    weights = shares.clip(0) * (target / source)
    return places.clip(0, source - 1), _columns(weights)


def _around(source: int, target: int, *, cubic: bool) -> tuple[_Numbers, list[_Floats]]:
    """Return the source rows around each target row, and their weights."""
    centres = (np.arange(target) + 0.5) * (source / target) - 0.5
    before = np.floor(centres).astype(np.intp)
    part = centres - before
    weights = cubic_weights(part) if cubic else (1 - part, part)
    places = before + np.arange(-1 if cubic else 0, 3 if cubic else 2)[:, None]
    return places.clip(0, source - 1), _columns(weights)


def _columns(weights: Iterable[Any]) -> list[_Floats]:
    return [row.astype(np.float32)[:, None] for row in weights]


def cubic_weights(part: Any) -> tuple[Any, Any, Any, Any]:
    """Return the weights of four neighbouring pixels, for places between the second and the third of them.

    `part` is how far from the second they are, less than 1.
    """
    rest = 1 - part
    first, last = _SHARPNESS * part * rest * rest, _SHARPNESS * part * part * rest
    second = ((_SHARPNESS + 2) * part - (_SHARPNESS + 3)) * part * part + 1
    return first, second, 1 - first - second - last, last
