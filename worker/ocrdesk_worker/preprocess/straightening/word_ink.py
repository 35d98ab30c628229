"""Maps the boxes of words from a corrected page image to the original, by the ink of each word."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, with_word_boxes
from ocrdesk_worker.preprocess.pixels import np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image


def map_words(
    blocks: tuple[Block, ...],
    image: Image.Image,
    to_original: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    width: int,
    height: int,
) -> tuple[Block, ...]:
    """Return the blocks with boxes on the original, which has this size.

    `to_original` returns where points (rows of x and y) of the image are on it.
    """
    pixels = np.asarray(image)

    def original_box(box: Box) -> Box:
        left, top, right, bottom = box
        points = to_original(_outline(pixels[top:bottom, left:right]) + np.array((left, top)))
        return box_around(points, width, height)

    return with_word_boxes(blocks, original_box)


def box_around(points: NDArray[np.float64], width: int, height: int) -> Box:
    """Return the box around points (rows of x and y), on an image of this size."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Box.clipped((math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)), width, height)


def _outline(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the corners of the first and last ink pixel of each row of an image; its own corners if it has no ink."""
    rows, columns = image.shape
    lightest, darkest = int(image.max()), int(image.min())
    is_ink = image < (lightest + darkest) / 2
    inked = np.flatnonzero(is_ink.any(axis=1))
    if lightest == darkest or not len(inked):
        return np.array([(0, 0), (columns, 0), (0, rows), (columns, rows)], np.float64)
    begins = is_ink[inked].argmax(axis=1)
    ends = columns - is_ink[inked, ::-1].argmax(axis=1)
    across, down = np.concatenate((begins, ends)), np.concatenate((inked, inked))
    return np.concatenate((np.column_stack((across, down)), np.column_stack((across, down + 1)))).astype(np.float64)
