"""PDF pages through PDFium, in process."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ocrdesk_worker.faults import Fault, corrupt, encrypted_pdf
from ocrdesk_worker.render.pdf_picture import may_have_masks, own_picture
from ocrdesk_worker.render.source import DEFAULT_DPI, RenderedPage, capped_dpi, view_dpi

_POINTS_PER_INCH = 72.0
_SCAN_COVERS = 0.8
_LOWEST_SCAN_DPI = 200.0


class PdfiumSource:
    """An open PDF. Raises Fault: encrypted, or corrupt."""

    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise _fault(error) from error
        self._may_have_masks = may_have_masks(path)

    @property
    def page_count(self) -> int:
        return len(self._document)

    def view(self, page_index: int, width: int) -> RenderedPage:
        try:
            page = self._document[page_index]
            try:
                width_pt, height_pt = page.get_size()
                if width_pt <= 0 or height_pt <= 0:
                    raise corrupt("PDF page")
                dpi = view_dpi(width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH, width)
                bitmap = page.render(scale=dpi / _POINTS_PER_INCH * (1 - 1e-6), rev_byteorder=True)
                return RenderedPage(bitmap.to_pil(), dpi, page.get_rotation())
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise _fault(error) from error

    def render(self, page_index: int) -> RenderedPage:
        try:
            page = self._document[page_index]
            try:
                width_pt, height_pt = page.get_size()
                if width_pt <= 0 or height_pt <= 0:
                    raise corrupt("PDF page")
                width_in, height_in = width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH
                dpi = capped_dpi(width_in, height_in, _wanted_dpi(page, width_pt * height_pt))
                image = (None if self._may_have_masks else own_picture(page, dpi)) or _drawn(page, dpi)
                return RenderedPage(image, dpi, page.get_rotation())
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise _fault(error) from error

    def close(self) -> None:
        self._document.close()


def _drawn(page: pdfium.PdfPage, dpi: float) -> Image.Image:
    # A hair less, lest 3300 rows become 3301 by rounding up, which would resample a scan's every pixel.
    bitmap = page.render(scale=dpi / _POINTS_PER_INCH * (1 - 1e-6), grayscale=True)
    image: Image.Image = bitmap.to_pil()
    return image


def _fault(error: pdfium.PdfiumError) -> Fault:
    code = getattr(error, "err_code", None)
    if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return encrypted_pdf()
    return corrupt("PDF")


def _wanted_dpi(page: pdfium.PdfPage, page_area: float) -> float:
    """The scan's own resolution where one image is the page, so that it is not blown up for nothing."""
    images = list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=1))
    if len(images) != 1:
        return DEFAULT_DPI
    left, bottom, right, top = images[0].get_bounds()
    width, height = right - left, top - bottom
    if width <= 0 or height <= 0 or width * height < _SCAN_COVERS * page_area:
        return DEFAULT_DPI
    pixels_wide, pixels_high = images[0].get_px_size()
    own = (pixels_wide * pixels_high / (width * height)) ** 0.5 * _POINTS_PER_INCH
    return float(min(DEFAULT_DPI, max(_LOWEST_SCAN_DPI, own)))
