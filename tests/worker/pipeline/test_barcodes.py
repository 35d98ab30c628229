"""QR codes and barcodes are found anywhere on a page, and their bars are not read as words."""

from __future__ import annotations

import pytest
from PIL import Image

from ocrdesk.contract.document import Block, Box, Code, Line, Page, Source, Word
from ocrdesk.contract.jobs import EngineName
from ocrdesk.contract.media_types import MediaType
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.pipeline import barcodes
from ocrdesk_worker.pipeline.barcodes import drop_barcode_noise, find_codes
from ocrdesk_worker.pipeline.page import read_page
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.barcode_images import code_image
from tests.helpers.mixed_pages import Spy, drawn, read, texts
from tests.helpers.sample_files import image_bytes, text_image
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save

URL = "https://example.org/a?b=1&c=ü"
KINDS = {"QRCode": URL, "EAN13": "4006381333931", "Code128": "ABC-12345", "DataMatrix": "lot 4711 / 2026"}


def letter(*placed: tuple[Image.Image, int, int]) -> Image.Image:
    """Return a letter page of text at 300 dpi with these images on it."""
    page = text_image("\n".join(PROSE * 9), (2550, 3300), 44).convert("L")
    for picture, left, top in placed:
        page.paste(picture, (left, top))
    return page


def read_image(save: Save, engines: Engines, image: Image.Image) -> Page:
    source = open_source(save(image_bytes(image, dpi=(300, 300))), MediaType.PNG)
    page = read_page(source, 1, lambda: engines.choose(EngineName.AUTO, ("eng",)), ("eng",))
    source.close()
    return page


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", KINDS)
def test_a_code_is_found_on_a_page_of_text(kind: str, turn: int) -> None:
    picture = code_image(KINDS[kind], kind, turn=turn)
    (code,) = find_codes(letter((picture, 700, 2500)))
    assert (code.format, code.text, code.rotation) == (kind, KINDS[kind], turn)
    place = Box(700, 2500, 700 + picture.width, 2500 + picture.height)
    assert place.left <= code.box.left < code.box.right <= place.right
    assert place.top <= code.box.top < code.box.bottom <= place.bottom
    assert code.box.width * code.box.height > place.width * place.height / 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_slightly_slanted_code_is_found(kind: str) -> None:
    (code,) = find_codes(letter((code_image(KINDS[kind], kind, turn=5), 700, 2500)))
    assert (code.format, code.text) == (kind, KINDS[kind])


def test_several_codes_come_from_the_top_down() -> None:
    page = letter((code_image("below", "QRCode"), 300, 2700), (code_image("4006381333931", "EAN13"), 1200, 2100))
    assert [code.text for code in find_codes(page)] == ["4006381333931", "below"]


def test_a_grey_code_on_grey_paper_is_found() -> None:
    page = letter((code_image(URL, "QRCode"), 300, 2500)).point(lambda value: 90 + value * 110 // 255)
    assert [code.text for code in find_codes(page)] == [URL]


def test_a_picture_that_is_all_code_is_read() -> None:
    assert [code.text for code in find_codes(code_image(URL, "QRCode"))] == [URL]
    assert [code.text for code in find_codes(code_image(URL, "QRCode", pixels=60))] == [URL]


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (700, 700)])
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_an_image_of_nothing_has_no_codes(size: tuple[int, int], grey: int) -> None:
    assert find_codes(Image.new("L", size, grey)) == ()


def test_a_page_of_text_has_no_codes() -> None:
    assert find_codes(letter()) == ()


def test_an_error_in_the_reader_fails_no_page(save: Save, engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object) -> None:
        raise RuntimeError("an error in the reader")

    monkeypatch.setattr(barcodes.zxingcpp, "read_barcodes", breaks)
    page = read_image(save, engines, text_image("Good text here", (900, 220)))
    assert (texts(page), page.codes) == (["Good text here"], ())


def test_a_worker_without_the_reader_finds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(barcodes, "zxingcpp", None)
    assert find_codes(code_image(URL, "QRCode")) == ()


