"""Makes PDFs with signatures, attached files, form fields and metadata."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.helpers.sample_files import scan_pdf


def changed_pdf(change: Callable[[Pdf], None], content: bytes | None = None) -> bytes:
    """Return a scan, or the given PDF, after a change."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content or scan_pdf(["A scanned page"]))) as pdf:
        change(pdf)
        pdf.save(buffer)
    return buffer.getvalue()


def add_signature(pdf: Pdf, *, nested: bool = False, is_filled: bool = True) -> None:
    """Add a field for a signature; its value has a signature's form, with meaningless bytes."""
    field = Dictionary(FT=Name.Sig, T=String("Signature"), Type=Name.Annot, Subtype=Name.Widget, Rect=[0, 0, 0, 0])
    if is_filled:
        field.V = Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/adbe.pkcs7.detached"),
            ByteRange=Array([0, 10, 20, 10]),
            Contents=String(b"\0" * 64),
        )
    made = pdf.make_indirect(field)
    if nested:
        made = pdf.make_indirect(Dictionary(T=String("Group"), Kids=Array([made])))
    pdf.Root.AcroForm = Dictionary(Fields=Array([made]), SigFlags=3 if is_filled else 0)


def signed_pdf(content: bytes | None = None) -> bytes:
    return changed_pdf(add_signature, content)


def with_attachments(files: Mapping[str, bytes], content: bytes | None = None) -> bytes:
    """Return a PDF with attached files, shown as a portfolio."""

    def add(pdf: Pdf) -> None:
        for name, data in files.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
        pdf.Root.Collection = Dictionary(Type=Name.Collection)

    return changed_pdf(add, content)


def with_text_field(value: str, content: bytes | None = None) -> bytes:
    """Return a PDF whose first page has a form field with a value, drawn at 72, 400 points."""

    def add(pdf: Pdf) -> None:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        drawn = pdf.make_stream(
            f"/Tx BMC BT /F 14 Tf 2 6 Td ({value}) Tj ET EMC".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 200, 24]),
            Resources=Dictionary(Font=Dictionary(F=font)),
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("Name"),
                V=String(value),
                DA=String("/F 14 Tf 0 g"),
                Rect=Array([72, 100, 272, 124]),
                F=4,
                AP=Dictionary(N=drawn),
            )
        )
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DR=Dictionary(Font=Dictionary(F=font)))

    return changed_pdf(add, content)
