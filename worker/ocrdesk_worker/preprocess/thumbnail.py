"""A small picture of a page, and the ink in it: what the cheap tests look at to say which steps a page needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PIL import Image

from ocrdesk_worker.preprocess.opencv import cv2, np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

_LONG_SIDE = 1000
"""About so many pixels on the long side are enough to see lines and words, and few enough to be cheap."""
_AROUND = 41
"""A pixel is ink by what is around it this far: more than a letter, less than a shadow."""
_FAINTEST_INK = 5
_STRONGEST = 99.5
_STROKES = 0.35
"""Of the strongest contrast (that percentile): what is ink, and not the grain of the paper."""


@dataclass(frozen=True)
class Thumbnail:
    """A page image in grey, reduced by `factor`."""

    grey: Mask
    factor: int

    @cached_property
    def ink(self) -> Mask:
        """255 where a pixel is clearly darker than what is around it, else 0."""
        return self._strokes[0]

    @cached_property
    def light(self) -> Mask:
        """255 where a pixel is clearly lighter than what is around it, else 0."""
        return self._strokes[1]

    @cached_property
    def _strokes(self) -> tuple[Mask, Mask]:
        """Both by the measure of the strongest contrast on the page."""
        around = np.asarray(cv2.blur(self.grey, (_AROUND, _AROUND)), np.uint8)
        darker = np.asarray(cv2.subtract(around, self.grey), np.uint8)
        lighter = np.asarray(cv2.subtract(self.grey, around), np.uint8)
        strongest = max(np.percentile(contrast[::4, ::4], _STRONGEST) for contrast in (darker, lighter))
        least = max(_FAINTEST_INK, _STROKES * float(strongest))
        return _over(darker, least), _over(lighter, least)

    def turned(self, clockwise: int) -> Thumbnail:
        """The same page turned by 0, 90, 180 or 270 degrees."""
        if not clockwise:
            return self
        return Thumbnail(np.ascontiguousarray(np.rot90(self.grey, -clockwise // 90)), self.factor)


def make_thumbnail(image: Image.Image) -> Thumbnail:
    """A glance at an 8-bit grey image."""
    factor = max(1, -(-max(image.size) // _LONG_SIDE))
    return Thumbnail(np.asarray(image.reduce(factor) if factor > 1 else image, np.uint8), factor)


def _over(contrast: Mask, least: float) -> Mask:
    return np.asarray(cv2.threshold(contrast, least, 255, cv2.THRESH_BINARY)[1], np.uint8)
