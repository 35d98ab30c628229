"""Determines the structure of a page: one step for each kind of part."""

from __future__ import annotations

from ocrdesk.contract.document import Page
from ocrdesk.layout.forms.stacked_labels import with_stacked_labels
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks
from ocrdesk.layout.structure.addresses import with_addresses
from ocrdesk.layout.structure.captions import with_captions
from ocrdesk.layout.structure.code_blocks import with_code
from ocrdesk.layout.structure.drop_caps import with_drop_caps
from ocrdesk.layout.structure.fields_and_unread import with_fields_and_unread
from ocrdesk.layout.structure.figures import with_figures, with_labelled_figures
from ocrdesk.layout.structure.footnotes import with_footnotes
from ocrdesk.layout.structure.headings import with_headings
from ocrdesk.layout.structure.letter_spacing import with_joined_letters
from ocrdesk.layout.structure.list_items import with_list_items
from ocrdesk.layout.structure.looks import PageLooks
from ocrdesk.layout.structure.pairs import with_pairs
from ocrdesk.layout.structure.tagged_roles import with_tagged_roles
from ocrdesk.layout.structure.verse import with_verse
from ocrdesk.layout.tables.table_blocks import with_table_blocks


def with_structure(page: Page, marks: PageMarks = NO_MARKS) -> Page:
    """Return the page with the roles of its blocks.

    No word is lost or added, but drop caps and letters set apart are joined to words; words of tables are put in row
    order.
    """
    page = with_joined_letters(with_drop_caps(page))
    page = with_table_blocks(with_stacked_labels(page, marks), marks)
    looks = PageLooks(page, marks.styles)
    page = with_figures(page, marks.pictures)
    page = with_tagged_roles(page, marks.tags)
    page = with_code(page, looks)
    page = with_labelled_figures(with_captions(page, looks))
    page = with_headings(page, looks)
    page = with_footnotes(page, looks)
    page = with_list_items(page, marks.styles)
    page = with_verse(with_pairs(with_addresses(page)))
    page = with_fields_and_unread(page, marks)
    return page.model_copy(update={"has_structure": True})
