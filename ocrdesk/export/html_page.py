"""A page as XHTML, for web pages and books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ocrdesk.contract.document import BlockKind, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.barcode_lines import code_line
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.parts.captions import Captioned, with_captions
from ocrdesk.export.parts.list_numbers import ListNumber, NumberKind
from ocrdesk.export.parts.note_references import NoteLabels, NoteReference, split_references, without_references
from ocrdesk.export.parts.page_parts import (
    LinesPart,
    ListItem,
    ListPart,
    NotePart,
    Part,
    TablePart,
    TextPart,
    is_rtl_text,
    page_parts,
)
from ocrdesk.export.table_texts import CellText, TableText
from ocrdesk.export.xml_text import escape, escape_piece, quoted

STYLE = """
body { font-family: sans-serif; line-height: 1.5; max-width: 50em; margin: 1em auto; padding: 0 1em; }
section + section { border-top: thin dashed; margin-top: 2em; }
.page-number, .page-header, .page-footer, aside, figcaption, caption { font-size: smaller; }
.page-number { text-align: end; }
.page-header, .page-footer, .not-read { opacity: 0.75; }
.figure { border: thin dashed; height: 4em; }
figure { margin: 1em 0; }
table { border-collapse: collapse; margin: 1em 0; }
td, th { border: thin solid; padding: 0.2em 0.5em; text-align: start; vertical-align: top; }
caption { text-align: start; }
caption.below { caption-side: bottom; }
pre { overflow-x: auto; }
ul.labelled, ul.tasks { list-style: none; padding-inline-start: 1em; }
@media print { section + section { border: none; margin: 0; break-before: page; } }
"""
_OPEN_TYPES = {
    NumberKind.DECIMAL: "1",
    NumberKind.LOWER_LETTER: "a",
    NumberKind.UPPER_LETTER: "A",
    NumberKind.LOWER_ROMAN: "i",
    NumberKind.UPPER_ROMAN: "I",
}
_ROLES = {BlockKind.HEADER: "page-header", BlockKind.FOOTER: "page-footer"}


class PageWriter:
    """Writes a document's pages as sections. `language` is the document's; `is_book` adds what EPUB readers use."""

    def __init__(self, language: str | None, *, is_rtl: bool, is_book: bool = False) -> None:
        self._language, self._is_rtl, self._is_book = language, is_rtl, is_book
        self._labels = NoteLabels()
        self._heading_count = 0
        self.headings: list[tuple[int, str, str]] = []
        """The level, the text and the id of each heading of the last page."""

    def section(self, page: Page) -> str:
        """Return a page as an element whose id is `page-` and its number."""
        self.headings = []
        lines = [f'<section id="page-{page.number}"{self._of_page(page)}>']
        number = f'<p class="page-number"><span id="break-{page.number}" role="doc-pagebreak"{self._epub("pagebreak")}'
        lines.append(f'{number} aria-label="{page.number}">{page.number}</span></p>')
        if page.error:
            message = f"Page {page.number} was not read: {page.error.message}"
            lines.append(f'<p class="not-read" lang="en" dir="ltr"><em>{escape(message)}</em></p>')
        return "\n".join((*lines, *self._content(page), "</section>\n"))

    def fragment(self, page: Page) -> str:
        """Return only what is on a page, for programs that paste formatted text."""
        return "\n".join(self._content(page))

    def _content(self, page: Page) -> Iterator[str]:
        for part in with_captions(page_parts(page, self._labels), page.figures):
            yield from self._part(part)
        if page.codes:
            yield "<ul>"
            yield from (f"<li>{escape(code_line(code))}</li>" for code in page.codes)
            yield "</ul>"

    def _of_page(self, page: Page) -> str:
        tag = language_tag(page.languages)
        language = f' lang="{tag}"' if tag and tag != self._language else ""
        if language and self._is_book:
            language += f' xml:lang="{tag}"'
        return language

    def _direction(self, *texts: str) -> str:
        """Return the attribute of an element in the other direction than the document."""
        text = " ".join(texts)
        rtl = is_rtl_text(text)
        is_neutral = not any(map(str.isalpha, text))
        return "" if is_neutral or rtl == self._is_rtl else f' dir="{"rtl" if rtl else "ltr"}"'

    def _epub(self, kind: str) -> str:
        return f' epub:type="{kind}"' if self._is_book else ""

    def _part(self, part: Part | Captioned) -> Iterator[str]:
        match part:
            case TextPart():
                yield self._text(part)
            case LinesPart(role=BlockRole.CODE):
                text = "\n".join(map(escape_piece, part.lines))
                yield f'<pre dir="ltr"><code>{text}</code></pre>'
            case LinesPart():
                kind = part.role.value
                text = "<br />\n".join(self._inline(line) for line in part.lines if line)
                yield f'<p class="{kind}"{self._direction(*part.lines)}>{text}</p>'
            case ListPart():
                yield from self._list(part.items)
            case NotePart():
                yield self._note(part)
            case TablePart():
                yield from self._table(part.table)
            case Captioned(part=None):
                yield from self._figure(part)
            case Captioned(part=TablePart() as table):
                yield from self._table(table.table, part.caption, is_below=part.is_below)

    def _inline(self, text: str) -> str:
        return "".join(
            self._reference(it) if isinstance(it, NoteReference) else escape_piece(it) for it in split_references(text)
        )

    def _reference(self, reference: NoteReference) -> str:
        label = reference.label
        link = f'<a id="ref-{label}" href="#note-{label}" role="doc-noteref"{self._epub("noteref")}>'
        return f"<sup>{link}{escape(reference.mark)}</a></sup>"

    def _text(self, part: TextPart) -> str:
        text, direction = self._inline(part.text), self._direction(part.text)
        if part.kind.is_header_or_footer:
            name = _ROLES[part.kind]
            role = "" if self._is_book else f' role="doc-{name.replace("-", "")}"'  # newer than EPUB's checker
            return f'<div class="{name}"{role}{direction}>{text}</div>'
        if part.role is BlockRole.HEADING:
            self._heading_count += 1
            name = f"heading-{self._heading_count}"
            self.headings.append((part.level, without_references(part.text), name))
            return f'<h{part.level} id="{name}"{direction}>{text}</h{part.level}>'
        kind = ' class="caption"' if part.role is BlockRole.CAPTION else ""
        return f"<p{kind}{direction}>{text}</p>"

    def _note(self, part: NotePart) -> str:
        text, direction = self._inline(part.text), self._direction(part.text)
        if part.label is None:
            return f'<aside role="note"{direction}><p>{text}</p></aside>'
        back = f'<a href="#ref-{part.label}" role="doc-backlink">{escape(part.mark)}</a>'
        start = f'<aside id="note-{part.label}" role="doc-footnote"{self._epub("footnote")}{direction}>'
        return f"{start}<p>{back} {text}</p></aside>"

    def _figure(self, figure: Captioned) -> Iterator[str]:
        caption = figure.caption
        label = quoted(without_references(caption.text) if caption else "Figure")
        yield "<figure>"
        box = f'<div class="figure" role="img" aria-label={label}></div>'
        text = (
            f"<figcaption{self._direction(caption.text)}>{self._inline(caption.text)}</figcaption>" if caption else ""
        )
        yield from (line for line in ([box, text] if figure.is_below else [text, box]) if line)
        yield "</figure>"

    # ── lists ────────────────────────────────────────────────────────────────────────────────────

    def _list(self, items: Iterable[ListItem]) -> Iterator[str]:
        """Yield nested lists. Each item stays open until the next at its depth."""
        open_lists: list[str] = []
        expected: list[ListNumber | None] = []
        for item in items:
            while len(open_lists) > item.depth + 1:
                yield f"</li></{open_lists.pop()}>"
                expected.pop()
            if len(open_lists) > item.depth:
                yield "</li>"
                if item.starts_list:
                    yield f"</{open_lists.pop()}>"
                    expected.pop()
            if len(open_lists) <= item.depth:
                name, start = self._list_start(item)
                open_lists.append(name)
                expected.append(None)
                yield start
                is_first = True
            else:
                is_first = False
            yield self._item(item, expected[-1], is_first=is_first)
            expected[-1] = item.number
        while open_lists:
            yield f"</li></{open_lists.pop()}>"

    def _list_start(self, item: ListItem) -> tuple[str, str]:
        if item.number and item.ticked is None:
            kind = _OPEN_TYPES[item.number.kind]
            shown = "" if kind == "1" else f' type="{kind}"'
            start = "" if item.number.value == 1 else f' start="{item.number.value}"'
            return "ol", f"<ol{shown}{start}{self._direction(item.text)}>"
        kind = "labelled" if item.is_labelled else "tasks" if item.ticked is not None else ""
        named = f' class="{kind}"' if kind else ""
        return "ul", f"<ul{named}{self._direction(item.text)}>"

    def _item(self, item: ListItem, before: ListNumber | None, *, is_first: bool) -> str:
        text = self._inline(item.text)
        if item.ticked is not None:
            checked = ' checked="checked"' if item.ticked else ""
            return f'<li><label><input type="checkbox" disabled="disabled"{checked} /> {text}</label>'
        if item.number:
            value = "" if is_first or item.number.follows(before) else f' value="{item.number.value}"'
            return f"<li{value}{_marker_style(item)}>{text}"
        if item.is_labelled:
            return f'<li><span class="label">{escape(item.marker)}</span> {text}'
        return f"<li>{text}"

    # ── tables ───────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: TableText, caption: TextPart | None = None, *, is_below: bool = False) -> Iterator[str]:
        yield f"<table{self._direction(*table.texts)}>"
        if caption:
            below = ' class="below"' if is_below else ""
            yield f"<caption{below}{self._direction(caption.text)}>{self._inline(caption.text)}</caption>"
        for is_head, rows in groupby(enumerate(table.places), key=lambda row: row[0] < table.header_rows):
            name = "thead" if is_head else "tbody"
            yield f"<{name}>"
            for _, row in rows:
                yield "<tr>" + "".join(self._cell(cell, is_head=is_head) for cell in row) + "</tr>"
            yield f"</{name}>"
        yield "</table>"

    def _cell(self, found: CellText | None, *, is_head: bool) -> str:
        if found is None:
            return "<td></td>"
        cell = found.cell
        spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
        spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
        text, direction = escape(found.text), self._direction(found.text) if found.text else ""
        if is_head and found.text:
            return f'<th scope="{"colgroup" if cell.column_span > 1 else "col"}"{spans}{direction}>{text}</th>'
        return f"<td{spans}{direction}>{text}</td>"


def _marker_style(item: ListItem) -> str:
    """Return the style of an item whose number is not printed as "1."; a reader without it shows "1."."""
    number = item.number
    if number is None or (number.before, number.after) == ("", "."):
        return ""
    return f" style='list-style-type: \"{item.marker} \"'"  # a number: letters, digits and brackets only
