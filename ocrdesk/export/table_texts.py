"""The texts of a table's cells, for exports."""

from __future__ import annotations

from dataclasses import dataclass

from ocrdesk.contract.document import Block
from ocrdesk.contract.structure import Cell
from ocrdesk.layout.line_joining import join_lines


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell and its text on one line."""

    cell: Cell
    text: str


def cell_texts(block: Block) -> list[CellText]:
    """Return the cells of a table in their order, with their texts. Lines without a cell are left out."""
    if block.table is None:
        return []
    lines: list[list[str]] = [[] for _ in block.table.cells]
    for line in block.lines:
        if line.cell is not None:
            lines[line.cell].append(line.text)
    return [CellText(cell, join_lines(texts)) for cell, texts in zip(block.table.cells, lines, strict=True)]


def text_rows(block: Block) -> list[list[str]]:
    """Return the texts of a table by row and column, "" where no cell begins. All rows have the same length."""
    if block.table is None:
        return []
    rows = [[""] * block.table.columns for _ in range(block.table.rows)]
    for found in cell_texts(block):
        rows[found.cell.row][found.cell.column] = found.text
    return rows
