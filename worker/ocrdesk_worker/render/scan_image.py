"""Extracts the image of a scanned page.

This is faster than rendering a page if the result would be the same.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

_POINTS_PER_INCH = 72.0
_MAX_OFFSET_POINTS = 0.1
_MAX_OFFSET_PIXELS = 1.5
_MAX_SEARCHED_BYTES = 64_000_000
_MASK = re.compile(rb"/S?Mask")  # one search for both names, in half the time
_PLAIN_FORMATS = (pdfium_c.FPDFBitmap_Gray, pdfium_c.FPDFBitmap_BGR, pdfium_c.FPDFBitmap_BGRx)


def may_have_masks(path: Path) -> bool:
    """Return whether an image in this PDF may be partly transparent, which PDFium does not report.

    A mask is named in the image's dictionary, which is plain text in the file. The answer is also True for a file that
    is too long to search for every page, and for one whose job was deleted.
    """
    try:
        if not 0 < path.stat().st_size <= _MAX_SEARCHED_BYTES:
            return True
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _MASK.search(content) is not None
    except FileNotFoundError:
        return True


def extract_scan_image(page: pdfium.PdfPage, dpi: float, may_have_masks: Callable[[], bool]) -> Image.Image | None:
    """Return the page's image in grey if it is the whole page at that resolution; else None.

    This saves four fifths of the time for rendering. The result is None if the page has anything else (text,
    annotations, a clip path, transparency), or if the image is turned, mirrored, cropped, has another resolution, or
    may have a mask. Masks are searched for last, because that takes time for a long file.
    """
    if page.get_rotation() or pdfium_c.FPDFPage_GetAnnotCount(page) or pdfium_c.FPDFPage_HasTransparency(page):
        return None
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
        return None
    image = objects[0]
    if _is_clipped(image) or not _fills(image, page, dpi):
        return None
    if image.get_metadata().bits_per_pixel < 8:  # 1-bit scans are drawn faster than converted
        return None
    if may_have_masks():
        return None
    bitmap = image.get_bitmap()
    return bitmap.to_pil().convert("L") if bitmap.format in _PLAIN_FORMATS else None


def _is_clipped(image: pdfium.PdfObject) -> bool:
    return bool(pdfium_c.FPDFClipPath_CountPaths(pdfium_c.FPDFPageObj_GetClipPath(image)) > 0)


def _fills(image: pdfium.PdfObject, page: pdfium.PdfPage, dpi: float) -> bool:
    """Return whether the image is upright and covers exactly the page, at that resolution."""
    left, bottom, right, top = page.get_cropbox()
    a, b, c, d, e, f = image.get_matrix().get()
    upright = b == c == 0 and a > 0 and d > 0
    covers = max(abs(e - left), abs(f - bottom), abs(e + a - right), abs(f + d - top)) < _MAX_OFFSET_POINTS
    width, height = image.get_px_size()
    same = max(abs(width - a * dpi / _POINTS_PER_INCH), abs(height - d * dpi / _POINTS_PER_INCH)) < _MAX_OFFSET_PIXELS
    return bool(upright and covers and same)
