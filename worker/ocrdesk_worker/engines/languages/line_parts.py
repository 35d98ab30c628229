"""Cuts lines that run across the columns of a page, which may be in different languages."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image

from ocrdesk.contract.box import Box
from ocrdesk_worker.preprocess.pixels import np

_GAP = 1.2
"""In heights of the line: no words of a sentence are so far apart."""
_INK = 0.5
"""Ink is darker than this share of the way from the line's darkest to its lightest tone."""
_MOST_PARTS = 6


def line_parts(image: Image.Image, lines: Iterable[Box]) -> list[Box]:
    """Return the parts of the lines between wide gaps: all first parts, then all second ones, as columns are read.

    `image` is 8-bit grey.
    """
    cut = [_parts(image, line) for line in lines]
    return [parts[place] for place in range(_MOST_PARTS) for parts in cut if place < len(parts)]


def _parts(image: Image.Image, line: Box) -> list[Box]:
    pixels = np.asarray(image.crop(line))
    if not pixels.size or pixels.max() == pixels.min():
        return [line]
    darkest, lightest = int(pixels.min()), int(pixels.max())
    inked = np.flatnonzero((pixels < darkest + _INK * (lightest - darkest)).any(axis=0))
    breaks = np.flatnonzero(np.diff(inked) > max(1.0, _GAP * line.height))
    if not len(breaks) or len(breaks) >= _MOST_PARTS:
        return [line]
    lefts, rights = inked[np.concatenate(([0], breaks + 1))], inked[np.concatenate((breaks, [len(inked) - 1]))]
    return [
        Box(line.left + int(left), line.top, line.left + int(right) + 1, line.bottom)
        for left, right in zip(lefts, rights, strict=True)
    ]
