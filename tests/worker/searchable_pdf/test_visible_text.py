"""Words that a page already shows are not written again."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name

from ocrdesk.contract.document import Page, Source
from ocrdesk_worker.render.annotations import open_document, open_page
from tests.helpers.pdf_reading import (
    pdfium_text,
)
from tests.helpers.sample_files import text_pdf
from tests.helpers.sample_pdfs import PdfPage, layered_pdf
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


def test_words_of_a_filled_form_are_not_written_again(save: Save, made: Made) -> None:
    def fill(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        look = pdf.make_stream(b"/Tx BMC q BT /F1 20 Tf 2 4 Td (Kingfisher) Tj ET Q EMC")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 150, 30])
        look.Resources = Dictionary(Font=Dictionary(F1=font))
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, F=4, DA="/F1 20 Tf 0 g")
        field.T, field.V, field.Rect, field.AP = "one", "Kingfisher", Array([72, 600, 222, 630]), Dictionary(N=look)
        page.Annots = Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = Dictionary(Fields=page.Annots, DA="/F1 20 Tf 0 g")

    content = layered_pdf(PdfPage(""), finish=fill)
    with pikepdf.open(save(content)) as pdf:
        _, _, width, height = (float(edge) for edge in pdf.pages[0].mediabox)
    box = 2 * 72, round(2 * (height - 630)), 2 * 222, round(2 * (height - 600))
    below = 144, round(2 * (height - 500)), 300, round(2 * (height - 480))
    read = page_of([word("Kingfisher", box)], [word("below", below)], size=(round(2 * width), round(2 * height)))
    out = made(content, read)
    document = open_document(out)
    text = open_page(document, 0).get_textpage().get_text_range()
    assert text.split().count("Kingfisher") == 1
    assert "below" in text
