"""Adds the parts of a page that are not words: form fields, and text that was not read."""

from __future__ import annotations

from ocrdesk.contract.document import Page
from ocrdesk.layout.page_marks import PageMarks


def with_fields_and_unread(page: Page, marks: PageMarks) -> Page:
    """Return the page with the form fields and unread regions among the marks. What it has already stays."""
    known_fields, known_regions = {field.box for field in page.form_fields}, set(page.unread)
    fields = tuple(field for field in marks.form_fields if field.box not in known_fields)
    unread = tuple(box for box in marks.unread if box not in known_regions)
    if not fields and not unread:
        return page
    return page.model_copy(update={"form_fields": (*page.form_fields, *fields), "unread": (*page.unread, *unread)})
