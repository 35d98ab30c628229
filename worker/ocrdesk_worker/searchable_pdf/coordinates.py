"""Page-image pixels to PDF coordinates.

The direction of a line of words is measured, too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box, Rotation
from ocrdesk.contract.document import Word
from ocrdesk.layout.text_direction import has_rtl_letters
from ocrdesk_worker.render.page_frame import PdfRectangle

_TALL_WORD = 2.0
"""A word of three or more letters that is so many times as high as wide is vertical."""


@dataclass(frozen=True, slots=True)
class CoordinateTransform:
    """Converts pixels of a page image of `width` x `height` to a page whose visible part is `bounds`.

    `rotation` is the clockwise turn from the page's own space to the upright image.
    """

    width: int
    height: int
    bounds: PdfRectangle
    rotation: Rotation

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the page's own space for a point of the image."""
        left, bottom, right, top = self.bounds
        across, down = x / self.width, y / self.height
        if self.rotation == 0:
            return left + across * (right - left), top - down * (top - bottom)
        if self.rotation == 90:
            return left + down * (right - left), bottom + across * (top - bottom)
        if self.rotation == 180:
            return right - across * (right - left), bottom + down * (top - bottom)
        return right - down * (right - left), top - across * (top - bottom)

    def rectangle(self, box: Box) -> PdfRectangle:
        """Return the rectangle of the page's own space for a box of the image."""
        one, two = self.point(box.left, box.top), self.point(box.right, box.bottom)
        return min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])

    def clip(self, box: Box) -> Box:
        """Return the box clipped to the image, at least one pixel: corrections may have any box."""
        return Box.clipped(box, self.width, self.height)


def direction_of(words: Sequence[Word], boxes: Sequence[Box]) -> Rotation:
    """Return how far the line is turned clockwise, measured by the order of its words."""
    if len(boxes) == 1:
        return _direction_of_one(words[0].text, boxes[0])
    around = Box.around(list(boxes))
    steps = list(pairwise((box.center_x, box.center_y) for box in boxes))
    if around.height > around.width:
        downwards = sum(after[1] > before[1] for before, after in steps)
        if downwards == len(steps) or (2 * downwards > len(steps) and _is_east_asian(words[0].text)):
            return 90  # boxes of upright lines may overlap
        if all(after[1] < before[1] for before, after in steps):
            return 270
        return 0
    is_backwards = all(after[0] < before[0] for before, after in steps)
    return 180 if is_backwards and not any(has_rtl_letters(word.text) for word in words) else 0


def _direction_of_one(text: str, box: Box) -> Rotation:
    if len(text) < 3 or box.height < _TALL_WORD * box.width:
        return 0
    return 90 if _is_east_asian(text) else 270


def _is_east_asian(text: str) -> bool:
    return unicodedata.east_asian_width(text[0]) == "W"
