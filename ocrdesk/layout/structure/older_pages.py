"""Gives pages that older versions stored the structure that they lack."""

from __future__ import annotations

from ocrdesk.contract.document import Page


def structured(page: Page) -> Page:
    """Return a page of any version with its structure; the same page if it has one."""
    if page.has_structure or page.error:
        return page
    # Only now: few pages lack it, and finding it needs two dozen modules.
    from ocrdesk.layout.structure.builder import with_structure

    return with_structure(page)
