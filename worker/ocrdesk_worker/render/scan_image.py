"""A scanned page's own picture, taken out of the PDF where drawing the page could only give the same again."""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

_POINTS_PER_INCH = 72.0
_POINTS_OFF = 0.1
_PIXELS_OFF = 1.5
_SEARCHED_BYTES = 64_000_000
_PLAIN = (pdfium_c.FPDFBitmap_Gray, pdfium_c.FPDFBitmap_BGR, pdfium_c.FPDFBitmap_BGRx)


def may_have_masks(path: Path) -> bool:
    """Whether a picture in this PDF could be partly transparent, which PDFium does not tell.

    A mask is named in the picture's own dictionary, and those of streams stand in the file as plain text.
    A file too long to search for it at every page counts as one that may, and so does one whose job was deleted.
    """
    try:
        if not 0 < path.stat().st_size <= _SEARCHED_BYTES:
            return True
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(b"/SMask") >= 0 or content.find(b"/Mask") >= 0
    except FileNotFoundError:
        return True


def own_picture(page: pdfium.PdfPage, dpi: float, may_have_masks: Callable[[], bool]) -> Image.Image | None:
    """The picture in grey, pixel for pixel, when it is all there is on the page and has just the pixels wanted.

    That saves four fifths of the drawing. None for a page with anything else on it (text, annotations, a clip
    path, transparency), or whose picture is turned, mirrored, cropped, of another resolution, or in a file that
    may have masks, which is asked last: finding that out takes as long as the file is.
    """
    if page.get_rotation() or pdfium_c.FPDFPage_GetAnnotCount(page) or pdfium_c.FPDFPage_HasTransparency(page):
        return None
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
        return None
    picture = objects[0]
    if _is_clipped(picture) or not _fills(picture, page, dpi):
        return None
    if picture.get_metadata().bits_per_pixel < 8:  # 1-bit scans are drawn faster than converted
        return None
    if may_have_masks():
        return None
    bitmap = picture.get_bitmap()
    return bitmap.to_pil().convert("L") if bitmap.format in _PLAIN else None


def _is_clipped(picture: pdfium.PdfObject) -> bool:
    return bool(pdfium_c.FPDFClipPath_CountPaths(pdfium_c.FPDFPageObj_GetClipPath(picture)) > 0)


def _fills(picture: pdfium.PdfObject, page: pdfium.PdfPage, dpi: float) -> bool:
    """Whether the picture lies upright over just the whole page, with the pixels that `dpi` asks for."""
    left, bottom, right, top = page.get_cropbox()
    a, b, c, d, e, f = picture.get_matrix().get()
    upright = b == c == 0 and a > 0 and d > 0
    covers = max(abs(e - left), abs(f - bottom), abs(e + a - right), abs(f + d - top)) < _POINTS_OFF
    wide, high = picture.get_px_size()
    same = max(abs(wide - a * dpi / _POINTS_PER_INCH), abs(high - d * dpi / _POINTS_PER_INCH)) < _PIXELS_OFF
    return bool(upright and covers and same)
