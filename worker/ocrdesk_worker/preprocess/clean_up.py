"""Makes a page's text black on white: each step only where a glance says that it is needed."""

from __future__ import annotations

from PIL import Image

from ocrdesk_worker.preprocess.contrast import increase_contrast
from ocrdesk_worker.preprocess.illumination import correct_illumination
from ocrdesk_worker.preprocess.inversion import invert_if_dark
from ocrdesk_worker.preprocess.opencv import short_memory_told
from ocrdesk_worker.preprocess.thumbnail import Thumbnail, make_thumbnail


def clean_up(image: Image.Image) -> tuple[Image.Image, Thumbnail]:
    """An 8-bit grey image for the engine to read, and a glance at it; the same image when it needs nothing."""
    glance = make_thumbnail(image)
    for step in (invert_if_dark, correct_illumination, increase_contrast):
        with short_memory_told():
            better = step(image, glance)
        if better is not image:
            image, glance = better, make_thumbnail(better)
    return image, glance
