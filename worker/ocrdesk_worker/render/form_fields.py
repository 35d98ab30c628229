"""Reads the form fields of a PDF page: their names, values and places."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ocrdesk.contract.structure import FieldKind, FormField
from ocrdesk_worker.render.annotations import annotations_of
from ocrdesk_worker.render.page_frame import PageFrame, frame_of

_KINDS = {
    pdfium_c.FPDF_FORMFIELD_TEXTFIELD: FieldKind.TEXT,
    pdfium_c.FPDF_FORMFIELD_CHECKBOX: FieldKind.CHECKBOX,
    pdfium_c.FPDF_FORMFIELD_RADIOBUTTON: FieldKind.RADIO,
    pdfium_c.FPDF_FORMFIELD_COMBOBOX: FieldKind.CHOICE,
    pdfium_c.FPDF_FORMFIELD_LISTBOX: FieldKind.CHOICE,
    pdfium_c.FPDF_FORMFIELD_SIGNATURE: FieldKind.SIGNATURE,
}
_TICKABLE = (FieldKind.CHECKBOX, FieldKind.RADIO)
_INVISIBLE = pdfium_c.FPDF_ANNOT_FLAG_INVISIBLE | pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13
"""The flag of a text field whose value is not shown."""
_MAX_FIELDS = 2_000
_LONGEST = 100_000
"""Bytes of a name or value; a longer one is left out."""

_Read = Callable[..., int]


def read_form_fields(document: pdfium.PdfDocument, page_index: int) -> tuple[FormField, ...]:
    """Return the visible fields of a page in the file's order. Raises PdfiumError, ProcessingError.

    None are left once the page was opened with its annotations (`annotations.open_page`), which makes them text.
    """
    form = document.formenv
    if form is None:
        return ()
    page = document[page_index]
    try:
        if not pdfium_c.FPDFPage_GetAnnotCount(page):
            return ()
        frame = frame_of(page)
        found: list[FormField] = []
        for annotation in annotations_of(page):
            if field := _field(form, annotation, frame):
                found.append(field)
            if len(found) == _MAX_FIELDS:
                break
        return tuple(found)
    finally:
        page.close()


def _field(form: pdfium.PdfFormEnv, annotation: pdfium_c.FPDF_ANNOTATION, frame: PageFrame) -> FormField | None:
    kind = _KINDS.get(pdfium_c.FPDFAnnot_GetFormFieldType(form, annotation))
    area = pdfium_c.FS_RECTF()
    if kind is None or pdfium_c.FPDFAnnot_GetFlags(annotation) & _INVISIBLE:
        return None
    if not pdfium_c.FPDFAnnot_GetRect(annotation, area):
        return None
    left, right = sorted((area.left, area.right))
    bottom, top = sorted((area.bottom, area.top))
    is_secret = bool(pdfium_c.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD)
    is_tickable = kind in _TICKABLE
    return FormField(
        kind=kind,
        box=frame.box(frame.to_pixels()((left, bottom, right, top))),
        name=_text(pdfium_c.FPDFAnnot_GetFormFieldName, form, annotation),
        value="" if is_tickable or is_secret else _text(pdfium_c.FPDFAnnot_GetFormFieldValue, form, annotation),
        ticked=bool(pdfium_c.FPDFAnnot_IsChecked(form, annotation)) if is_tickable else None,
    )


def _text(read: _Read, form: pdfium.PdfFormEnv, annotation: pdfium_c.FPDF_ANNOTATION) -> str:
    """Return a text of a field without control characters."""
    size = read(form, annotation, None, 0)
    if not 2 < size <= _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(size + 2)
    read(form, annotation, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    text = buffer.raw[: size - 2].decode("utf-16-le", "replace")
    kept = (character if unicodedata.category(character) not in ("Cc", "Cs", "Cn") else " " for character in text)
    return "".join(kept).strip()
