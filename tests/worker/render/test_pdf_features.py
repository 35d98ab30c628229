"""Signatures and attached files are found wherever they are."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from ocrdesk_worker.render.pdf_features import PdfFeatures, read_features
from tests.helpers.locked_pdfs import locked_pdf
from tests.helpers.sample_files import scan_pdf, truncated_pdf
from tests.helpers.special_pdfs import add_signature, changed_pdf, signed_pdf, with_attachments
from tests.worker.conftest import Save


def on_page_only(pdf: Pdf) -> None:
    add_signature(pdf)
    pdf.pages[0].obj.Annots = pdf.Root.AcroForm.Fields
    pdf.Root.AcroForm.Fields = Array()


def by_permission(pdf: Pdf) -> None:
    pdf.Root.Perms = Dictionary(DocMDP=pdf.make_indirect(Dictionary(Type=Name.Sig)))


@pytest.mark.parametrize(
    "content",
    [
        signed_pdf(),
        changed_pdf(lambda pdf: add_signature(pdf, nested=True)),
        changed_pdf(on_page_only),
        changed_pdf(by_permission),
        locked_pdf(signed_pdf(), "256-bit AES"),
    ],
    ids=["field", "nested field", "on the page only", "certified", "with restrictions"],
)
def test_a_signature_is_found(save: Save, content: bytes) -> None:
    assert read_features(save(content)).is_signed


@pytest.mark.parametrize(
    "content",
    [scan_pdf(["Plain"]), changed_pdf(lambda pdf: add_signature(pdf, is_filled=False))],
    ids=["no form", "empty field"],
)
def test_a_file_without_a_signature_is_not_signed(save: Save, content: bytes) -> None:
    assert read_features(save(content)) == PdfFeatures()


def test_attached_files_are_named_in_order(save: Save) -> None:
    content = with_attachments({"b.txt": b"two", "a.pdf": scan_pdf(["One"])})
    assert read_features(save(content)).attachments == ("a.pdf", "b.txt")


def test_a_file_that_cannot_be_opened_has_no_features(save: Save) -> None:
    for content in (truncated_pdf(), locked_pdf(signed_pdf(), "256-bit AES", user="tulip")):
        assert read_features(save(content)) == PdfFeatures()


def test_endless_fields_end(save: Save) -> None:
    def loop(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(Dictionary(T=pikepdf.String("a")))
        field.Kids = Array([field, field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    assert not read_features(save(changed_pdf(loop))).is_signed
