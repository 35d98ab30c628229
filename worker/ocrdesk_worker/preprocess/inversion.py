"""Light text on a dark page, as dark mode has it, is made dark on light: engines read that in one go, not in two."""

from __future__ import annotations

from PIL import Image, ImageChops

from ocrdesk_worker.preprocess.opencv import np
from ocrdesk_worker.preprocess.thumbnail import Thumbnail

_DARK_PAPER = 110
"""Half of the page is darker than this."""
_CLEARLY = 1.5


def invert_if_dark(image: Image.Image, glance: Thumbnail) -> Image.Image:
    """The 8-bit grey image with dark text on light paper; the same one when it is so already."""
    return ImageChops.invert(image) if _is_inverted(glance) else image


def _is_inverted(glance: Thumbnail) -> bool:
    """Whether the paper is dark, and what stands out from it light."""
    if float(np.median(glance.grey)) >= _DARK_PAPER:
        return False
    return bool(np.count_nonzero(glance.light) > _CLEARLY * np.count_nonzero(glance.ink))
