"""PDFs that PDFium cannot open: errors, and Poppler as a fallback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker import errors
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render import image_file, pdf_source, poppler
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.page_source import RenderedPage
from ocrdesk_worker.render.pdfium import PdfiumSource
from tests.helpers.rendered_text import needs_poppler, words_of
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, scan_pdf, text_pdf, truncated_pdf
from tests.worker.conftest import Save

EMPTY_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
EMPTY_PDF += b"trailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.parametrize("avoid_pdfium", [False, pytest.param(True, marks=needs_poppler)])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (encrypted_pdf(["Secret"]), ErrorCode.ENCRYPTED_PDF),
        (truncated_pdf(), ErrorCode.CORRUPT_FILE),
        (b"%PDF-1.4\n" + b"\0" * 3000, ErrorCode.CORRUPT_FILE),
    ],
    ids=["encrypted", "truncated", "zeros"],
)
def test_a_pdf_that_cannot_be_opened_says_why(save: Save, content: bytes, code: ErrorCode, avoid_pdfium: bool) -> None:
    with pytest.raises(ProcessingError) as raised:
        open_source(save(content), MediaType.PDF, avoid_pdfium=avoid_pdfium)
    assert raised.value.info.code is code
    assert raised.value.info.message.endswith(".")


def test_a_pdf_without_pages_says_so(save: Save) -> None:
    with pytest.raises(ProcessingError) as raised:
        open_source(save(EMPTY_PDF), MediaType.PDF)
    assert raised.value.info.code in (ErrorCode.NO_PAGES, ErrorCode.CORRUPT_FILE)


@needs_poppler
def test_poppler_reads_files_that_pdfium_refuses(save: Save, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> PdfiumSource:
        raise errors.corrupt("PDF")

    monkeypatch.setattr(pdf_source, "PdfiumSource", refuse)
    source = open_source(save(scan_pdf(["First page", "Second page"])), MediaType.PDF)
    assert source.page_count == 2
    assert words_of(engines, source, 2) == "Second page"  # type: ignore[arg-type]


@needs_poppler
def test_poppler_draws_a_page_that_pdfium_cannot(save: Save, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    pdfium_render = PdfiumSource.render

    def refuse_second(self: PdfiumSource, page_index: int) -> RenderedPage:
        if page_index == 1:
            raise errors.corrupt("PDF page")
        return pdfium_render(self, page_index)

    monkeypatch.setattr(PdfiumSource, "render", refuse_second)
    source = open_source(save(scan_pdf(["First page", "Second page"])), MediaType.PDF)
    assert words_of(engines, source, 1) == "First page"  # type: ignore[arg-type]
    assert words_of(engines, source, 2) == "Second page"  # type: ignore[arg-type]


def test_without_poppler_pdfiums_error_is_reported(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poppler, "is_installed", lambda: False)
    with pytest.raises(ProcessingError) as raised:
        open_source(save(truncated_pdf()), MediaType.PDF)
    assert raised.value.info.code is ErrorCode.CORRUPT_FILE
    monkeypatch.setattr(PdfiumSource, "__init__", PdfiumSource.__init__)
    assert open_source(save(text_pdf(["Fine"])), MediaType.PDF, avoid_pdfium=True).page_count == 1


@needs_poppler
def test_a_second_try_keeps_away_from_pdfium(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_source, "PdfiumSource", lambda path: pytest.fail("PDFium was used"))
    source = open_source(save(scan_pdf(["One", "Two"])), MediaType.PDF, avoid_pdfium=True)
    assert source.page_count == 2
    assert source.render(1).image.mode == "L"


@pytest.mark.parametrize(
    ("make", "media"), [(scan_pdf, MediaType.PDF), (multipage_tiff, MediaType.TIFF)], ids=["PDF", "TIFF"]
)
def test_a_file_that_was_opened_before_is_neither_checked_nor_counted_again(
    make: Callable[[list[str]], bytes], media: MediaType, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(make(["One", "Two", "Three"]))
    first = open_source(path, media)
    monkeypatch.setattr(pdf_source, "check_pdf", lambda path: pytest.fail("checked again"))
    monkeypatch.setattr(image_file, "count_pages", lambda *arguments: pytest.fail("counted again"))
    again = open_source(path, media, known_pages=first.page_count)
    assert again.page_count == first.page_count == 3
    for page_index in (2, 0, 1):
        assert again.render(page_index).image.tobytes() == first.render(page_index).image.tobytes()
