"""Markdown.

Headings, lists, tables, code and notes are markup; each paragraph is one line. Text that looks like markup is escaped.
Tables are pipe tables: the text of a cell that spans several places is in the first of them. Labels in figures are
left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.barcode_lines import code_line
from ocrdesk.export.parts.list_numbers import ListNumber, NumberKind
from ocrdesk.export.parts.note_references import NoteLabels, NoteReference, split_references
from ocrdesk.export.parts.page_parts import LinesPart, ListItem, ListPart, NotePart, Part, TextPart, page_parts
from ocrdesk.export.table_texts import TableText
from ocrdesk.layout.line_joining import one_line
from ocrdesk.layout.structure.figures import without_labels

# Emphasis, code, links, HTML, strike-through, mathematics and entities, at any place.
_INLINE = re.compile(r"[\\`*_\[\]<>~$|]|&(?=#|[A-Za-z])")
# The start of a heading, a list, a quotation or a thematic break; and the number of a list item.
_BEGINNING = re.compile(r"[#+\-=>:](?=[#+\-=>:\s]|$)|[#>=]")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"#+$")
_BACKTICKS = re.compile(r"`+")
_BREAK = "  \n"
_AFTER = (".", ")", "")
"""What may follow the number of an item; "." is written for nothing."""
_NEW_LIST = "<!-- -->"
"""Between two lists that a reader would take for one and number on."""


def markdown(_head: DocumentHead, pages: Iterable[Page]) -> Iterator[str]:
    """Yield the document page by page, with a comment before each page but the first.

    A page that was not read is reported. A page's codes are a list at its end.
    """
    labels = NoteLabels()
    for index, page in enumerate(pages):
        parts = [f"<!-- page {page.number} -->"] if index else []
        if page.error:
            parts.append(f"*Page {page.number} was not read: {escaped(page.error.message)}*")
        parts += [written for part in page_parts(without_labels(page), labels) if (written := _part(part))]
        if page.codes:
            parts.append("\n".join(f"- {escaped(code_line(code))}" for code in page.codes))
        between = "\n" if index else ""
        if parts:
            yield between + "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Return the text escaped so that Markdown readers take none of it for markup."""
    return _escaped_start(_escaped_inline(one_line(text).strip()))


def _escaped_inline(text: str) -> str:
    return _INLINE.sub(lambda found: "\\" + found[0], text)


def _escaped_start(text: str) -> str:
    if number := _NUMBER.match(text):
        return f"{number[1]}\\{text[number.end(1) :]}"
    return "\\" + text if _BEGINNING.match(text) else text


def _inline(text: str) -> str:
    """Return a part's text escaped, with its references to notes."""
    return _escaped_start(_within_line(text))


def _within_line(text: str) -> str:
    """Return a text that is not at the beginning of a line."""
    found = split_references(text)
    parts = [f"[^{it.label}]" if isinstance(it, NoteReference) else _escaped_inline(it) for it in found]
    return "".join(parts).strip()


def _part(part: Part) -> str:
    match part:
        case TextPart():
            return _text(part)
        case LinesPart(role=BlockRole.CODE):
            return _code(part.lines)
        case LinesPart():
            return _BREAK.join(written for line in part.lines if (written := _inline(line)))
        case ListPart():
            return _list(part.items)
        case NotePart():
            return f"[^{part.label}]: {_inline(part.text)}" if part.label else _inline(part.text)
        case _:
            return _table(part.table)


def _text(part: TextPart) -> str:
    if part.role is BlockRole.HEADING:
        # signs at the end would be dropped
        text = _CLOSING.sub(lambda found: "\\#" * len(found[0]), _within_line(part.text))
        return f"{'#' * part.level} {text}"
    text = _inline(part.text)
    return f"*{text}*" if part.role is BlockRole.CAPTION and text else text


def _code(lines: Iterable[str]) -> str:
    """Return a fenced block, whose fence is longer than any in the text."""
    text = "\n".join(lines)
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))
    return f"{fence}\n{text}\n{fence}"


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def _list(items: Iterable[ListItem]) -> str:
    lines: list[str] = []
    indents = [0]  # of each depth, and of the text of the deepest item
    numbers: list[ListNumber | None] = []  # of the last item at each depth
    for item in items:
        del indents[item.depth + 1 :], numbers[item.depth + 1 :]
        is_first = len(numbers) <= item.depth
        before = None if is_first else numbers[item.depth]
        sign = _sign(item)
        text = _inline(item.text)
        indent = " " * indents[item.depth]
        if is_first and item.depth and not _may_interrupt(item, text):
            lines.append("")
        elif not is_first and _is_numbered(item) and before is not None and not _continues(item, before):
            lines += ["", f"{indent}{_NEW_LIST}", ""]
        lines.append(f"{indent}{sign} {text}".rstrip())
        indents.append(indents[item.depth] + len(sign) + 1)
        numbers[item.depth :] = [item.number if _is_numbered(item) else None]
    return "\n".join(lines)


def _sign(item: ListItem) -> str:
    """Return what begins an item. Letters and other numbers than Markdown's stay in the text, after a bullet."""
    if item.ticked is not None:
        return "- [x]" if item.ticked else "- [ ]"
    if _is_numbered(item) and item.number:
        return f"{item.number.value}{item.number.after or '.'}"
    return f"- {escaped(item.marker)}" if item.number or item.is_labelled else "-"


def _is_numbered(item: ListItem) -> bool:
    number = item.number
    return number is not None and number.kind is NumberKind.DECIMAL and not number.before and number.after in _AFTER


def _continues(item: ListItem, before: ListNumber) -> bool:
    return item.number is not None and (item.number.after != before.after or item.number.follows(before))


def _may_interrupt(item: ListItem, text: str) -> bool:
    """Return whether a list may begin without an empty line before it."""
    return bool(text) and (not _is_numbered(item) or (item.number is not None and item.number.value == 1))


# ── tables ───────────────────────────────────────────────────────────────────────────────────────


def _table(table: TableText) -> str:
    """Return a pipe table with the first row as its heading, which is required."""
    first, *rest = (_row(table, row) for row in range(len(table.places)))
    rule = "| " + " | ".join(["---"] * table.columns) + " |"
    return "\n".join((first, rule, *rest))


def _row(table: TableText, number: int) -> str:
    texts = [""] * table.columns
    for found in table.places[number]:
        if found:
            texts[found.cell.column] = escaped(found.text)
    return "| " + " | ".join(texts) + " |"
