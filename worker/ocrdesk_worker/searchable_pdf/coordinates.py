"""Where a page image's pixels lie on a PDF page, and which way a line of words runs on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box, Rotation
from ocrdesk.contract.document import Word
from ocrdesk_worker.render.page_frame import PdfRectangle

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_TALL_WORD = 2.0
"""A single word of some letters that is so much taller than wide runs up or down the page."""


@dataclass(frozen=True, slots=True)
class CoordinateTransform:
    """A page image of `width` x `height` pixels on a page whose shown part is `bounds`.

    `rotation` is the clockwise turn from the page's own space to the upright image.
    """

    width: int
    height: int
    bounds: PdfRectangle
    rotation: Rotation

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The place in the page's own space of a point of the image."""
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
        """A box of the image in the page's own space."""
        one, two = self.point(box.left, box.top), self.point(box.right, box.bottom)
        return min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])

    def within(self, box: Box) -> Box:
        """The box cut to the image, at least one pixel in size: boxes may come from anywhere."""
        return Box.clipped(box, self.width, self.height)


def runs_leftwards(text: str) -> bool:
    """Whether the text has letters of a script that is written from right to left."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text))


def direction_of(words: Sequence[Word], boxes: Sequence[Box]) -> Rotation:
    """How far the line is turned clockwise from running to the right, told by the order of its words."""
    if len(boxes) == 1:
        return _direction_of_one(words[0].text, boxes[0])
    around = Box.around(list(boxes))
    steps = list(pairwise((box.center_x, box.center_y) for box in boxes))
    if around.height > around.width:
        if all(after[1] > before[1] for before, after in steps):
            return 90
        if all(after[1] < before[1] for before, after in steps):
            return 270
        return 0
    is_backwards = all(after[0] < before[0] for before, after in steps)
    return 180 if is_backwards and not any(runs_leftwards(word.text) for word in words) else 0


def _direction_of_one(text: str, box: Box) -> Rotation:
    if len(text) < 3 or box.height < _TALL_WORD * box.width:
        return 0
    return 90 if unicodedata.east_asian_width(text[0]) == "W" else 270
