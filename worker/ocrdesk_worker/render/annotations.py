"""Renders annotations and form fields.

They are made part of the page, because without a form environment neither PDFium's rendering nor its text has the
values of form fields.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_WITHOUT_TEXT = frozenset(
    {
        pdfium_c.FPDF_ANNOT_LINK,
        pdfium_c.FPDF_ANNOT_POPUP,
        pdfium_c.FPDF_ANNOT_TEXT,  # the icon of a note
        pdfium_c.FPDF_ANNOT_HIGHLIGHT,
        pdfium_c.FPDF_ANNOT_UNDERLINE,
        pdfium_c.FPDF_ANNOT_SQUIGGLY,
        pdfium_c.FPDF_ANNOT_STRIKEOUT,
        pdfium_c.FPDF_ANNOT_INK,
    }
)
_MAX_ANNOTATIONS = 5_000
_TEXT_OPERATORS = (b"Tj", b"TJ", b"'", b'"', b" Do")
"""Operators that show text, or another stream that may."""


def open_document(path: Path) -> pdfium.PdfDocument:
    """Open a PDF with the appearance of its form fields, if it has any. Raises PdfiumError."""
    document = pdfium.PdfDocument(path)
    with contextlib.suppress(pdfium.PdfiumError):  # without its forms it can still be read
        document.init_forms()
    return document


def open_page(document: pdfium.PdfDocument, page_index: int) -> pdfium.PdfPage:
    """Open a page that includes the text of its annotations and form fields. Raises PdfiumError."""
    page = document[page_index]
    if not any(_shows_text(annotation) for annotation in annotations_of(page)):
        return page
    pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
    page.close()
    return document[page_index]


def annotations_of(page: pdfium.PdfPage) -> Iterator[pdfium_c.FPDF_ANNOTATION]:
    """Yield the page's annotations; each is open until the next."""
    for number in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, number)
        if annotation:
            try:
                yield annotation
            finally:
                pdfium_c.FPDFPage_CloseAnnot(annotation)


def _shows_text(annotation: pdfium_c.FPDF_ANNOTATION) -> bool:
    if pdfium_c.FPDFAnnot_GetSubtype(annotation) in _WITHOUT_TEXT:
        return False
    normal = pdfium_c.FPDF_ANNOT_APPEARANCEMODE_NORMAL
    size = pdfium_c.FPDFAnnot_GetAP(annotation, normal, None, 0)
    if size <= 2:
        return False
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium_c.FPDFAnnot_GetAP(annotation, normal, buffer, size)
    stream = bytes(buffer).replace(b"\0", b"")
    return any(operator in stream for operator in _TEXT_OPERATORS)
