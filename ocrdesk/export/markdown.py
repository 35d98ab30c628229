"""Markdown.

Each paragraph is one line, and tables are pipe tables. Text that looks like markup is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ocrdesk.contract.document import Block, DocumentHead, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.barcode_lines import code_line
from ocrdesk.export.table_texts import text_rows
from ocrdesk.layout.code_indentation import indentations
from ocrdesk.layout.line_joining import join_lines, one_line
from ocrdesk.layout.structure.builder import structured

# Emphasis, code, links, HTML, strike-through, mathematics and entities, at any place.
_INLINE = re.compile(r"[\\`*_\[\]<>~$|]|&(?=#|[A-Za-z])")
# The start of a heading, a list, a quotation or a thematic break; and the number of a list item.
_BEGINNING = re.compile(r"[#+\-=>:](?=[#+\-=>:\s]|$)|[#>=]")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def markdown(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the document page by page, with a comment before each page but the first.

    A page that was not read is reported. A page's codes are a list at its end.
    """
    for index, page in enumerate(pages):
        parts = [f"<!-- page {page.number} -->"] if index else []
        if page.error:
            parts.append(f"*Page {page.number} was not read: {escaped(page.error.message)}*")
        parts += _parts(structured(page))
        if page.codes:
            parts.append("\n".join(f"- {escaped(code_line(code))}" for code in page.codes))
        between = "\n" if index else ""
        if parts:
            yield between + "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Return the text escaped so that Markdown readers take none of it for markup."""
    plain = one_line(text).strip()
    inline = _INLINE.sub(lambda found: "\\" + found[0], plain)
    if number := _NUMBER.match(inline):
        return f"{number[1]}\\{inline[number.end(1) :]}"
    return "\\" + inline if _BEGINNING.match(inline) else inline


def _parts(page: Page) -> list[str]:
    """Return the page's blocks; the items of a list are one part."""
    parts: list[str] = []
    in_list = False
    for block in page.blocks:
        written = _block(block)
        is_item = block.role is BlockRole.LIST_ITEM and bool(written)
        if is_item and in_list:
            parts[-1] += "\n" + written
        elif written:
            parts.append(written)
        in_list = is_item or (in_list and not written)
    return parts


def _block(block: Block) -> str:
    if block.table:
        return _table(text_rows(block))
    if block.role is BlockRole.CODE:
        return _code(block)
    if block.role.keeps_line_breaks:
        return "\\\n".join(escaped(line.text) for line in block.lines)
    text = join_lines([line.text for line in block.lines])
    if block.role is BlockRole.HEADING and text:
        return "#" * (block.level or 1) + " " + escaped(text)
    if block.role is BlockRole.LIST_ITEM and text:
        return _item(block, text)
    return escaped(text)


def _item(block: Block, text: str) -> str:
    marker = block.marker or ""
    rest = text[len(marker) :].strip() if text.startswith(marker) else text
    indent = "    " * ((block.level or 1) - 1)
    if block.ticked is not None:
        return f"{indent}- [{'x' if block.ticked else ' '}] {escaped(rest)}"
    if number := re.fullmatch(r"(\d{1,9})[.)]", marker):
        return f"{indent}{number[0]} {escaped(rest)}"
    if any(map(str.isalnum, marker)):
        return f"{indent}- {escaped(text)}"
    return f"{indent}- {escaped(rest)}"


def _code(block: Block) -> str:
    indented = indentations([block])
    lines = [" " * indented.get((0, index), 0) + line.text for index, line in enumerate(block.lines)]
    fence = "````" if any("```" in line for line in lines) else "```"
    return "\n".join((fence, *lines, fence))


def _table(rows: list[list[str]]) -> str:
    """Return a pipe table with the first row as its heading, which is required."""
    first, *rest = rows
    rule = "| " + " | ".join("---" for _ in first) + " |"
    return "\n".join((_row(first), rule, *map(_row, rest)))


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"
