"""A small image for cheap tests.

The tests decide which steps a page needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from ocrdesk_worker.preprocess.pixels import Mask, Pixels, np
from ocrdesk_worker.preprocess.smoothing import local_mean
from ocrdesk_worker.preprocess.tones import percentiles

_LONG_SIDE = 1000
"""About so many pixels on the long side are enough to see lines and words, and few enough to be cheap."""
_ELONGATED, _USUAL = 4.0, 2.5
"""An image more than the first number of times as long as wide is treated as if it were only the second."""
_NEIGHBOURHOOD = 41
"""A pixel is compared with a square of this size around it: more than a letter, less than a shadow."""
_MIN_CONTRAST = 5
_STRONGEST = 99.5
_STROKE_CONTRAST = 0.35
"""A stroke has at least this share of the strongest contrast (that percentile); the grain of the paper has less."""


@dataclass(frozen=True)
class Thumbnail:
    """A page image in grey, reduced by `factor`."""

    grey: Pixels
    factor: int

    @cached_property
    def ink(self) -> Mask:
        """The pixels that are clearly darker than their surroundings."""
        return self._strokes[0]

    @cached_property
    def light(self) -> Mask:
        """The pixels that are clearly lighter than their surroundings."""
        return self._strokes[1]

    @cached_property
    def _strokes(self) -> tuple[Mask, Mask]:
        """The masks of dark and light strokes, both measured by the strongest contrast on the page."""
        around = local_mean(self.grey, _NEIGHBOURHOOD)
        darker = np.maximum(around, self.grey) - self.grey
        lighter = np.maximum(around, self.grey) - around
        strongest = max(percentiles(contrast[::4, ::4], _STRONGEST)[0] for contrast in (darker, lighter))
        least = max(_MIN_CONTRAST, _STROKE_CONTRAST * strongest)
        return darker > int(least), lighter > int(least)

    def turned(self, clockwise: int) -> Thumbnail:
        """Return the thumbnail of the same page turned by 0, 90, 180 or 270 degrees."""
        if not clockwise:
            return self
        return Thumbnail(np.ascontiguousarray(np.rot90(self.grey, -clockwise // 90)), self.factor)


def make_thumbnail(image: Image.Image) -> Thumbnail:
    """Return the thumbnail of an 8-bit grey image."""
    long, short = max(image.size), min(image.size)
    length = long if long <= _ELONGATED * short else max(_LONG_SIDE, int(_USUAL * short))
    factor = max(1, -(-length // _LONG_SIDE))
    return Thumbnail(np.asarray(image.reduce(factor) if factor > 1 else image, np.uint8), factor)
