"""Measures and corrects skew.

A skewed page is turned for the engine, and the boxes of its words are mapped back onto the page as it was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.straightening.word_ink import map_words
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ocrdesk.contract.document import Block

MIN_SKEW_DEG = 0.9
"""A page with less skew is read as it is: turning pixels costs sharpness."""
_MAX_SKEW_DEG = 12.0
_COARSE_DEG, _FINE_DEG = 0.5, 0.1
_COARSE_POINTS, _FINE_POINTS = 6_000, 20_000
_MIN_POINTS = 200
_LONGEST_SIDE = 26_000
"""In pixels: a larger page, when turned, would be too large for Tesseract."""
_CLEARLY = 1.08
"""The lines must be so many times as sharp at the angle found as without turning."""


def measure_skew(thumbnail: Thumbnail) -> float:
    """Return the clockwise angle of the lines in degrees; 0 if it is small or unclear.

    At the right angle the lower ends of the letters are in few rows: the baselines.
    """
    if len(thumbnail.ink) < 2 or max(thumbnail.grey.shape) * thumbnail.factor > _LONGEST_SIDE:
        return 0.0
    rows, columns = np.nonzero(thumbnail.ink[:-1] & ~thumbnail.ink[1:])
    if len(rows) < _MIN_POINTS:
        return 0.0
    points = np.column_stack((columns, rows)).astype(np.float32)
    few = points[:: -(-len(points) // _COARSE_POINTS)]
    coarse = _sharpest(few, np.arange(-_MAX_SKEW_DEG, _MAX_SKEW_DEG + _COARSE_DEG / 2, _COARSE_DEG))
    most = points[:: -(-len(points) // _FINE_POINTS)]
    angle = _sharpest(most, coarse + np.arange(-4, 5) * _FINE_DEG)
    is_clear = abs(angle) < _MAX_SKEW_DEG and _sharpness(most, angle) >= _CLEARLY * _sharpness(most, 0.0)
    return angle if is_clear and abs(angle) >= MIN_SKEW_DEG else 0.0


def _sharpest(points: NDArray[np.float32], angles: NDArray[np.floating]) -> float:
    found = max(angles, key=lambda angle: (_sharpness(points, float(angle)), -abs(angle)))
    return round(float(found), 2)


def _sharpness(points: NDArray[np.float32], angle_deg: float) -> float:
    rows = points[:, 1] - points[:, 0] * math.tan(math.radians(angle_deg))
    counts = np.bincount((rows - rows.min()).astype(np.intp)).astype(np.float64)
    return float(counts @ counts)


@dataclass(frozen=True, slots=True)
class DeskewedImage:
    """A page image turned about its centre, on a larger image that contains all of it."""

    image: Image.Image
    original_width: int
    original_height: int
    to_original: tuple[tuple[float, float, float], tuple[float, float, float]]
    """The matrix that maps a point of `image` to its place on the original."""

    def map_to_original(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return the blocks with the boxes that their words have on the original image."""
        return map_words(blocks, self.image, self.original_points, self.original_width, self.original_height)

    def original_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points (rows of x and y) of the image are on the original."""
        matrix = np.array(self.to_original)
        found: NDArray[np.float64] = points @ matrix[:, :2].T + matrix[:, 2]
        return found


def deskew(image: Image.Image, skew_deg: float) -> DeskewedImage:
    """Return the 8-bit grey image turned back by `skew_deg`. New corners get the tone of its paper."""
    width, height = image.size
    radians = math.radians(skew_deg)
    cosine, sine = math.cos(radians), math.sin(radians)
    new_width = math.ceil(width * abs(cosine) + height * abs(sine))
    new_height = math.ceil(height * abs(cosine) + width * abs(sine))
    # from the centre of the new image, turned by the skew, to the centre of the original
    to_original = (
        (cosine, -sine, width / 2 - cosine * new_width / 2 + sine * new_height / 2),
        (sine, cosine, height / 2 - sine * new_width / 2 - cosine * new_height / 2),
    )
    turned = image.transform(
        (new_width, new_height),
        Image.Transform.AFFINE,
        (*to_original[0], *to_original[1]),
        Image.Resampling.BICUBIC,
        fillcolor=int(np.median(np.asarray(image)[::8, ::8])),
    )
    return DeskewedImage(turned, width, height, to_original)
