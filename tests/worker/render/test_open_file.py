"""PDFs: rendered at a fitting resolution, faults told apart, Poppler where PDFium cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker import errors
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.render import open_file, poppler
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.page_source import MAX_PAGE_PIXELS, RenderedPage, capped_dpi
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.render.poppler import PopplerSource
from tests.helpers.sample_files import encrypted_pdf, image_bytes, scan_pdf, text_image, text_pdf, truncated_pdf
from tests.worker.conftest import Save

needs_poppler = pytest.mark.skipif(not poppler.is_installed(), reason="Poppler (poppler-utils) is not installed")
EMPTY_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
EMPTY_PDF += b"trailer<</Root 1 0 R>>\n%%EOF\n"


def words_of(engines: Engines, source: PdfiumSource | PopplerSource, number: int = 1) -> str:
    engine = engines.choose(EngineName.AUTO, ("eng",))
    return " ".join(
        word.text for word in read_page(source, number, lambda: engine, ("eng",), RecognitionMode.FORCE).words()
    )


def test_pages_are_rendered_grey_at_300_dpi(save: Save) -> None:
    source = PdfiumSource(save(text_pdf(["One", "Two"])))
    assert source.page_count == 2
    page = source.render(1)
    assert (page.image.mode, page.dpi) == ("L", 300)
    assert page.image.width == pytest.approx(595 * 300 / 72, abs=2)
    assert page.image.height == pytest.approx(842 * 300 / 72, abs=2)
    source.close()


@pytest.mark.parametrize(("resolution", "expected"), [(100, 200), (240, 240), (600, 300)])
def test_a_scan_is_rendered_at_its_own_resolution_within_bounds(save: Save, resolution: float, expected: float) -> None:
    content = image_bytes(text_image("A scan", (1200, 800)), "PDF", resolution=resolution)
    assert PdfiumSource(save(content)).render(0).dpi == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_rotated_page_comes_out_upright(save: Save, engines: Engines, rotate: int) -> None:
    """The file says how far its viewer turns the page; the text below is upright before that turn."""
    source = PdfiumSource(save(text_pdf(["Turned around"], rotate=rotate)))
    image = source.render(0).image
    assert (image.width > image.height) is (rotate in (90, 270))


def test_a_huge_page_is_rendered_within_the_bound(save: Save) -> None:
    page = PdfiumSource(save(text_pdf(["Huge"], size_pt=(14_400, 14_400)))).render(0)
    assert page.image.width * page.image.height <= MAX_PAGE_PIXELS * 1.001
    assert page.dpi < 300


@pytest.mark.parametrize(
    ("width_in", "height_in", "dpi", "expected"),
    [
        (8.5, 11, 300, 300),
        (0, 0, 300, 300),
        (100, 100, 100, 100),
        (100, 100, 200, 100),
        (1000, 1, 1000, 32),
        (20, 1, 3000, 1600),
    ],
)
def test_a_capped_resolution_keeps_a_page_within_its_pixels_and_sides(
    width_in: float, height_in: float, dpi: float, expected: float
) -> None:
    capped = capped_dpi(width_in, height_in, dpi)
    assert capped == pytest.approx(expected, rel=0.001)
    assert width_in * height_in * capped**2 <= MAX_PAGE_PIXELS * 1.001


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


def test_an_owners_password_alone_keeps_nobody_from_reading(save: Save, engines: Engines) -> None:
    source = open_source(save(encrypted_pdf(["Open to all"], password="")), MediaType.PDF)
    assert words_of(engines, source) == "Open to all"  # type: ignore[arg-type]  # any source will do


@needs_poppler
def test_poppler_reads_what_pdfium_refuses(save: Save, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> PdfiumSource:
        raise errors.corrupt("PDF")

    monkeypatch.setattr(open_file, "PdfiumSource", refuse)
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


def test_without_poppler_pdfiums_complaint_stands(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poppler, "is_installed", lambda: False)
    with pytest.raises(ProcessingError) as raised:
        open_source(save(truncated_pdf()), MediaType.PDF)
    assert raised.value.info.code is ErrorCode.CORRUPT_FILE
    monkeypatch.setattr(PdfiumSource, "__init__", PdfiumSource.__init__)
    assert open_source(save(text_pdf(["Fine"])), MediaType.PDF, avoid_pdfium=True).page_count == 1


@needs_poppler
def test_a_second_try_keeps_away_from_pdfium(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_file, "PdfiumSource", lambda path: pytest.fail("PDFium was asked"))
    source = open_source(save(scan_pdf(["One", "Two"])), MediaType.PDF, avoid_pdfium=True)
    assert source.page_count == 2
    assert source.render(1).image.mode == "L"


@needs_poppler
@pytest.mark.parametrize("rotate", [0, 90])
def test_both_renderers_draw_pages_of_one_size(save: Save, rotate: int) -> None:
    path = save(text_pdf(["Same size"], rotate=rotate, size_pt=(400, 300)))
    one, two = PdfiumSource(path).render(0), PopplerSource(path).render(0)
    assert one.dpi == two.dpi
    assert abs(one.image.width - two.image.width) <= 2
    assert abs(one.image.height - two.image.height) <= 2


@needs_poppler
def test_poppler_keeps_a_huge_page_within_the_bound_too(save: Save) -> None:
    page = PopplerSource(save(text_pdf(["Huge"], size_pt=(7_200, 14_400)))).render(0)
    assert page.image.width * page.image.height <= MAX_PAGE_PIXELS * 1.02


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("name", ["cmyk", "ccitt", "jbig2", "palette", "aspect", "rotated_skew", "no_contents"])
def test_odd_pdfs_are_drawn(corpus: Path, name: str) -> None:
    source = open_source(corpus / "documents" / f"{name}.pdf", MediaType.PDF)
    image = to_grey(source.render(0).image)
    assert image.width * image.height > 1000
    source.close()
