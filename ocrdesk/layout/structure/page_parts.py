"""Adds the parts of a page that are not text: figures and form fields."""

from __future__ import annotations

from ocrdesk.contract.document import Page
from ocrdesk.contract.structure import Figure
from ocrdesk.layout.page_marks import PageMarks


def with_page_parts(page: Page, marks: PageMarks) -> Page:
    """Return the page with the figures and form fields among the marks. What the page has already stays."""
    known_figures = {figure.box for figure in page.figures}
    known_fields = {field.box for field in page.form_fields}
    figures = tuple(Figure(box=box) for box in marks.pictures if box not in known_figures)
    fields = tuple(field for field in marks.form_fields if field.box not in known_fields)
    if not figures and not fields:
        return page
    return page.model_copy(update={"figures": (*page.figures, *figures), "form_fields": (*page.form_fields, *fields)})
