"""The texts of a table's cells, for exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrdesk.contract.document import Block
from ocrdesk.contract.structure import Cell, TableGrid
from ocrdesk.layout.line_joining import join_lines, one_line
from ocrdesk.layout.text_direction import is_rtl

_PLACES_PER_CELL = 20
_MIN_PLACES = 400
"""A table with more places than this, and more than so many for each cell, loses the rows and columns in which no cell
begins: a few bytes of a result must not become megabytes of empty cells."""


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell and its text on one line."""

    cell: Cell
    text: str


@dataclass(frozen=True, slots=True)
class TableText:
    """A table for writers. `places` has for each row its cells in order, without those that another cell covers.

    None is a place that no cell has.
    """

    columns: int
    header_rows: int
    places: tuple[tuple[CellText | None, ...], ...]

    @property
    def texts(self) -> list[str]:
        """The texts of all cells."""
        return [found.text for row in self.places for found in row if found]

    @property
    def is_rtl(self) -> bool:
        """Whether its columns are counted from the right."""
        return is_rtl(self.texts)


def cell_texts(block: Block) -> list[CellText]:
    """Return the cells of a table in their order, with their texts. Lines without a cell are left out."""
    if block.table is None:
        return []
    lines: list[list[str]] = [[] for _ in block.table.cells]
    for line in block.lines:
        if line.cell is not None:
            lines[line.cell].append(one_line(line.text))
    return [CellText(cell, join_lines(texts)) for cell, texts in zip(_cells(block.table), lines, strict=True)]


def text_rows(block: Block) -> list[list[str]]:
    """Return the texts of a table by row and column, "" where no cell begins. All rows have the same length."""
    found = cell_texts(block)
    if not found or block.table is None:
        return []
    row_count, column_count = _size(block.table, found)
    rows = [[""] * column_count for _ in range(row_count)]
    for one in found:
        rows[one.cell.row][one.cell.column] = one.text
    return rows


def table_text(block: Block) -> TableText | None:
    """Return a table with the places of its cells; None for one without cells."""
    found = cell_texts(block)
    if not found or block.table is None:
        return None
    row_count, column_count = _size(block.table, found)
    starts = {(one.cell.row, one.cell.column): one for one in found}
    covered = [bytearray(column_count) for _ in range(row_count)]
    places = []
    for row in range(row_count):
        own: list[CellText | None] = []
        for column in range(column_count):
            if covered[row][column]:
                continue
            one = starts.get((row, column))
            own.append(one)
            if one:
                span = one.cell.column_span
                for below in range(row, row + one.cell.row_span):
                    covered[below][column : column + span] = b"\x01" * span
        places.append(tuple(own))
    return TableText(column_count, min(block.table.header_rows, row_count), tuple(places))


def with_covered(table: TableText) -> Iterator[list[CellText | None]]:
    """Yield the rows of a table with all places: the cell that is there, also where it began before; None for none."""
    places: list[list[CellText | None]] = [[None] * table.columns for _ in table.places]
    for row in table.places:
        for found in row:
            if found:
                first, span = found.cell.column, found.cell.column_span
                for below in range(found.cell.row, found.cell.row + found.cell.row_span):
                    places[below][first : first + span] = [found] * span
    yield from places


def _size(table: TableGrid, found: Sequence[CellText]) -> tuple[int, int]:
    """Return how many rows and columns a table has, as its cells are here."""
    if not _is_too_empty(table):
        return table.rows, table.columns
    return (
        max(one.cell.row + one.cell.row_span for one in found),
        max(one.cell.column + one.cell.column_span for one in found),
    )


def _is_too_empty(table: TableGrid) -> bool:
    return table.rows * table.columns > max(_MIN_PLACES, _PLACES_PER_CELL * len(table.cells))


def _cells(table: TableGrid) -> Sequence[Cell]:
    """Return the cells; those of a table that is mostly empty without the rows and columns in which none begins."""
    if not _is_too_empty(table):
        return table.cells
    rows = {row: number for number, row in enumerate(sorted({cell.row for cell in table.cells}))}
    columns = {column: number for number, column in enumerate(sorted({cell.column for cell in table.cells}))}
    return [
        cell.model_copy(
            update={
                "row": rows[cell.row],
                "column": columns[cell.column],
                "row_span": _span(rows, cell.row, cell.row_span),
                "column_span": _span(columns, cell.column, cell.column_span),
            }
        )
        for cell in table.cells
    ]


def _span(numbers: dict[int, int], first: int, span: int) -> int:
    """Return over how many of the numbered rows or columns a span reaches."""
    return max(1, sum(number in numbers for number in range(first, first + span)))
