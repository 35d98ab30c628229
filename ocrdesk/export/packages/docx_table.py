"""Tables of Word documents, with merged cells and header rows that are repeated on each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length

from ocrdesk.export.packages.docx_lists import child
from ocrdesk.export.table_texts import CellText, TableText, with_covered
from ocrdesk.layout.text_direction import is_rtl

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_CELL_LETTERS = (6, 40)
"""A column is as wide as its longest cell, within these."""
_EMU_PER_TWIP = 635


def table_element(table: TableText, width: Length, add_text: Callable[[BaseOxmlElement, str], None]) -> BaseOxmlElement:
    """Return the element of a table of that width. `add_text` adds a cell's text to its paragraph."""
    element = OxmlElement("w:tbl")
    properties = child(element, "w:tblPr")
    child(properties, "w:tblStyle", "w:val", "TableGrid")
    if table.is_rtl:
        child(properties, "w:bidiVisual")
    child(properties, "w:tblW", "w:w", 0).set(qn("w:type"), "auto")
    child(properties, "w:tblLook", "w:val", "04A0" if table.header_rows else "0480")
    widths = _column_widths(table, width)
    grid = child(element, "w:tblGrid")
    for one in widths:
        child(grid, "w:gridCol", "w:w", one)
    for number, places in enumerate(with_covered(table)):
        row = child(element, "w:tr")
        if number < table.header_rows:
            row_properties = child(row, "w:trPr")
            child(row_properties, "w:cantSplit")
            child(row_properties, "w:tblHeader")
        _add_cells(row, number, places, widths, add_text, is_head=number < table.header_rows)
    return element


def _add_cells(
    row: BaseOxmlElement,
    number: int,
    places: Sequence[CellText | None],
    widths: Sequence[int],
    add_text: Callable[[BaseOxmlElement, str], None],
    *,
    is_head: bool,
) -> None:
    """Add the cells of a row. A cell over several rows has one in each, of which the first has the text."""
    column = 0
    while column < len(places):
        found = places[column]
        span = found.cell.column_span if found else 1
        element = child(row, "w:tc")
        properties = child(element, "w:tcPr")
        child(properties, "w:tcW", "w:w", sum(widths[column : column + span])).set(qn("w:type"), "dxa")
        if span > 1:
            child(properties, "w:gridSpan", "w:val", span)
        begins = found is not None and found.cell.row == number
        if found and found.cell.row_span > 1:
            merge = child(properties, "w:vMerge")
            if begins:
                merge.set(qn("w:val"), "restart")
        paragraph = child(element, "w:p")
        if found and begins:
            if is_rtl([found.text]):
                child(child(paragraph, "w:pPr"), "w:bidi")
            add_text(paragraph, found.text)
            if is_head:
                _make_bold(paragraph)
        column += span


def _make_bold(paragraph: BaseOxmlElement) -> None:
    for run in paragraph.iter(qn("w:r")):
        properties = run.find(qn("w:rPr"))
        if properties is None:
            properties = OxmlElement("w:rPr")
            run.insert(0, properties)
        properties.insert(0, OxmlElement("w:b"))


def _column_widths(table: TableText, width: Length) -> list[int]:
    """Return the widths of the columns in twips."""
    least, most = _CELL_LETTERS
    letters = [least] * table.columns
    for row in table.places:
        for found in row:
            if found and found.cell.column_span == 1:
                letters[found.cell.column] = max(letters[found.cell.column], min(most, len(found.text)))
    return [Emu(width * count // sum(letters)) // _EMU_PER_TWIP for count in letters]
