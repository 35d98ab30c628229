"""Makes a page's text black on white: each step only where a glance says that it is needed."""

from __future__ import annotations

from PIL import Image

from ocrdesk_worker.preprocess.contrast import cleared
from ocrdesk_worker.preprocess.illumination import evenly_lit
from ocrdesk_worker.preprocess.inversion import dark_on_light
from ocrdesk_worker.preprocess.opencv import short_memory_told
from ocrdesk_worker.preprocess.thumbnail import Glance, look_at


def legible(image: Image.Image) -> tuple[Image.Image, Glance]:
    """An 8-bit grey image for the engine to read, and a glance at it; the same image when it needs nothing."""
    glance = look_at(image)
    for step in (dark_on_light, evenly_lit, cleared):
        with short_memory_told():
            better = step(image, glance)
        if better is not image:
            image, glance = better, look_at(better)
    return image, glance
