"""Opens a PDF with the right renderer.

PDFium is first; Poppler opens what PDFium cannot.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from ocrdesk.contract.errors import ErrorCode
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render import poppler
from ocrdesk_worker.render.page_source import PageSource, RenderedPage, TextLayer
from ocrdesk_worker.render.pdf_limits import check_pdf
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.render.poppler import PopplerSource

_log = logging.getLogger(__name__)


def open_pdf(path: Path, *, avoid_pdfium: bool = False, is_checked: bool = False) -> PageSource:
    """Open a PDF. Raises ProcessingError, also for one that would become huge, unless this file `is_checked` already.

    `avoid_pdfium` is for a second attempt after the first ended the process: PDFium may abort instead of raising.
    """
    if not is_checked:
        check_pdf(path)
    return PopplerSource(path) if avoid_pdfium and poppler.is_installed() else _PdfSource(path)


class _PdfSource:
    """A PDF through PDFium. If Poppler is installed, it opens the files and renders the pages that PDFium cannot."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fallback: PopplerSource | None = None
        self._pdfium: PdfiumSource | None = None
        try:
            self._pdfium = PdfiumSource(path)
        except ProcessingError as error:
            if not _poppler_may_help(error):
                raise
            self._fallback = _poppler_or(error, path)

    @property
    def page_count(self) -> int:
        return self._pdfium.page_count if self._pdfium else self._poppler().page_count

    def render(self, page_index: int) -> RenderedPage:
        return self._rendered(page_index, lambda source: source.render(page_index))

    def view(self, page_index: int, width: int) -> RenderedPage:
        return self._rendered(page_index, lambda source: source.view(page_index, width))

    def _rendered(self, page_index: int, render: Callable[[PageSource], RenderedPage]) -> RenderedPage:
        if self._pdfium is None:
            return render(self._poppler())
        try:
            return render(self._pdfium)
        except ProcessingError as error:
            if not _poppler_may_help(error):
                raise
            _log.info("PDFium cannot render page %d: trying Poppler", page_index + 1)
            return render(_poppler_or(error, self._path))

    def text_layer(self, page_index: int) -> TextLayer | None:
        """Return the page's own text; None for a page that PDFium cannot open, which Poppler then renders."""
        if self._pdfium is None:
            return None
        try:
            return self._pdfium.text_layer(page_index)
        except ProcessingError as error:
            if not _poppler_may_help(error):
                raise
            return None

    def _poppler(self) -> PopplerSource:
        if self._fallback is None:
            self._fallback = PopplerSource(self._path)
        return self._fallback

    def close(self) -> None:
        if self._pdfium:
            self._pdfium.close()


def _poppler_may_help(error: ProcessingError) -> bool:
    return error.info.code is ErrorCode.CORRUPT_FILE and poppler.is_installed()


def _poppler_or(error: ProcessingError, path: Path) -> PopplerSource:
    """Open the file with Poppler. Raises PDFium's error, or Poppler's if it says more."""
    try:
        return PopplerSource(path)
    except ProcessingError as second:
        raise (second if second.info.code is ErrorCode.ENCRYPTED_PDF else error) from None
