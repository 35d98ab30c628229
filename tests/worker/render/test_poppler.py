"""PDF pages through Poppler."""

from __future__ import annotations

import pytest

from ocrdesk_worker.render.page_source import MAX_PAGE_PIXELS
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.render.poppler import PopplerSource
from tests.helpers.rendered_text import needs_poppler
from tests.helpers.sample_files import text_pdf
from tests.worker.conftest import Save


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
