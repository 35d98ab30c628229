"""PDF pages through PDFium."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.preprocess.grayscale import to_grey
from ocrdesk_worker.render.open_file import open_source
from ocrdesk_worker.render.page_source import MAX_PAGE_PIXELS
from ocrdesk_worker.render.pdfium import PdfiumSource
from tests.helpers.rendered_text import words_of
from tests.helpers.sample_files import encrypted_pdf, image_bytes, text_image, text_pdf
from tests.worker.conftest import Save


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
    """The file says how far a viewer rotates the page; the text below is upright before that rotation."""
    source = PdfiumSource(save(text_pdf(["Turned around"], rotate=rotate)))
    image = source.render(0).image
    assert (image.width > image.height) is (rotate in (90, 270))


def test_a_huge_page_is_rendered_within_the_bound(save: Save) -> None:
    page = PdfiumSource(save(text_pdf(["Huge"], size_pt=(14_400, 14_400)))).render(0)
    assert page.image.width * page.image.height <= MAX_PAGE_PIXELS * 1.001
    assert page.dpi < 300


def test_a_pdf_with_only_an_owner_password_is_read(save: Save, engines: Engines) -> None:
    source = open_source(save(encrypted_pdf(["Open to all"], password="")), MediaType.PDF)
    assert words_of(engines, source) == "Open to all"  # type: ignore[arg-type]  # any source will do


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("name", ["cmyk", "ccitt", "jbig2", "palette", "aspect", "rotated_skew", "no_contents"])
def test_odd_pdfs_are_drawn(corpus: Path, name: str) -> None:
    source = open_source(corpus / "documents" / f"{name}.pdf", MediaType.PDF)
    image = to_grey(source.render(0).image)
    assert image.width * image.height > 1000
    source.close()