def test_a_recognised_page_has_its_codes_and_the_text_around_them(save: Save, engines: Engines) -> None:
    image = text_image("Scan this to pay", (1200, 900), 60).convert("L")
    image.paste(code_image(URL, "QRCode", pixels=10), (300, 250))
    page = read_image(save, engines, image)
    assert [(code.format, code.text) for code in page.codes] == [("QRCode", URL)]
    assert texts(page) == ["Scan this to pay"]
    assert Page.model_validate_json(page.model_dump_json()) == page


# ── words within codes ───────────────────────────────────────────────────────────────────────────


def line(*words: tuple[str, Box]) -> Line:
    made = tuple(Word(text=text, box=box, confidence=0.4, source=Source.TESSERACT) for text, box in words)
    return Line(box=Box.around([word.box for word in made]), words=made)


def test_words_within_a_code_are_dropped_and_boxes_fit_the_rest() -> None:
    code = Code(format="QRCode", text="x", box=Box(100, 100, 200, 200))
    beside, within = ("Beside", Box(0, 120, 80, 150)), ("#%l", Box(110, 120, 190, 150))
    lower = ("||", Box(120, 160, 180, 190))
    mixed = Block(box=Box(0, 120, 190, 190), lines=(line(beside, within), line(lower)))
    gone = Block(box=lower[1], lines=(line(lower),))
    far = Block(box=Box(0, 300, 80, 330), lines=(line(("Far", Box(0, 300, 80, 330))),))
    left, kept = drop_barcode_noise([mixed, gone, far], [code])
    assert kept == far
    assert (left.box, [found.text for found in left.lines]) == (beside[1], ["Beside"])


def test_without_codes_nothing_changes() -> None:
    block = Block(box=Box(0, 0, 9, 9), lines=(line(("word", Box(0, 0, 9, 9))),))
    assert drop_barcode_noise([block], []) == (block,)


# ── pages that keep their text ───────────────────────────────────────────────────────────────────


def test_a_code_in_a_picture_of_a_page_that_keeps_its_text_needs_no_engine(save: Save, spy: Spy) -> None:
    pdf_page = PdfPage(lines(PROSE) + drawn("Code", 300, 400, 90, 90), pictures={"Code": code_image(URL, "QRCode")})
    page = read(save, pdf_page, spy)
    assert (texts(page), spy.seen, page.source) == (list(PROSE), [], Source.TEXT_LAYER)
    assert page.source_reason == "text layer kept: 53 words; 1 picture recognised: codes and no text found"
    (code,) = page.codes
    scale = page.width / 595
    assert code.text == URL
    assert abs((code.box.left + code.box.right) / 2 - 345 * scale) < 5
    assert abs((code.box.top + code.box.bottom) / 2 - (842 - 445) * scale) < 5


def test_a_code_beside_words_in_a_picture_is_found_with_them(save: Save, spy: Spy) -> None:
    picture = text_image("Scan this to pay", (1200, 900), 60).convert("L")
    picture.paste(code_image(URL, "QRCode", pixels=10), (300, 250))
    page = read(save, PdfPage(lines(PROSE) + drawn("Code", 72, 300, 400, 300), pictures={"Code": picture}), spy)
    assert (texts(page), [code.text for code in page.codes]) == ([*PROSE, "Scan this to pay"], [URL])


def test_a_scanned_page_of_a_pdf_has_its_codes(save: Save, spy: Spy) -> None:
    source = open_source(
        save(
            layered_pdf(
                PdfPage(
                    "q 612 0 0 792 0 0 cm /Scan Do Q",
                    (612, 792),
                    pictures={"Scan": letter((code_image("4006381333931", "EAN13"), 700, 2500))},
                )
            )
        ),
        MediaType.PDF,
    )
    page = read_page(source, 1, lambda: spy, ("eng",))
    source.close()
    assert [(code.format, code.text) for code in page.codes] == [("EAN13", "4006381333931")]
