"""Determines the structure of a page: one step for each kind of part."""

from __future__ import annotations

from ocrdesk.contract.document import Page
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks
from ocrdesk.layout.structure.page_parts import with_page_parts
from ocrdesk.layout.tables.table_blocks import with_table_blocks


def structured(page: Page) -> Page:
    """Return a page of any version with its structure; the same page if it has one."""
    return page if page.has_structure or page.error else with_structure(page)


def with_structure(page: Page, marks: PageMarks = NO_MARKS) -> Page:
    """Return the page with the roles of its blocks. No word is lost or added; words of tables are put in row order."""
    page = with_table_blocks(page, marks)
    page = with_page_parts(page, marks)
    return page.model_copy(update={"has_structure": True})
