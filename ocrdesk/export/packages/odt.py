"""OpenDocument texts: headings, lists, tables and notes for further editing. The look of the pages is not kept."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from ocrdesk import __version__
from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.barcode_lines import code_line
from ocrdesk.export.packages.odt_styles import NAMESPACES, Styles
from ocrdesk.export.packages.paper import paper_inches
from ocrdesk.export.parts.list_numbers import ListNumber
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
from ocrdesk.export.table_texts import CellText, TableText, with_covered
from ocrdesk.export.xml_text import escape, escape_piece, quoted
from ocrdesk.layout.text_direction import is_rtl

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CELL_STYLE = (
    '<office:automatic-styles><style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties'
    ' fo:border="0.5pt solid #808080" fo:padding="0.1cm"/></style:style></office:automatic-styles>'
)
_FILES = (("/", MEDIA_TYPE), ("content.xml", "text/xml"), ("styles.xml", "text/xml"), ("meta.xml", "text/xml"))
_STYLES = {
    BlockRole.CAPTION: "Caption",
    BlockRole.VERSE: "Quotations",
    BlockRole.ADDRESS: "Sender",
    BlockRole.PAIRS: "Text_20_body",
    BlockRole.CODE: "Preformatted_20_Text",
}
_TICKS = {True: "☑ ", False: "☐ ", None: ""}


def write(head: DocumentHead, pages: Iterable[Page], out: BinaryIO) -> None:
    """Write the file page by page. Styles are those of the first page's language, direction and paper."""
    upcoming = iter(pages)
    first = next(upcoming, Page(number=1))
    rtl = is_rtl(line.text for line in first.lines())
    styles = Styles()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", MEDIA_TYPE, ZIP_STORED)  # the first file, not compressed: the format's signature
        with package.open("content.xml", "w", force_zip64=True) as file, io.TextIOWrapper(file, "utf-8") as content:
            content.write(f'{_DECLARATION}<office:document-content {NAMESPACES} office:version="1.3">\n')
            content.write(f"{_CELL_STYLE}\n<office:body><office:text>\n")
            body = _Body(styles)
            for index, page in enumerate(chain([first], upcoming)):
                content.write("\n".join([*body.page(page, breaks=index > 0), ""]))
            content.write("</office:text></office:body>\n</office:document-content>\n")
        size = paper_inches(first)
        package.writestr("styles.xml", styles.document(first.languages, rtl=rtl, size_inches=size))
        package.writestr("meta.xml", _meta(head))
        package.writestr("META-INF/manifest.xml", _manifest())


