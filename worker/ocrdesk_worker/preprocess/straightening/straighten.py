"""Straightens the lines of a page for the engine: bent lines, or else skewed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrdesk_worker.preprocess.straightening.curvature import measure_curvature
from ocrdesk_worker.preprocess.straightening.deskew import DeskewedImage, deskew, measure_skew
from ocrdesk_worker.preprocess.straightening.dewarp import DewarpedImage, dewarp

if TYPE_CHECKING:
    from PIL import Image

    from ocrdesk_worker.preprocess.thumbnail import Thumbnail


def straightened(image: Image.Image, thumbnail: Thumbnail) -> DewarpedImage | DeskewedImage | None:
    """Return an 8-bit grey image with straight lines; None if they are straight. `thumbnail` is that of the image."""
    if curvature := measure_curvature(thumbnail):
        return dewarp(image, curvature)
    skew_deg = measure_skew(thumbnail)
    return deskew(image, skew_deg) if skew_deg else None
