"""Plain text.

It has one line per printed line, row of a table or paragraph, empty lines between blocks, and form feeds between pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ocrdesk.contract.document import Document, DocumentHead, Page
from ocrdesk.layout.code_indentation import indentations
from ocrdesk.layout.line_joining import join_lines
from ocrdesk.layout.structure.builder import structured
from ocrdesk.layout.tables.row_order import ArrangedBlock, arrange_rows, in_row_order

PAGE_BREAK = "\f"
"""The separator between two pages, as in Tesseract and pdftotext; it counts as white space."""


def page_text(page: Page) -> str:
    """Return the page's text; it ends with a newline unless it is empty. Lines of code are indented by spaces."""
    arranged = in_row_order(structured(page)).blocks
    indented = indentations(arranged)
    blocks = [
        "".join(
            " " * indented.get((number, index), 0) + line.text + "\n"
            for index, line in enumerate(block.lines)
            if line.words
        )
        for number, block in enumerate(arranged)
    ]
    return "\n".join(block for block in blocks if block)


def joined_page_text(page: Page) -> str:
    """Return the page's text with each paragraph on one line; it ends with a newline unless it is empty."""
    paragraphs = [_joined_lines(part) for part in arrange_rows(structured(page))]
    return "\n".join(text + "\n" for text in paragraphs if text)


def _joined_lines(part: ArrangedBlock) -> str:
    lines = [line.text for line in part.block.lines]
    return "\n".join(lines) if part.is_table else join_lines(lines)


def join_pages(texts: Iterable[str]) -> str:
    """Return the texts of pages as one text."""
    return PAGE_BREAK.join(texts)


def document_text(document: Document) -> str:
    """Return the document's text with page breaks between pages."""
    return join_pages(page_text(page) for page in document.pages)


def text(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the text page by page, line by line as printed."""
    return _streamed(pages, page_text)


def joined_text(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the text page by page, with each paragraph on one line and hyphenated words joined."""
    return _streamed(pages, joined_page_text)


def _streamed(pages: Iterable[Page], form: Callable[[Page], str]) -> Iterator[str]:
    for index, page in enumerate(pages):
        yield (PAGE_BREAK if index else "") + form(page)
