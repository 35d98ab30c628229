"""Words that a page already shows are not written again."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium

from ocrdesk.contract.document import Page, Source
from tests.helpers.pdf_reading import (
    pdfium_text,
)
from tests.helpers.sample_files import text_pdf
from tests.helpers.searchable_pdfs import Made, contents_of, page_of, word
from tests.worker.conftest import Save


def words_of_layer(path: Path, source: str) -> Page:
    """Return the words that PDFium finds on a page of 595 x 842 points, as pixels of a page image at 144 dpi."""
    document = pdfium.PdfDocument(path)
    text = document[0].get_textpage()
    lines = []
    at = 0
    for part in text.get_text_range().split():
        at = text.get_text_range().index(part, at)
        boxes = [text.get_charbox(index) for index in range(at, at + len(part))]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        box = int(left * 2), int((842 - top) * 2), int(right * 2) + 1, int((842 - bottom) * 2) + 1
        lines.append([word(part, box, source)])
        at += len(part)
    document.close()
    return page_of(*lines, size=(1190, 1684))


def test_a_page_with_its_own_text_gets_no_second_layer(save: Save, made: Made) -> None:
    content = text_pdf(["Hello world"])
    path = save(content)
    out = made(content, words_of_layer(path, Source.TEXT_LAYER))
    assert contents_of(out) == contents_of(path)
    assert pdfium_text(out).split() == ["Hello", "world"]


def test_words_read_again_are_not_written_over_the_same_words(save: Save, made: Made) -> None:
    content = text_pdf(["Hello world"])
    out = made(content, words_of_layer(save(content), Source.TESSERACT))
    assert sorted(pdfium_text(out).split()) == ["Hello", "world"]


def test_words_that_the_pages_own_text_has_otherwise_are_written(save: Save, made: Made) -> None:
    content = text_pdf(["Hxllo world"])
    page = words_of_layer(save(content), Source.TESSERACT)
    hello, world = page.words()
    corrected = page_of([word("Hello", hello.box, Source.CORRECTED), world], size=(page.width, page.height))
    assert sorted(pdfium_text(made(content, corrected)).split()) == ["Hello", "Hxllo", "world"]
