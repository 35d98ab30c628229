"""Form fields of a PDF: kind, name, value, place, and whether they are ticked."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ocrdesk.contract.document import Box
from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.structure import FieldKind, FormField
from ocrdesk_worker.pipeline.page import read_own_text
from ocrdesk_worker.render.open_file import open_source
from tests.helpers.sample_pdfs import PROSE, PdfPage, layered_pdf, lines
from tests.worker.conftest import Save


def form(*fields: Dictionary) -> bytes:
    """Return a PDF with prose and these fields."""

    def fill(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        made = []
        for field in fields:
            field.Type, field.Subtype = Name.Annot, Name.Widget
            if "/F" not in field:
                field.F = 4
            made.append(pdf.make_indirect(field))
        page.Annots = Array(made)
        pdf.Root.AcroForm = Dictionary(Fields=Array(made), DA=String("/F1 12 Tf 0 g"), DR=page.Resources)

    return layered_pdf(PdfPage(lines(PROSE)), finish=fill)


def text_field(name: str, value: str, bottom: int = 600, **more: object) -> Dictionary:
    return Dictionary(
        FT=Name.Tx,
        T=String(name),
        V=String(value),
        DA=String("/F1 12 Tf 0 g"),
        Rect=Array([72, bottom, 250, bottom + 20]),
        **more,
    )


def box_field(name: str, state: str, bottom: int) -> Dictionary:
    return Dictionary(
        FT=Name.Btn,
        T=String(name),
        V=Name(f"/{state}"),
        AS=Name(f"/{state}"),
        Rect=Array([72, bottom, 84, bottom + 12]),
    )


def fields_of(save: Save, pdf: bytes) -> tuple[FormField, ...]:
    source = open_source(save(pdf), MediaType.PDF)
    try:
        page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
        assert page is not None
        return page.form_fields
    finally:
        source.close()


def test_a_text_field_has_name_value_and_place(save: Save) -> None:
    (field,) = fields_of(save, form(text_field("Name", "Ada Writer")))
    assert (field.kind, field.name, field.value, field.ticked) == (FieldKind.TEXT, "Name", "Ada Writer", None)
    left, top, right, bottom = (round(edge * 300 / 72) for edge in (72, 842 - 620, 250, 842 - 600))
    assert all(abs(a - b) <= 2 for a, b in zip(field.box, Box(left, top, right, bottom), strict=True))


def test_the_value_is_also_text_of_the_page(save: Save) -> None:
    source = open_source(save(form(text_field("Name", "Ada Writer"))), MediaType.PDF)
    page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    assert page is not None
    assert [word.text for word in page.words()][-2:] == ["Ada", "Writer"]


def test_boxes_say_whether_they_are_ticked(save: Save) -> None:
    fields = fields_of(save, form(box_field("a", "Yes", 600), box_field("b", "Off", 560)))
    assert [(field.kind, field.ticked, field.value) for field in fields] == [
        (FieldKind.CHECKBOX, True, ""),
        (FieldKind.CHECKBOX, False, ""),
    ]


def test_boxes_are_also_words_of_the_page(save: Save) -> None:
    source = open_source(save(form(box_field("a", "Yes", 600), box_field("b", "Off", 560))), MediaType.PDF)
    page, _ = read_own_text(source, 1, RecognitionMode.AUTO)
    assert page is not None
    assert [word.text for word in page.words()][-2:] == ["\N{BALLOT BOX WITH X}", "\N{BALLOT BOX}"]


def test_hidden_fields_and_passwords_say_nothing(save: Save) -> None:
    secret = text_field("Password", "swordfish", Ff=1 << 13)
    hidden = text_field("Hidden", "Ada", 500, F=2)
    assert [(field.name, field.value) for field in fields_of(save, form(secret, hidden))] == [("Password", "")]


def test_a_page_without_a_form_has_no_fields(save: Save) -> None:
    assert fields_of(save, layered_pdf(PdfPage(lines(PROSE)))) == ()