class _Body:
    """Writes the parts of pages."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._labels = NoteLabels()
        self._notes: dict[str, NotePart] = {}
        """Those of the page that its text refers to: they are written where it does."""
        self._tables = 0
        self._breaks = False

    def page(self, page: Page, *, breaks: bool) -> Iterator[str]:
        """Yield a page's elements. The first begins on a new page; one without text is an empty page."""
        self._breaks = breaks
        if page.error:
            yield self._paragraph("Caption", f"Page {page.number} was not read: {page.error.message}")
        parts = list(page_parts(page, self._labels))
        self._notes = {part.label: part for part in parts if isinstance(part, NotePart) and part.label}
        for part in parts:
            yield from self._part(part)
        for code in page.codes:
            yield self._paragraph("Text_20_body", code_line(code))
        if self._breaks:
            yield self._paragraph("Text_20_body", "")

    def _part(self, part: Part) -> Iterator[str]:
        match part:
            case TextPart(role=BlockRole.HEADING):
                style = self._style(f"Heading_20_{part.level}", part.text)
                start = f'<text:h text:style-name="{style}" text:outline-level="{part.level}">'
                yield f"{start}{self._inline(part.text)}</text:h>"
            case TextPart():
                name = "Header_20_text" if part.kind.is_header_or_footer else _STYLES.get(part.role, "Text_20_body")
                yield self._paragraph(name, part.text)
            case LinesPart():
                text = "<text:line-break/>".join(map(self._line, part.lines))
                style = self._style(_STYLES[part.role], " ".join(part.lines))
                yield f'<text:p text:style-name="{style}">{text}</text:p>'
            case ListPart():
                yield from self._list(part.items)
            case NotePart():
                if part.label is None:
                    yield self._paragraph("Footnote", part.text)
            case TablePart():
                yield from self._table(part.table)

    def _style(self, name: str, text: str) -> str:
        breaks, self._breaks = self._breaks, False
        return self._styles.paragraph(name, rtl=is_rtl_text(text), breaks=breaks)

    def _paragraph(self, name: str, text: str) -> str:
        return f'<text:p text:style-name="{self._style(name, text)}">{self._inline(text)}</text:p>'

    def _inline(self, text: str) -> str:
        return "".join(
            self._note(it) if isinstance(it, NoteReference) else escape_piece(it) for it in split_references(text)
        )

    def _line(self, line: str) -> str:
        """Return a line with its indentation, which is an element: white space is one space in XML."""
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        return (f'<text:s text:c="{indent}"/>' if indent else "") + self._inline(text)

    def _note(self, reference: NoteReference) -> str:
        note = self._notes.get(reference.label)
        if note is None:
            return escape(reference.mark)
        style = self._styles.paragraph("Footnote", rtl=is_rtl_text(note.text))
        text = without_references(note.text)
        mark = f"<text:note-citation text:label={quoted(note.mark)}>{escape(note.mark)}</text:note-citation>"
        body = f'<text:note-body><text:p text:style-name="{style}">{escape(text)}</text:p></text:note-body>'
        return f'<text:note text:id="note-{reference.label}" text:note-class="footnote">{mark}{body}</text:note>'

    # ── lists and tables ─────────────────────────────────────────────────────────────────────────

    def _list(self, items: Iterable[ListItem]) -> Iterator[str]:
        """Yield nested lists. Each item stays open until the next at its depth."""
        open_lists: list[ListNumber | None] = []
        for item in items:
            while len(open_lists) > item.depth + 1:
                yield "</text:list-item></text:list>"
                open_lists.pop()
            if len(open_lists) > item.depth:
                yield "</text:list-item>"
                if item.starts_list:
                    yield "</text:list>"
                    open_lists.pop()
            if is_first := len(open_lists) <= item.depth:
                open_lists.append(None)
                style = self._styles.list(item.number, is_bullet=not item.is_labelled and item.ticked is None)
                yield f'<text:list text:style-name="{style}">'
            before = None if is_first else open_lists[-1]
            jumps = item.number and not item.number.follows(before) and (item.number.value != 1 or not is_first)
            start = f' text:start-value="{item.number.value}"' if item.number and jumps else ""
            label = f"{item.marker} " if item.is_labelled else _TICKS[item.ticked]
            yield f"<text:list-item{start}>{self._paragraph('List_20_Contents', label + item.text)}"
            open_lists[-1] = item.number
        for _ in open_lists:
            yield "</text:list-item></text:list>"

    def _table(self, table: TableText) -> Iterator[str]:
        if self._breaks:
            yield self._paragraph("Text_20_body", "")
        self._tables += 1
        yield f'<table:table table:name="Table{self._tables}">'
        yield f'<table:table-column table:number-columns-repeated="{table.columns}"/>'
        for number, row in enumerate(with_covered(table)):
            is_head = number < table.header_rows
            if is_head and number == 0:
                yield "<table:table-header-rows>"
            yield f"<table:table-row>{''.join(self._cells(number, row, is_head=is_head))}</table:table-row>"
            if is_head and number == table.header_rows - 1:
                yield "</table:table-header-rows>"
        yield "</table:table>"

    def _cells(self, number: int, row: Sequence[CellText | None], *, is_head: bool) -> Iterator[str]:
        for column, found in enumerate(row):
            if found is None:
                yield '<table:table-cell table:style-name="Cell"/>'
            elif (found.cell.row, found.cell.column) == (number, column):
                yield self._cell(found, is_head=is_head)
            else:
                yield "<table:covered-table-cell/>"

    def _cell(self, found: CellText, *, is_head: bool) -> str:
        cell = found.cell
        spans = f' table:number-rows-spanned="{cell.row_span}"' if cell.row_span > 1 else ""
        spans += f' table:number-columns-spanned="{cell.column_span}"' if cell.column_span > 1 else ""
        style = "Table_20_Heading" if is_head else "Table_20_Contents"
        text = self._paragraph(style, found.text)
        return f'<table:table-cell table:style-name="Cell" office:value-type="string"{spans}>{text}</table:table-cell>'


def _meta(head: DocumentHead) -> str:
    return (
        f'{_DECLARATION}<office:document-meta {NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' office:version="1.3"><office:meta><meta:generator>ocrdesk/{__version__}</meta:generator>'
        f"<dc:title>{escape(head.file_name)}</dc:title></office:meta></office:document-meta>\n"
    )


def _manifest() -> str:
    namespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>\n' for path, kind in _FILES
    )
    start = f'<manifest:manifest xmlns:manifest="{namespace}" manifest:version="1.3">'
    return f"{_DECLARATION}{start}\n{entries}</manifest:manifest>\n"
