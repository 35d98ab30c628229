"""PDF pages through PDFium.

PDFium runs in this process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ocrdesk_worker.errors import ProcessingError, corrupt, encrypted_pdf
from ocrdesk_worker.render.annotations import open_document, open_page
from ocrdesk_worker.render.page_frame import MIN_DPI, PageFrame, frame_of
from ocrdesk_worker.render.page_source import RenderedPage, TextLayer, view_dpi
from ocrdesk_worker.render.pdf_text.text_layer import read_text_layer
from ocrdesk_worker.render.scan_image import extract_scan_image, may_have_masks

_POINTS_PER_INCH = 72.0


class PdfiumSource:
    """An open PDF. Raises ProcessingError if it is encrypted or corrupt."""

    def __init__(self, path: Path) -> None:
        try:
            self._document = open_document(path)
        except pdfium.PdfiumError as error:
            raise _processing_error(error) from error
        self._may_have_masks = cache(lambda: may_have_masks(path))

    @property
    def page_count(self) -> int:
        return len(self._document)

    def view(self, page_index: int, width: int) -> RenderedPage:
        try:
            page = open_page(self._document, page_index)
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
            raise _processing_error(error) from error

    def render(self, page_index: int) -> RenderedPage:
        try:
            page = open_page(self._document, page_index)
            try:
                frame = frame_of(page)
                image = extract_scan_image(page, frame.dpi, self._may_have_masks) or _rendered(page, frame)
                return RenderedPage(image, frame.dpi, frame.rotation, is_reduced=frame.dpi < MIN_DPI)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise _processing_error(error) from error

    def text_layer(self, page_index: int) -> TextLayer:
        try:
            return read_text_layer(self._document, page_index)
        except pdfium.PdfiumError as error:
            raise _processing_error(error) from error

    def close(self) -> None:
        self._document.close()


def _rendered(page: pdfium.PdfPage, frame: PageFrame) -> Image.Image:
    bitmap = page.render(scale=frame.scale, grayscale=True)
    image: Image.Image = bitmap.to_pil()
    return image


def _processing_error(error: pdfium.PdfiumError) -> ProcessingError:
    code = getattr(error, "err_code", None)
    if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return encrypted_pdf()
    return corrupt("PDF")
