"""A scan's image is extracted only if rendering the page would give the same."""

from __future__ import annotations

import zlib
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import ImageChops

from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.render.scan_image import extract_scan_image, may_have_masks
from tests.helpers.sample_files import text_pdf

SIZE = (400, 200)
DPI = 200.0
WIDE, HIGH = SIZE[0] * 72 / DPI, SIZE[1] * 72 / DPI
FILLING = f"q {WIDE} 0 0 {HIGH} 0 0 cm /Im Do Q"


def slanted() -> bytes:
    """Return a grey gradient that looks different when it is rotated, mirrored or inverted."""
    return bytes((x * 255 // SIZE[0] + y * 40 // SIZE[1]) % 256 for y in range(SIZE[1]) for x in range(SIZE[0]))


def one_picture_pdf(
    content: str = FILLING, *, picture: str = "/ColorSpace /DeviceGray", page: str = "", more: bytes = b""
) -> bytes:
    """Return a PDF page of one 8-bit image; `picture` and `page` go into their dictionaries, `more` is object 6."""
    packed = zlib.compress(slanted())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDE} {HIGH}] /Contents 4 0 R {page}"
        " /Resources << /XObject << /Im 5 0 R >> /Font << /F << /Type /Font /Subtype /Type1"
        " /BaseFont /Helvetica >> >> >> >>".encode(),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream".encode(),
        f"<< /Type /XObject /Subtype /Image /Width {SIZE[0]} /Height {SIZE[1]} /BitsPerComponent 8 {picture}"
        f" /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        + packed
        + b"\nendstream",
        *([more] if more else []),
    ]
    body, offsets = b"%PDF-1.7\n", []
    for number, content_of in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content_of + b"\nendobj\n"
    table = b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    return (
        body
        + head
        + table
        + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF".encode()
    )


def smask() -> bytes:
    packed = zlib.compress(bytes([128]) * (SIZE[0] * SIZE[1]))
    return (
        f"<< /Type /XObject /Subtype /Image /Width {SIZE[0]} /Height {SIZE[1]} /BitsPerComponent 8"
        f" /ColorSpace /DeviceGray /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        + packed
        + b"\nendstream"
    )


def test_an_image_that_covers_the_page_is_used_unchanged() -> None:
    page = pdfium.PdfDocument(one_picture_pdf())[0]
    own = extract_scan_image(page, DPI, _has_none)
    assert own is not None
    assert own.tobytes() == slanted()


@pytest.mark.parametrize(
    "pdf",
    [
        one_picture_pdf(picture="/ColorSpace /DeviceGray /Decode [1 0]"),
        one_picture_pdf(picture="/ColorSpace [/Indexed /DeviceGray 255 <" + bytes(range(255, -1, -1)).hex() + ">]"),
        one_picture_pdf(picture="/ColorSpace /DeviceGray /SMask 6 0 R", more=smask()),
        one_picture_pdf(FILLING + " BT /F 20 Tf 5 5 Td (text) Tj ET"),
        one_picture_pdf(f"q 10 10 40 20 re W n {WIDE} 0 0 {HIGH} 0 0 cm /Im Do Q"),
        one_picture_pdf(f"q -{WIDE} 0 0 {HIGH} {WIDE} 0 cm /Im Do Q"),
        one_picture_pdf(f"q {WIDE} 0 0 -{HIGH} 0 {HIGH} cm /Im Do Q"),
        one_picture_pdf(f"q {WIDE / 2} 0 0 {HIGH / 2} 0 0 cm /Im Do Q"),
        one_picture_pdf(page="/Rotate 90"),
        one_picture_pdf(page="/Rotate 180"),
        one_picture_pdf(page="/CropBox [20 20 100 60]"),
        one_picture_pdf(page="/UserUnit 2"),
        one_picture_pdf(page="/Annots [<< /Type /Annot /Subtype /Square /Rect [9 9 60 40] /C [0 0 0] >>]"),
    ],
)
def test_a_page_with_anything_particular_comes_out_as_it_is_drawn(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf)
    page = pdfium.PdfDocument(pdf)[0]
    rendered = PdfiumSource(path).render(0)
    as_drawn = page.render(scale=rendered.dpi / 72 * (1 - 1e-6), grayscale=True).to_pil()
    assert rendered.image.size == as_drawn.size
    assert ImageChops.difference(rendered.image, as_drawn).getbbox() is None


def test_a_file_that_names_a_mask_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(one_picture_pdf())
    assert not may_have_masks(path)
    path.write_bytes(one_picture_pdf(picture="/ColorSpace /DeviceGray /SMask 6 0 R", more=smask()))
    assert may_have_masks(path)
    path.write_bytes(one_picture_pdf(picture="/ColorSpace /DeviceGray /Mask [0 20]"))
    assert may_have_masks(path)
    path.unlink()
    assert may_have_masks(path)


@pytest.mark.parametrize("dpi", [100.0, 300.0])
def test_a_picture_of_another_resolution_than_wanted_is_drawn(dpi: float) -> None:
    assert extract_scan_image(pdfium.PdfDocument(one_picture_pdf())[0], dpi, _has_none) is None


def test_an_image_in_a_file_that_may_have_masks_is_not_extracted() -> None:
    page = pdfium.PdfDocument(one_picture_pdf())[0]
    assert extract_scan_image(page, DPI, _has_none) is not None
    assert extract_scan_image(page, DPI, lambda: True) is None


def test_a_page_that_has_no_picture_to_take_is_not_worth_a_search_for_masks() -> None:
    asked: list[bool] = []
    page = pdfium.PdfDocument(text_pdf(["Only text"]))[0]
    assert extract_scan_image(page, DPI, lambda: bool(asked.append(True))) is None
    assert asked == []


def _has_none() -> bool:
    return False
