"""Light text on dark.

Dark mode looks like this. Engines read dark text on light paper in one pass, and light text in two.
"""

from __future__ import annotations

from PIL import Image, ImageChops

from ocrdesk_worker.preprocess.pixels import np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail
from ocrdesk_worker.preprocess.tones import median

_DARK_PAPER = 110
"""The paper is dark if half of the page is darker than this."""
_SMALL = 160
"""In pixels: in a smaller image one letter may fill most of the area."""
_LIGHTER = 40
"""In tones: how much lighter than its paper the text of a small image is."""
_CLEARLY = 1.5
"""Light strokes must be so many times as many as dark ones."""


def invert_if_dark(image: Image.Image, thumbnail: Thumbnail) -> Image.Image:
    """Return the 8-bit grey image with dark text on light paper; the same image if it already is."""
    return ImageChops.invert(image) if _is_inverted(thumbnail) else image


def _is_inverted(thumbnail: Thumbnail) -> bool:
    """Return whether the paper is dark and its strokes are light."""
    if max(thumbnail.grey.shape) <= _SMALL and thumbnail.factor == 1:
        return _has_dark_edge(thumbnail)
    if median(thumbnail.grey) >= _DARK_PAPER:
        return False
    return bool(np.count_nonzero(thumbnail.light) > _CLEARLY * np.count_nonzero(thumbnail.ink))


def _has_dark_edge(thumbnail: Thumbnail) -> bool:
    """Return whether a small part of a screen has dark paper: a letter may fill more of it, but not its edge."""
    grey = thumbnail.grey
    edge = np.concatenate((grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]))
    tone = float(np.median(edge))
    return tone < _DARK_PAPER and float(grey.max()) - tone >= _LIGHTER
