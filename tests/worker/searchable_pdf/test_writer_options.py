"""Options of searchable PDFs: rotation, straightening, signatures; form fields are not repeated."""

from __future__ import annotations

import math
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from ocrdesk.contract.document import Page
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import sniff
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.render.pdfium import PdfiumSource
from ocrdesk_worker.searchable_pdf.straighten import SkewMeter
from ocrdesk_worker.searchable_pdf.writer import write_searchable_pdf
from tests.helpers.pdf_reading import assert_sound, needs_pdftotext, pdfium_place, poppler_text, poppler_words
from tests.helpers.sample_files import image_bytes, scan_pdf, text_image
from tests.helpers.searchable_pdfs import page_of, word
from tests.helpers.special_pdfs import signed_pdf, with_text_field
from tests.worker.conftest import Save


def made(save: Save, tmp_path: Path, content: bytes, page: Page, **options: bool) -> Path:
    media = sniff(content[:1024])
    assert media
    out = tmp_path / f"out{len(list(tmp_path.iterdir()))}.pdf"
    write_searchable_pdf(save(content), media, iter([page]), out, options=PdfOptions(**options))
    assert_sound(out)
    return out


def turned_page() -> Page:
    """Return a page of 800 x 1200 pixels that is upright after a quarter turn."""
    return page_of([word("Upright", (100, 100, 400, 150))], size=(800, 1200), rotation=90)


def as_shown(path: Path) -> tuple[float, float, bool]:
    """Return the width and height of the first page as it is shown, and whether its text is level then."""
    document = pdfium.PdfDocument(path)
    page = document[0]
    width, height = page.get_size()
    angle = pdfium_c.FPDFText_GetCharAngle(page.get_textpage(), 0)
    is_level = round(math.degrees(angle) + page.get_rotation()) % 360 == 0
    document.close()
    return width, height, is_level


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_a_turned_page_is_shown_upright_unless_that_is_not_wanted(save: Save, tmp_path: Path, kind: str) -> None:
    content = scan_pdf(["x"]) if kind == "pdf" else image_bytes(text_image("x", (1200, 800)), dpi=(200, 200))
    upright = made(save, tmp_path, content, turned_page())
    as_it_was = made(save, tmp_path, content, turned_page(), rotate=False)
    wide, tall, is_level = as_shown(upright)
    assert (is_level, tall > wide) == (True, True)
    wide, tall, is_level = as_shown(as_it_was)
    assert (is_level, tall > wide) == (False, False)
    assert pdfium_place(upright, "Upright") == pytest.approx(pdfium_place(as_it_was, "Upright"))
    assert upright.stat().st_size < as_it_was.stat().st_size + 50


def skewed_scan() -> bytes:
    lines = "\n".join("The committee met in the old town hall" for _ in range(12))
    image = text_image(lines, (1240, 900), 36).rotate(-3, fillcolor="white", expand=False)
    return image_bytes(image.convert("RGB"), "PDF", resolution=150)


@needs_pdftotext
def test_a_skewed_page_is_straightened_with_its_words_and_no_pixel_changes(save: Save, tmp_path: Path) -> None:
    content = skewed_scan()
    with_word = page_of([word("committee", (600, 420, 700, 460))], size=(1240, 900))
    straight = made(save, tmp_path, content, with_word, deskew=True)
    as_it_was = made(save, tmp_path, content, with_word, rotate=False)
    assert straight.stat().st_size < as_it_was.stat().st_size + 400
    assert abs(skew_of(as_it_was)) > 2
    assert abs(skew_of(straight)) < 1
    with pikepdf.open(straight) as pdf, pikepdf.open(as_it_was) as other:
        images = [next(iter(it.pages[0].get_images().values())).read_raw_bytes() for it in (pdf, other)]
    assert images[0] == images[1]
    place, old_place = poppler_words(straight)[1][0].place, poppler_words(as_it_was)[1][0].place
    assert place[3] - place[1] < old_place[3] - old_place[1]


def sloping_page(left: int = 200, right: int = 1000) -> Page:
    """Return a page of that scan with four lines of words, which fall by three degrees to the right."""
    slope = math.tan(math.radians(3))
    lines = []
    for top in (200, 300, 400, 500):
        places = [(x, round(top + slope * (x - 620))) for x in (left, 500, 750, right)]
        lines.append([word("committee", (x, y, x + 100, y + 40)) for x, y in places])
    return page_of(*lines, size=(1240, 900))


def test_a_page_that_is_clearly_skewed_is_straightened_by_default(save: Save, tmp_path: Path) -> None:
    straight = made(save, tmp_path, skewed_scan(), sloping_page())
    assert abs(skew_of(straight)) < 1
    as_it_was = made(save, tmp_path, skewed_scan(), sloping_page(), rotate=False)
    assert abs(skew_of(as_it_was)) > 2


def test_a_page_is_not_straightened_by_default_if_a_word_would_leave_it(save: Save, tmp_path: Path) -> None:
    page = sloping_page(left=2)
    assert abs(skew_of(made(save, tmp_path, skewed_scan(), page))) > 2
    assert abs(skew_of(made(save, tmp_path, skewed_scan(), page, deskew=True))) < 1


def test_a_page_whose_lines_are_level_is_not_measured(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> float:
        raise AssertionError("measured")

    monkeypatch.setattr(SkewMeter, "skew_of", fail)
    level = [[word("committee", (x, top, x + 100, top + 40)) for x in (200, 500, 750)] for top in (200, 300, 400)]
    assert made(save, tmp_path, skewed_scan(), page_of(*level, size=(1240, 900))).exists()


def skew_of(path: Path) -> float:
    meter = SkewMeter(path)
    try:
        return meter.skew_of(0, 0)
    finally:
        meter.close()


def test_a_signed_file_is_changed_only_on_request(save: Save, tmp_path: Path) -> None:
    page = page_of([word("Scanned", (50, 50, 300, 90))], size=(1200, 800))
    with pytest.raises(ProcessingError) as raised:
        made(save, tmp_path, signed_pdf(), page)
    assert raised.value.info.code is ErrorCode.SIGNED_PDF
    assert made(save, tmp_path, signed_pdf(), page, invalidate_signatures=True).exists()


@needs_pdftotext
def test_a_form_field_is_not_repeated_by_what_was_recognised(save: Save, tmp_path: Path) -> None:
    content = with_text_field("Kestrel")
    document = pdfium.PdfDocument(content)
    width, height = document[0].get_size()
    document.close()
    scale = 1200 / width
    top = (height - 124) * scale
    field = word("Kestrel", (round(72 * scale), round(top), round(160 * scale), round(top + 24 * scale)))
    beside = word("Club", (20, 20, 120, 60))
    out = made(save, tmp_path, content, page_of([field], [beside], size=(1200, round(height * scale))))
    words = poppler_text(out).split()
    assert (words.count("Kestrel"), words.count("Club")) == (1, 1)
    assert PdfiumSource(out).page_count == 1
    with pikepdf.open(out) as pdf:
        assert "/AcroForm" in pdf.Root
