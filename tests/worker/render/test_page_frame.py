"""PDF points become page-image pixels, for every rotation and visible area."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array

from ocrdesk.contract.document import Box
from ocrdesk_worker.render.page_frame import PageFrame, frame_of
from ocrdesk_worker.render.page_source import MAX_PAGE_PIXELS
from tests.helpers.sample_files import image_bytes, text_image, text_pdf
from tests.helpers.searchable_pdfs import saved


def frame_of_page(*, size: tuple[float, float] = (300, 400), crop: Sequence[float] = (), rotate: int = 0) -> PageFrame:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=size).obj
    page.Rotate = rotate
    if crop:
        page.CropBox = Array(list(crop))
    return frame_of(pdfium.PdfDocument(saved(pdf))[0])


@pytest.mark.parametrize(
    ("rotate", "corner"),
    [(0, (0, 300, 100, 400)), (90, (0, 0, 100, 100)), (180, (200, 0, 300, 100)), (270, (300, 200, 400, 300))],
)
def test_a_corner_of_the_page_is_where_it_is_seen(rotate: int, corner: tuple[float, ...]) -> None:
    """The lower left 100 points of the page's own space."""
    frame = frame_of_page(rotate=rotate)
    pixels = frame.to_pixels()((0, 0, 100, 100))
    assert pixels == pytest.approx([edge * 300 / 72 for edge in corner], abs=0.01)
    width, height = (300, 400) if rotate in (0, 180) else (400, 300)
    assert (frame.width, frame.height) == (ceil(width * 300 / 72), ceil(height * 300 / 72))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_pixels_begin_at_the_visible_part(rotate: int) -> None:
    frame = frame_of_page(crop=(50, 60, 250, 360), rotate=rotate)
    pixels = frame.to_pixels()((50, 60, 250, 360))
    assert pixels == pytest.approx((0, 0, frame.width, frame.height), abs=1)


def test_boxes_are_rounded_outwards_and_stay_on_the_page() -> None:
    frame = PageFrame(72, 0, (0, 0, 100, 200), 100, 200)
    assert frame.box((1.2, 2.9, 3.1, 4.0)) == Box(1, 2, 4, 4)
    assert frame.box((-5, -5, 500, 500)) == Box(0, 0, 100, 200)
    assert frame.box((50, 60, 50, 60)) == Box(50, 60, 51, 61)


def test_text_is_rendered_at_300_dpi() -> None:
    assert frame_of(pdfium.PdfDocument(text_pdf(["One"]))[0]).dpi == 300


@pytest.mark.parametrize(("resolution", "dpi"), [(100, 200), (240, 240), (600, 300)])
def test_a_scan_has_its_own_resolution_within_bounds(resolution: float, dpi: float) -> None:
    content = image_bytes(text_image("A scan", (1200, 800)), "PDF", resolution=resolution)
    frame = frame_of(pdfium.PdfDocument(content)[0])
    assert frame.dpi == pytest.approx(dpi, rel=0.01)
    if resolution == 240:
        assert (frame.width, frame.height) == (1200, 800), "not one row more than the scan"


def test_a_huge_page_stays_within_the_pixels() -> None:
    frame = frame_of_page(size=(14_400, 14_400))
    assert frame.width * frame.height <= MAX_PAGE_PIXELS * 1.001
