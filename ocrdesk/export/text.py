"""Plain text from pages: a line a line, or a paragraph a line; empty lines between blocks, form feeds between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ocrdesk.contract.document import Document, DocumentHead, Page
from ocrdesk.layout.line_joining import join_lines

PAGE_BREAK = "\f"
"""Stands between two pages, as Tesseract and pdftotext have it; it counts as white space."""


def page_text(page: Page) -> str:
    """The page's text; ends with a newline unless it is empty."""
    blocks = ["".join(line.text + "\n" for line in block.lines if line.words) for block in page.blocks]
    return "\n".join(block for block in blocks if block)


def joined_page_text(page: Page) -> str:
    """The page's text with each paragraph on one line; ends with a newline unless it is empty."""
    paragraphs = [join_lines([line.text for line in block.lines]) for block in page.blocks]
    return "\n".join(text + "\n" for text in paragraphs if text)


def join_pages(texts: Iterable[str]) -> str:
    """One text of many pages' texts."""
    return PAGE_BREAK.join(texts)


def document_text(document: Document) -> str:
    """The document's text: its pages' texts with page breaks between them."""
    return join_pages(page_text(page) for page in document.pages)


def text(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """The text as it stands on the pages, line by line."""
    return _streamed(pages, page_text)


def joined_text(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """The text with each paragraph on one line and hyphens at line ends mended."""
    return _streamed(pages, joined_page_text)


def _streamed(pages: Iterable[Page], form: Callable[[Page], str]) -> Iterator[str]:
    for index, page in enumerate(pages):
        yield (PAGE_BREAK if index else "") + form(page)
