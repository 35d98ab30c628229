"""Maps PDF points to page-image pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk.contract.box import Box, Rectangle, Rotation
from ocrdesk_worker.errors import corrupt
from ocrdesk_worker.render.page_source import DEFAULT_DPI, capped_dpi

_POINTS_PER_INCH = 72.0
_SCAN_COVERS = 0.8
"""Share of the page that its single image covers if the page is a scan."""
MIN_DPI = 200.0
"""A page with a lower resolution was too large for the limits."""
_JUST_BELOW_1 = 1 - 1e-6
"""Scales are reduced by this so that rounding up does not make 3301 of 3300 rows, and resample all pixels of a scan."""

PdfRectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page's own space: y grows upwards, `/Rotate` is not applied."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The size, resolution and rotation of the image that a page is rendered as."""

    dpi: float
    rotation: Rotation
    bounds: PdfRectangle
    """The visible part of the page: its CropBox within its MediaBox."""
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels per point."""
        return _scale(self.dpi)

    def to_pixels(self) -> Callable[[PdfRectangle], Rectangle]:
        """Return a function that converts rectangles of the page to rectangles of the page image, not clipped."""
        scale = self.scale
        left, bottom, right, top = (edge * scale for edge in self.bounds)
        if self.rotation == 0:
            return lambda it: (it[0] * scale - left, top - it[3] * scale, it[2] * scale - left, top - it[1] * scale)
        if self.rotation == 90:
            return lambda it: (
                it[1] * scale - bottom,
                it[0] * scale - left,
                it[3] * scale - bottom,
                it[2] * scale - left,
            )
        if self.rotation == 180:
            return lambda it: (
                right - it[2] * scale,
                it[1] * scale - bottom,
                right - it[0] * scale,
                it[3] * scale - bottom,
            )
        return lambda it: (top - it[3] * scale, right - it[2] * scale, top - it[1] * scale, right - it[0] * scale)

    def box(self, rectangle: Rectangle) -> Box:
        """Return the box around a rectangle of the page image, clipped to the page; at least one pixel."""
        left, top, right, bottom = rectangle
        return Box.clipped((int(left), int(top), ceil(right), ceil(bottom)), self.width, self.height)


def frame_of(page: pdfium.PdfPage) -> PageFrame:
    """Return the frame in which a page is rendered and its text positioned. Raises ProcessingError."""
    width_pt, height_pt = page.get_size()
    if width_pt <= 0 or height_pt <= 0:
        raise corrupt("PDF page")
    wanted = _wanted_dpi(page, width_pt * height_pt)
    dpi = capped_dpi(width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH, wanted)
    size = ceil(width_pt * _scale(dpi)), ceil(height_pt * _scale(dpi))  # rounded like PDFium's
    return PageFrame(dpi, page.get_rotation(), page.get_bbox(), *size)


def _scale(dpi: float) -> float:
    return dpi / _POINTS_PER_INCH * _JUST_BELOW_1


def _wanted_dpi(page: pdfium.PdfPage, page_area: float) -> float:
    """Return the scan's own resolution if the page is one image, so that it is not enlarged for nothing."""
    images = list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=1))
    if len(images) != 1:
        return DEFAULT_DPI
    left, bottom, right, top = images[0].get_bounds()
    width, height = right - left, top - bottom
    if width <= 0 or height <= 0 or width * height < _SCAN_COVERS * page_area:
        return DEFAULT_DPI
    pixels_wide, pixels_high = images[0].get_px_size()
    own = (pixels_wide * pixels_high / (width * height)) ** 0.5 * _POINTS_PER_INCH
    return float(min(DEFAULT_DPI, max(MIN_DPI, own)))
