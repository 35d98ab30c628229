"""Means and weighted means around each pixel.

Sums are whole numbers, so results are exact. They are computed in bands of rows: a sum takes four times the memory of
its pixel, and a band stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import Literal

from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np

Beyond = Literal["edge", "reflect"]
"""What lies beyond the image's edges: its outermost pixels, or its mirror image without them."""
_BAND = 128
_ONE = 1 << 16
"""Weights add up to 256 in each direction: to this in both."""


def local_mean(image: Pixels, size: int) -> Pixels:
    """Return the mean of the square of `size` pixels, an odd number, around each pixel. The edges are mirrored."""
    mean = np.empty_like(image)
    for band, sums in _square_sums(image, size, "reflect"):
        mean[band] = (sums + size * size // 2) // (size * size)
    return mean


def darker_than_surroundings(image: Pixels, size: int, by: int) -> Mask:
    """Return which pixels are at least `by` tones darker than the mean of the square of `size` pixels around them."""
    dark = np.empty(image.shape, np.bool_)
    for band, sums in _square_sums(image, size, "edge"):
        # the mean, rounded, is at least this tone: without a division of each sum
        least = (image[band].astype(np.int32) + by) * (size * size)
        dark[band] = least <= sums + size * size // 2
    return dark


def weighted_mean(image: Pixels, weights: tuple[int, ...]) -> Pixels:
    """Return the mean around each pixel, weighted in both directions. The edges are mirrored.

    `weights` are those of the pixel itself, of its neighbours, of theirs and so on; with both sides they add up to 256.
    """
    smooth = np.empty_like(image)
    reach = len(weights) - 1
    smaller = gcd(*weights)
    weights = tuple(weight // smaller for weight in weights)
    one = _ONE // smaller**2  # the sum of the weights in both directions
    bits = np.uint16 if one * 256 <= 1 << 16 else np.uint32
    for band, part in _bands(image, reach, "reflect"):
        down = _weighted(part.astype(np.uint16).T, weights)  # up to 256 x 255: 16 bits suffice
        across = _weighted(down.T.astype(bits, copy=False), weights)
        across += bits(one // 2)
        smooth[band] = np.right_shift(across, bits(one.bit_length() - 1))
    return smooth


def _weighted(rows: Pixels, weights: tuple[int, ...]) -> Pixels:
    """Return the weighted sums of neighbouring rows; there are fewer by the reach on both sides."""
    reach = len(weights) - 1
    count = len(rows) - 2 * reach
    total: Pixels = rows[reach : reach + count] * rows.dtype.type(weights[0])
    for distance, weight in enumerate(weights[1:], 1):
        pair = rows[reach - distance :][:count] + rows[reach + distance :][:count].astype(rows.dtype)
        total += pair * rows.dtype.type(weight)
    return total


def _bands(image: Pixels, reach: int, beyond: Beyond) -> Iterator[tuple[slice, Pixels]]:
    """Yield bands of rows, each with `reach` more pixels on all sides than the rows that it is for."""
    padded = np.pad(image, ((reach, reach), (reach, reach)), beyond)
    for top in range(0, image.shape[0], _BAND):
        band = slice(top, min(top + _BAND, image.shape[0]))
        yield band, padded[band.start : band.stop + 2 * reach]


def _square_sums(image: Pixels, size: int, beyond: Beyond) -> Iterator[tuple[slice, Pixels]]:
    """Yield bands of rows with the sum of the square around each of their pixels."""
    for band, part in _bands(image, size // 2, beyond):
        sums = np.zeros((part.shape[0], part.shape[1] + 1), np.int32)
        np.cumsum(part, axis=1, dtype=np.int32, out=sums[:, 1:])
        yield band, _sums_of_rows(sums[:, size:] - sums[:, :-size], size)


def _sums_of_rows(rows: Pixels, count: int) -> Pixels:
    """Return the sum of each row and the count - 1 rows below it, by doubling the number of rows in each step."""
    results = len(rows) - count + 1
    total = np.zeros((results, rows.shape[1]), rows.dtype)
    doubled, height, done = rows, 1, 0
    while done < count:
        if count & height:
            total += doubled[done : done + results]
            done += height
        if done < count:
            doubled = doubled[:-height] + doubled[height:]
            height *= 2
    return total
