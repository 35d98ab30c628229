"""Plain text from pages: a line a line, an empty line between blocks, a form feed between pages."""

from __future__ import annotations

from collections.abc import Iterable

from ocrdesk.contract.document import Document, Page

PAGE_BREAK = "\f"
"""Stands between two pages, as Tesseract and pdftotext have it; it counts as white space."""


def page_text(page: Page) -> str:
    """The page's text; ends with a newline unless it is empty."""
    blocks = ["".join(line.text + "\n" for line in block.lines) for block in page.blocks]
    return "\n".join(block for block in blocks if block)


def join_pages(texts: Iterable[str]) -> str:
    """One text of many pages' texts."""
    return PAGE_BREAK.join(texts)


def document_text(document: Document) -> str:
    """The document's text: its pages' texts with page breaks between them."""
    return join_pages(page_text(page) for page in document.pages)
