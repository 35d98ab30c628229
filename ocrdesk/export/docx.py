"""Word documents.

They have paragraphs, tables and page breaks for further editing. The appearance of the pages is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Emu, Inches, Length

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.export.barcode_lines import code_line
from ocrdesk.export.language_tags import language_tag
from ocrdesk.export.table_texts import text_rows
from ocrdesk.export.xml_text import legal
from ocrdesk.layout.line_joining import join_lines
from ocrdesk.layout.structure.builder import structured
from ocrdesk.layout.text_direction import has_rtl_letters, is_rtl, split_by_direction

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_MARGIN = Inches(1)
_AFTER_TABLE = "200"  # white above a paragraph under a table, in twentieths of a point
_CELL_LETTERS = (6, 40)  # a column is as wide as its longest cell, within these
_PAPER_INCHES = (3.0, 22.0)  # Word supports no larger paper; smaller sides are those of screenshots and photos
_LEAST_DPI = 100.0  # a lower resolution is a screen's or a default, and does not tell the size of paper
_EAST_ASIAN = ("zh", "ja", "ko")
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv")


def write(head: DocumentHead, pages: Iterable[Page], out: BinaryIO) -> None:
    """Write the file. Pages are read one at a time, but the whole document is in memory before it is written."""
    document = docx.Document()
    _describe(document, head)
    body = _Body(document)
    for index, page in enumerate(pages):
        body.begin_page(page, first=index == 0)
        if page.error:
            body.add_text(f"Page {page.number} was not read: {page.error.message}", italic=True)
        for block in structured(page).blocks:
            if block.table:
                body.add_table(text_rows(block))
            else:
                body.add_text(join_lines([line.text for line in block.lines]))
        for code in page.codes:
            body.add_text(code_line(code))
    body.finish()
    document.save(out)


def _describe(document: Document, head: DocumentHead) -> None:
    """Replace the properties of the template."""
    properties = document.core_properties
    properties.title = legal(head.file_name)[:255]
    properties.author = ""
    properties.comments = ""
    properties.last_modified_by = "ocrdesk"


class _Body:
    """Builds the body. Elements are inserted before its last one, which is faster than python-docx's search for it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._section = document.sections[0]
        self._end = document.element.body.sectPr
        self._breaks = False
        self._after_table = False
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(self._section, side, _MARGIN)

    def begin_page(self, page: Page, *, first: bool) -> None:
        self.finish()
        if first:
            _set_paper(self._document, page)
            _set_language(self._document, language_tag(page.languages))
        self._breaks = not first

    def add_text(self, text: str, *, italic: bool = False) -> None:
        if found := legal(text).strip():
            self._add(_paragraph(found, breaks=self._breaks, italic=italic, below_table=self._after_table))
            self._breaks = self._after_table = False

    def add_table(self, table: list[list[str]]) -> None:
        if self._breaks or self._after_table:  # without a paragraph between them, Word merges two tables
            self._add(_paragraph("", breaks=self._breaks))
        self._add(_table(table, self._text_width))
        self._breaks, self._after_table = False, True

    def finish(self) -> None:
        """End a page: without text it is an empty page, and a table is never the last element."""
        if self._breaks or self._after_table:
            self._add(_paragraph("", breaks=self._breaks))
        self._breaks = self._after_table = False

    def _add(self, element: BaseOxmlElement) -> None:
        self._end.addprevious(element)

    @property
    def _text_width(self) -> Length:
        return Emu((self._section.page_width or Inches(8.5)) - 2 * _MARGIN)


def _paragraph(text: str, *, breaks: bool, italic: bool = False, below_table: bool = False) -> BaseOxmlElement:
    element = OxmlElement("w:p")
    properties = _child(element, "w:pPr")
    if breaks:
        _child(properties, "w:pageBreakBefore")
    if is_rtl([text]):
        _child(properties, "w:bidi")
    if below_table:
        _child(properties, "w:spacing").set(qn("w:before"), _AFTER_TABLE)
    _add_runs(element, text, italic=italic)
    return element


def _add_runs(element: BaseOxmlElement, text: str, *, italic: bool = False) -> None:
    """Add text to a paragraph. In text with right-to-left letters, each direction has runs of its own."""
    for part, rtl in split_by_direction(text) if has_rtl_letters(text) else [(text, False)]:
        _add_run(element, part, italic=italic, rtl=rtl)


def _add_run(element: BaseOxmlElement, text: str, *, italic: bool, rtl: bool) -> None:
    if not text:
        return
    run = _child(element, "w:r")
    if italic or rtl:
        properties = _child(run, "w:rPr")
        if italic:
            _child(properties, "w:i")
        if rtl:
            _child(properties, "w:rtl")
    content = _child(run, "w:t")
    content.set(qn("xml:space"), "preserve")
    content.text = text


def _table(table: list[list[str]], width: Length) -> BaseOxmlElement:
    columns = len(table[0])
    element = CT_Tbl.new_tbl(len(table), columns, width)
    element.tblStyle_val = "TableGrid"
    if is_rtl(cell for row in table for cell in row):
        style = element.tblPr.find(qn("w:tblStyle"))
        style.addnext(OxmlElement("w:bidiVisual"))
    widths = _column_widths(table, width)
    for column, column_width in zip(element.tblGrid.gridCol_lst, widths, strict=True):
        column.w = column_width
    for found, row in zip(element.tr_lst, table, strict=True):
        for cell, text, cell_width in zip(found.tc_lst, row, widths, strict=True):
            cell.width = cell_width
            if is_rtl([text]):
                cell.p_lst[0].get_or_add_pPr().append(OxmlElement("w:bidi"))
            _add_runs(cell.p_lst[0], legal(text))
    return element


def _column_widths(table: list[list[str]], width: Length) -> list[Length]:
    least, most = _CELL_LETTERS
    letters = [min(most, max(least, *map(len, cells))) for cells in zip(*table, strict=True)]
    return [Emu(width * count // sum(letters)) for count in letters]


def _child(parent: BaseOxmlElement, name: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    parent.append(element)
    return element


def _set_paper(document: Document, page: Page) -> None:
    """Set the paper size of the first page, if its resolution is known."""
    if page.dpi < _LEAST_DPI:
        return
    width, height = page.width / page.dpi, page.height / page.dpi
    low, high = _PAPER_INCHES
    if low <= width <= high and low <= height <= high:
        section = document.sections[0]
        section.page_width, section.page_height = Inches(width), Inches(height)
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT


def _set_language(document: Document, tag: str | None) -> None:
    """Set the language for Word's spelling check: that of the first page."""
    if tag is None:
        return
    kind = tag.partition("-")[0]
    attribute = "w:eastAsia" if kind in _EAST_ASIAN else "w:bidi" if kind in _RIGHT_TO_LEFT else "w:val"
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn(attribute), tag)
