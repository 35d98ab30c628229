"""An earlier invisible text layer is removed."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocrdesk.contract.document import Source
from tests.helpers.pdf_reading import (
    pdfium_text,
)
from tests.helpers.sample_files import scan_pdf
from tests.helpers.searchable_pdfs import Made, assert_same_pictures, contents_of, page_of, saved, word
from tests.worker.conftest import Save


def test_an_earlier_layer_gives_way_to_the_new_one(save: Save, made: Made) -> None:
    size = (600, 400)
    scan = scan_pdf(["Scan"])
    old = made(scan, page_of([word("Old", (10, 10, 90, 40))], [word("words", (10, 60, 90, 90))], size=size))
    new = made(old.read_bytes(), page_of([word("New", (10, 10, 90, 40))], size=size))
    assert pdfium_text(new) == "New"
    assert_same_pictures(save(scan), new)


def test_a_corrected_earlier_layer_is_rewritten_completely(made: Made) -> None:
    size = (600, 400)
    old = made(
        scan_pdf(["Scan"]), page_of([word("Olb", (10, 10, 90, 40)), word("page", (100, 10, 190, 40))], size=size)
    )
    line = [word("Old", (10, 10, 90, 40), Source.CORRECTED), word("page", (100, 10, 190, 40), Source.TEXT_LAYER)]
    assert pdfium_text(made(old.read_bytes(), page_of(line, size=size))).split() == ["Old", "page"]


def test_a_page_whose_earlier_layer_is_kept_keeps_it_as_it_is(made: Made) -> None:
    old = made(scan_pdf(["Scan"]), page_of([word("Kept", (10, 10, 90, 40))], size=(600, 400)))
    again = made(old.read_bytes(), page_of([word("Kept", (10, 10, 90, 40), Source.TEXT_LAYER)], size=(600, 400)))
    assert contents_of(again) == contents_of(old)


@pytest.mark.parametrize("in_form", [False, True])
def test_only_invisible_text_is_removed(save: Save, made: Made, in_form: bool) -> None:
    drawing = (
        b"BT /F 20 Tf 50 300 Td (Seen) Tj ET q BT 3 Tr /F 20 Tf 50 200 Td (Hidden) Tj "
        b"0 -30 Td [(too)] TJ (and) ' 1 2 (more) \" ET Q BT /F 20 Tf 50 100 Td (After) Tj ET"
    )
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 400)).obj
    font = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.Resources = Dictionary(Font=font)
    if in_form:
        form = pdf.make_stream(drawing)
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 300, 400])
        form.Resources = Dictionary(Font=font)
        page.Resources = Dictionary(XObject=Dictionary(Fm=form))
        drawing = b"/Fm Do"
    page.Contents = pdf.make_stream(drawing)
    content = saved(pdf)
    assert sorted(pdfium_text(save(content)).split()) == ["After", "Hidden", "Seen", "and", "more", "too"]
    out = made(content, page_of([word("New", (10, 10, 90, 40))], size=(600, 800)))
    assert sorted(pdfium_text(out).split()) == ["After", "New", "Seen"]
    assert_same_pictures(save(content), out)
