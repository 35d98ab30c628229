"""Figures and form fields among the marks become the page's."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Page
from ocrdesk.contract.structure import FieldKind, Figure, FormField
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks
from ocrdesk.layout.structure.builder import with_structure

_PICTURE = Box(10, 10, 200, 100)
_REGION = Box(10, 250, 120, 270)
_FIELD = FormField(kind=FieldKind.CHECKBOX, box=Box(10, 200, 30, 220), ticked=True)


def test_marks_become_figures_and_fields_once() -> None:
    marks = PageMarks(pictures=(_PICTURE,), form_fields=(_FIELD,), unread=(_REGION,))
    page = with_structure(Page(number=1, width=300, height=300), marks)
    assert page.figures == (Figure(box=_PICTURE),)
    assert page.form_fields == (_FIELD,)
    assert page.unread == (_REGION,)
    again = with_structure(page, marks)
    assert again == page


def test_a_page_without_marks_keeps_its_parts() -> None:
    page = Page(number=1, width=300, height=300, figures=(Figure(box=_PICTURE),), form_fields=(_FIELD,))
    kept = with_structure(page, NO_MARKS)
    assert (kept.figures, kept.form_fields) == (page.figures, page.form_fields)
