"""Applies the steps that a page needs.

The result is black text on white. A thumbnail shows which steps are needed.
"""

from __future__ import annotations

from PIL import Image

from ocrdesk_worker.preprocess.contrast import increase_contrast
from ocrdesk_worker.preprocess.dark_bars import invert_dark_bars
from ocrdesk_worker.preprocess.illumination import correct_illumination
from ocrdesk_worker.preprocess.inversion import invert_if_dark
from ocrdesk_worker.preprocess.thumbnail import Thumbnail, make_thumbnail


def clean_up(image: Image.Image) -> tuple[Image.Image, Thumbnail]:
    """Return the 8-bit grey image ready for an engine, and its thumbnail. Return the same image if it needs nothing."""
    thumbnail = make_thumbnail(image)
    for step in (invert_if_dark, invert_dark_bars, correct_illumination, increase_contrast):
        better = step(image, thumbnail)
        if better is not image:
            image, thumbnail = better, make_thumbnail(better)
    return image, thumbnail
