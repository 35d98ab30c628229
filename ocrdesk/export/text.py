"""Plain text.

It has one line per printed line, row of a table or paragraph, empty lines between blocks, and form feeds between pages.
Items of a list follow each other without empty lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ocrdesk.contract.document import Block, Document, DocumentHead, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.parts.code_lines import code_columns
from ocrdesk.layout.code_indentation import indentations
from ocrdesk.layout.line_joining import join_lines
from ocrdesk.layout.structure.older_pages import structured
from ocrdesk.layout.tables.rows_as_lines import ArrangedBlock, arrange_rows, in_row_order

PAGE_BREAK = "\f"
"""The separator between two pages, as in Tesseract and pdftotext; it counts as white space."""


def page_text(page: Page) -> str:
    """Return the page's text; it ends with a newline unless it is empty. Lines of code are indented by spaces."""
    arranged = in_row_order(structured(page)).blocks
    indented = code_columns(arranged) | indentations(arranged)
    blocks = [
        "".join(
            " " * indented.get((number, index), 0) + line.text + "\n"
            for index, line in enumerate(block.lines)
            if line.words
        )
        for number, block in enumerate(arranged)
    ]
    return _separated(zip(arranged, blocks, strict=True))


def joined_page_text(page: Page) -> str:
    """Return the page's text with each paragraph on one line; it ends with a newline unless it is empty.

    Code, verse and addresses keep their lines.
    """
    parts = arrange_rows(structured(page))
    indented = code_columns([part.block for part in parts])
    texts = [_joined_lines(number, part, indented) for number, part in enumerate(parts)]
    return _separated((part.block, text + "\n" if text else "") for part, text in zip(parts, texts, strict=True))


def _joined_lines(number: int, part: ArrangedBlock, indented: Mapping[tuple[int, int], int]) -> str:
    lines = [(index, line.text) for index, line in enumerate(part.block.lines) if line.words]
    if part.is_table or part.block.role.keeps_line_breaks:
        return "\n".join(" " * indented.get((number, index), 0) + text for index, text in lines)
    return join_lines(text for _, text in lines)


def _separated(texts: Iterable[tuple[Block, str]]) -> str:
    """Return the texts of blocks, with an empty line between them except between items of a list."""
    parts: list[str] = []
    before: BlockRole | None = None
    for block, text in texts:
        if text:
            if parts and not block.role == before == BlockRole.LIST_ITEM:
                parts.append("\n")
            parts.append(text)
            before = block.role
    return "".join(parts)


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
