"""Adds the parts of a page that are not words: figures, form fields, and text that was not read."""

from __future__ import annotations

from ocrdesk.contract.document import Page
from ocrdesk.contract.structure import Figure
from ocrdesk.layout.page_marks import PageMarks


def with_page_parts(page: Page, marks: PageMarks) -> Page:
    """Return the page with the figures, form fields and unread regions among the marks. What it has already stays."""
    known_figures = {figure.box for figure in page.figures}
    known_fields = {field.box for field in page.form_fields}
    figures = tuple(Figure(box=box) for box in marks.pictures if box not in known_figures)
    fields = tuple(field for field in marks.form_fields if field.box not in known_fields)
    known_regions = set(page.unread)
    unread = tuple(box for box in marks.unread if box not in known_regions)
    if not figures and not fields and not unread:
        return page
    return page.model_copy(
        update={
            "figures": (*page.figures, *figures),
            "form_fields": (*page.form_fields, *fields),
            "unread": (*page.unread, *unread),
        }
    )
