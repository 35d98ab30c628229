"""Opens a file with the renderer that can: PDFium first, Poppler where PDFium cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import ProcessingError, no_pages
from ocrdesk_worker.render import poppler
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.render.page_source import PageSource, RenderedPage, TextLayer
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.render.poppler import PopplerSource

_log = logging.getLogger(__name__)


def open_source(path: Path, media: MediaType, *, avoid_pdfium: bool = False) -> PageSource:
    """An open file with at least one page; raises Fault.

    `avoid_pdfium` is for a second try, after the first ended the process: PDFium does not raise where
    it can abort.
    """
    source: PageSource
    if media is not MediaType.PDF:
        source = ImageSource(path, media)
    elif avoid_pdfium and poppler.is_installed():
        source = PopplerSource(path)
    else:
        source = _PdfSource(path)
    if source.page_count < 1:
        raise no_pages()
    return source


class _PdfSource:
    """A PDF by PDFium; by Poppler, when that is installed, for the file or the pages that PDFium refuses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fallback: PopplerSource | None = None
        self._pdfium: PdfiumSource | None = None
        try:
            self._pdfium = PdfiumSource(path)
        except ProcessingError as fault:
            if not _worth_poppler(fault):
                raise
            self._fallback = _poppler_or(fault, path)

    @property
    def page_count(self) -> int:
        return self._pdfium.page_count if self._pdfium else self._poppler().page_count

    def render(self, page_index: int) -> RenderedPage:
        return self._drawn(page_index, lambda source: source.render(page_index))

    def view(self, page_index: int, width: int) -> RenderedPage:
        return self._drawn(page_index, lambda source: source.view(page_index, width))

    def _drawn(self, page_index: int, draw: Callable[[PageSource], RenderedPage]) -> RenderedPage:
        if self._pdfium is None:
            return draw(self._poppler())
        try:
            return draw(self._pdfium)
        except ProcessingError as fault:
            if not _worth_poppler(fault):
                raise
            _log.info("PDFium cannot draw page %d: trying Poppler", page_index + 1)
            return draw(_poppler_or(fault, self._path))

    def text_layer(self, page_index: int) -> TextLayer | None:
        """The page's own text; None for a page that PDFium refuses, which is then Poppler's to draw."""
        if self._pdfium is None:
            return None
        try:
            return self._pdfium.text_layer(page_index)
        except ProcessingError as fault:
            if not _worth_poppler(fault):
                raise
            return None

    def _poppler(self) -> PopplerSource:
        if self._fallback is None:
            self._fallback = PopplerSource(self._path)
        return self._fallback

    def close(self) -> None:
        if self._pdfium:
            self._pdfium.close()


def _worth_poppler(fault: ProcessingError) -> bool:
    return fault.info.code is ErrorCode.CORRUPT_FILE and poppler.is_installed()


def _poppler_or(fault: ProcessingError, path: Path) -> PopplerSource:
    """Poppler on the file, or PDFium's own complaint when Poppler has none better."""
    try:
        return PopplerSource(path)
    except ProcessingError as second:
        raise (second if second.info.code is ErrorCode.ENCRYPTED_PDF else fault) from None
