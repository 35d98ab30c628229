"""Finds by how much a page lies askew, straightens it for the engine, and maps the boxes back onto the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk.contract.document import Block, Box, Word
from ocrdesk_worker.preprocess.opencv import cv2, np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_DEG = 0.9
"""What lies less askew is read as well as it is: turning pixels costs some of their sharpness."""
_MOST_DEG = 12.0
_COARSE_DEG, _FINE_DEG = 0.5, 0.1
_COARSE_POINTS, _FINE_POINTS = 6_000, 20_000
_FEWEST_POINTS = 200
_LONGEST_SIDE = 26_000
"""Turned by the most, a page of this size still has sides that OpenCV and Tesseract can count."""
_CLEARLY = 1.08
"""The lines must be so much sharper at the angle found than at none."""


def skew_of(glance: Thumbnail) -> float:
    """By how many degrees clockwise the lines run off the horizontal; 0 when it is little or cannot be told.

    At the right angle the lower ends of the letters fall into few rows, those of the baselines.
    """
    if len(glance.ink) < 2 or max(glance.grey.shape) * glance.factor > _LONGEST_SIDE:
        return 0.0
    ends = cv2.findNonZero(cv2.bitwise_and(glance.ink[:-1], cv2.bitwise_not(glance.ink[1:])))
    if ends is None or len(ends) < _FEWEST_POINTS:
        return 0.0
    points = np.asarray(ends, np.float32).reshape(-1, 2)
    few = points[:: -(-len(points) // _COARSE_POINTS)]
    coarse = _sharpest(few, np.arange(-_MOST_DEG, _MOST_DEG + _COARSE_DEG / 2, _COARSE_DEG))
    most = points[:: -(-len(points) // _FINE_POINTS)]
    angle = _sharpest(most, coarse + np.arange(-4, 5) * _FINE_DEG)
    is_told = abs(angle) < _MOST_DEG and _sharpness(most, angle) >= _CLEARLY * _sharpness(most, 0.0)
    return angle if is_told and abs(angle) >= LEAST_DEG else 0.0


def _sharpest(points: NDArray[np.float32], angles: NDArray[np.floating]) -> float:
    found = max(angles, key=lambda angle: (_sharpness(points, float(angle)), -abs(angle)))
    return round(float(found), 2)


def _sharpness(points: NDArray[np.float32], angle_deg: float) -> float:
    rows = points[:, 1] - points[:, 0] * math.tan(math.radians(angle_deg))
    counts = np.bincount((rows - rows.min()).astype(np.intp)).astype(np.float64)
    return float(counts @ counts)


@dataclass(frozen=True, slots=True)
class DeskewedImage:
    """A page image turned about its middle, on a larger sheet that holds all of it."""

    image: Image.Image
    width: int
    height: int
    """Of the page as it was."""
    back: tuple[tuple[float, float, float], tuple[float, float, float]]
    """The matrix that takes a point of `image` to where it was."""

    def mapped_back(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks with their boxes around where their words are on the page as it was."""
        pixels = np.asarray(self.image)
        mapped = (block.refilled(lambda line: (self._word(word, pixels) for word in line.words)) for block in blocks)
        return tuple(block for block in mapped if block is not None)

    def _word(self, word: Word, pixels: NDArray[np.uint8]) -> Word:
        left, top, right, bottom = word.box
        inked = _outline(pixels[top:bottom, left:right])
        back = np.array(self.back)
        points = (inked + np.array((left, top))) @ back[:, :2].T + back[:, 2]
        (west, north), (east, south) = points.min(axis=0), points.max(axis=0)
        new_left = min(max(0, math.floor(west)), self.width - 1)
        new_top = min(max(0, math.floor(north)), self.height - 1)
        new_right = max(new_left + 1, min(self.width, math.ceil(east)))
        new_bottom = max(new_top + 1, min(self.height, math.ceil(south)))
        return word.model_copy(update={"box": Box(new_left, new_top, new_right, new_bottom)})


def straightened(image: Image.Image, skew_deg: float) -> DeskewedImage:
    """The 8-bit grey image turned back by `skew_deg`. What it did not show is filled with the tone of its paper."""
    width, height = image.size
    radians = math.radians(skew_deg)
    cosine, sine = math.cos(radians), math.sin(radians)
    new_width = math.ceil(width * abs(cosine) + height * abs(sine))
    new_height = math.ceil(height * abs(cosine) + width * abs(sine))
    # from the middle of the new sheet, on by the skew, to the middle of the old one
    back = (
        (cosine, -sine, width / 2 - cosine * new_width / 2 + sine * new_height / 2),
        (sine, cosine, height / 2 - sine * new_width / 2 - cosine * new_height / 2),
    )
    pixels = np.asarray(image)
    # OpenCV counts from the middles of pixels, the boxes from their corners
    centred = np.array(back)
    centred[:, 2] += centred[:, :2] @ (0.5, 0.5) - 0.5
    turned = cv2.warpAffine(
        pixels,
        centred,
        (new_width, new_height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=float(np.median(pixels[::8, ::8])),
    )
    return DeskewedImage(Image.fromarray(np.asarray(turned)), width, height, back)


def _outline(cut: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Corners of the pixels in which the cut's ink begins and ends, row by row; of the whole cut when it has none."""
    rows, columns = cut.shape
    lightest, darkest = int(cut.max()), int(cut.min())
    is_ink = cut < (lightest + darkest) / 2
    inked = np.flatnonzero(is_ink.any(axis=1))
    if lightest == darkest or not len(inked):
        return np.array([(0, 0), (columns, 0), (0, rows), (columns, rows)], np.float64)
    begins = is_ink[inked].argmax(axis=1)
    ends = columns - is_ink[inked, ::-1].argmax(axis=1)
    across, down = np.concatenate((begins, ends)), np.concatenate((inked, inked))
    return np.concatenate((np.column_stack((across, down)), np.column_stack((across, down + 1)))).astype(np.float64)
