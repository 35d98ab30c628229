"""The ink of a page image, at a scale at which letters and thin lines are just resolved.

All searches for marks share it, because finding the dark pixels takes longer than the searches.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageFilter

from ocrdesk.contract.box import Box
from ocrdesk_worker.preprocess.connected_areas import ConnectedAreas, find_connected_areas
from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np
from ocrdesk_worker.preprocess.resizing import reduce
from ocrdesk_worker.preprocess.tones import median, percentiles

Edges = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the copy that is searched."""
_PIXELS = 2_200_000
"""A letter page at 150 dpi."""
_COARSE, _AROUND = 8, 2
"""A pixel is compared with a square of 5 by 5 pixels of a copy reduced by 8: more than a letter, less than a shadow."""
_DARKER_BY = 16
_BLACK = 0.55
"""A pixel darker than this share of the paper's tone is ink, even amid other ink."""
_DARKEST = 5
"""The percentile of a small part's tones that is certainly ink."""
_MIN_HEIGHT, _MAX_HEIGHT = 5, 60
_MIN_LETTERS = 10
_OF_WORD = 0.75
"""The height of a letter as a share of that of a word's box, which has ascenders or descenders."""
_USUAL_LETTER = 17
"""Pixels of the copy, for pages with few letters: those of 11 points at 150 dpi are about as high."""


@dataclass(frozen=True)
class PageInk:
    """A page image in grey, reduced by `factor`, and its ink. All lengths are in pixels of this copy."""

    grey: Pixels
    factor: int
    page: Pixels
    """The page image itself."""

    @classmethod
    def of(cls, image: Pixels) -> PageInk:
        """Return the ink of a clean 8-bit grey page image, dark on light."""
        factor = max(1, round(math.sqrt(image.size / _PIXELS)))
        return cls(reduce(image, factor), factor, image)

    @cached_property
    def paper(self) -> int:
        """The tone of the paper: that of most pixels, or white on a page that is mostly dark."""
        return max(128, int(median(self.grey[::4, ::4])))

    @cached_property
    def dark(self) -> Mask:
        """The pixels that are darker than their surroundings, or nearly black."""
        level = np.maximum(self._surroundings, _DARKER_BY) - np.uint8(_DARKER_BY)
        dark: Mask = self.grey < np.maximum(level, round(_BLACK * self.paper))
        return dark

    @property
    def _surroundings(self) -> Pixels:
        """The mean tone around each pixel, measured on a coarse copy, which takes a quarter of the time."""
        height, width = self.grey.shape
        coarse = Image.fromarray(self.grey).reduce(_COARSE).filter(ImageFilter.BoxBlur(_AROUND))
        return np.asarray(coarse.resize((width, height), Image.Resampling.BILINEAR))

    @cached_property
    def areas(self) -> ConnectedAreas:
        """The connected areas of the ink."""
        return find_connected_areas(self.dark)

    def letter_height(self, words: Pixels) -> float:
        """Return the usual height of a letter, between that of an x and a capital.

        `words` are the edges of the page's words; if there are few, what may be letters is measured.
        """
        if len(words) >= _MIN_LETTERS:
            return max(_MIN_HEIGHT, _OF_WORD * float(np.median(words[:, 3] - words[:, 1])))
        boxes, sizes = self.areas.boxes, self.areas.sizes
        width, height = boxes[:, 2], boxes[:, 3]
        like_letters = (
            (height >= _MIN_HEIGHT)
            & (height <= _MAX_HEIGHT)
            & (width <= 4 * height)
            & (width * 8 >= height)
            & (sizes * 8 >= width * height)
        )
        heights = height[like_letters]
        return float(np.median(heights)) if len(heights) >= _MIN_LETTERS else _USUAL_LETTER

    def enlarged(self, edges: Edges) -> Mask:
        """Return the ink of a part of the page image itself, cut to its outermost pixels."""
        left, top, right, bottom = (edge * self.factor for edge in edges)
        part = self.page[
            max(0, top - self.factor) : bottom + self.factor, max(0, left - self.factor) : right + self.factor
        ]
        dark = part < (self.paper + int(percentiles(part, _DARKEST)[0])) / 2
        rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
        if not len(rows):
            return dark
        cut: Mask = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        return cut

    def to_page(self, box: tuple[float, float, float, float], width: int, height: int) -> Box:
        """Return a box of the copy as one of the page image, whose size is given."""
        left, top, right, bottom = (round(edge * self.factor) for edge in box)
        return Box.clipped((left, top, right, bottom), width, height)

    def from_page(self, boxes: Iterable[Box]) -> Pixels:
        """Return boxes of the page image as rows of the copy's coordinates: left, top, right, bottom."""
        rows = np.array(list(boxes), np.float64).reshape(-1, 4) / self.factor
        return rows
