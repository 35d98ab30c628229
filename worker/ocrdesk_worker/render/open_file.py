"""Opens a file with the right renderer: images with Pillow, PDFs with PDFium or Poppler."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.errors import file_too_many_pages, no_pages
from ocrdesk_worker.render.image_file import ImageSource
from ocrdesk_worker.render.page_source import PageSource

MAX_FILE_PAGES = 100_000


def open_source(
    path: Path, media: MediaType, *, avoid_pdfium: bool = False, known_pages: int | None = None
) -> PageSource:
    """Open a file that has at least one page. Raises ProcessingError, also for one that would become huge.

    `avoid_pdfium` is for a second attempt after the first ended the process.
    `known_pages`: how many pages this same file had when it was opened before. Then it is not checked and counted
    again, which takes the longer, the more pages there are, and every page of a job opens the file.
    """
    source: PageSource
    if media is MediaType.PDF:
        from ocrdesk_worker.render.pdf_source import open_pdf  # images need nothing of what it imports

        source = open_pdf(path, avoid_pdfium=avoid_pdfium, is_checked=known_pages is not None)
    else:
        source = ImageSource(path, media, known_pages)
    if source.page_count < 1:
        raise no_pages()
    if source.page_count > MAX_FILE_PAGES:
        raise file_too_many_pages(source.page_count, MAX_FILE_PAGES)
    return source
