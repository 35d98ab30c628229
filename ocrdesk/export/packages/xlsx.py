"""Excel workbooks: the tables of a document, one on each sheet.

Cells have texts, and numbers where a number shows the same. They never have formulas or links, whatever the text is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from ocrdesk.contract.document import DocumentHead, Page
from ocrdesk.export.parts.cell_numbers import decimal_sign, read_number
from ocrdesk.export.table_texts import CellText, TableText, table_text
from ocrdesk.export.xml_text import legal
from ocrdesk.layout.structure.older_pages import structured

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_MAX_TEXT = 32_767
"""Characters that Excel keeps in a cell."""
_MAX_NAME = 31
"""Characters of a sheet's name."""
_MAX_SHEETS = 2_000
_COLUMN_LETTERS = (6, 60)
"""A column is as wide as its longest text, within these."""
_MARGIN_LETTERS = 2


def write(head: DocumentHead, pages: Iterable[Page], out: BinaryIO) -> None:
    """Write the file. The texts of all tables are in memory before it is written."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"title": legal(head.file_name)[:255], "comments": ""})
    book = _Book(workbook)
    for page in pages:
        sign = decimal_sign(page.languages)
        tables = [found for block in structured(page).blocks if block.table and (found := table_text(block))]
        for number, table in enumerate(tables, 1):
            book.add(f"Page {page.number}, table {number}", table, sign)
    book.finish()
    workbook.close()


class _Book:
    """Adds sheets to a workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[bool, int], Format] = {}
        self._names: set[str] = set()
        self._left_out = 0

    def add(self, name: str, table: TableText, sign: str) -> None:
        """Add a sheet with a table. `sign` is the decimal sign of its page."""
        if len(self._names) >= _MAX_SHEETS:
            self._left_out += 1
            return
        if len(name) > _MAX_NAME or name in self._names:  # page numbers that no file has
            name = f"Table {len(self._names) + 1}"
        self._names.add(name)
        sheet = self._workbook.add_worksheet(name)
        if table.is_rtl:
            sheet.right_to_left()
        if table.header_rows:
            sheet.freeze_panes(table.header_rows, 0)
        for row, places in enumerate(table.places):
            for found in places:
                if found:
                    self._write(sheet, found, sign, is_head=row < table.header_rows)
        for column, letters in enumerate(_widths(table)):
            sheet.set_column(column, column, letters)

    def finish(self) -> None:
        """Add what a workbook needs, and say how many tables it has no sheets for."""
        if self._left_out:
            sheet = self._workbook.add_worksheet("Tables left out")
            sheet.write_string(0, 0, f"{self._left_out} more tables are not in this file.")
        elif not self._names:
            self._workbook.add_worksheet("No tables")

    def _write(self, sheet: Worksheet, found: CellText, sign: str, *, is_head: bool) -> None:
        cell, text = found.cell, legal(found.text)[:_MAX_TEXT]
        number = None if is_head else read_number(text, sign)
        form = self._format(is_head=is_head, places=number[1] if number else -1)
        if cell.row_span > 1 or cell.column_span > 1:
            last_row, last_column = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            sheet.merge_range(cell.row, cell.column, last_row, last_column, "", form)
        if number:
            sheet.write_number(cell.row, cell.column, number[0], form)
        elif text:
            sheet.write_string(cell.row, cell.column, text, form)

    def _format(self, *, is_head: bool, places: int) -> Format:
        """Return the format of a cell with a number of that many decimal places; -1 for a text."""
        known = self._formats.get((is_head, places))
        if known is None:
            look = {"bold": is_head, "valign": "top", "text_wrap": places < 0}
            shown = "@" if places < 0 else "0" if places == 0 else "0." + "0" * places
            known = self._formats[is_head, places] = self._workbook.add_format({**look, "num_format": shown})
        return known


def _widths(table: TableText) -> Sequence[int]:
    """Return the widths of the columns in letters, from their cells that span no other."""
    least, most = _COLUMN_LETTERS
    widths = [least] * table.columns
    for row in table.places:
        for found in row:
            if found and found.cell.column_span == 1:
                wanted = min(most, len(found.text) + _MARGIN_LETTERS)
                widths[found.cell.column] = max(widths[found.cell.column], wanted)
    return widths
