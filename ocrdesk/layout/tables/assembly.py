"""Puts a table together from the parts that were found of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ocrdesk.contract.box import Box
from ocrdesk.contract.structure import may_have_places
from ocrdesk.layout.tables.header import HeaderCell, count_header_rows
from ocrdesk.layout.tables.model import FoundCell, Table, TableWord, cell_text
from ocrdesk.layout.tables.text_lines import TextLine, in_reading_order

_EMPTY = 0.4
"""How much less certain a table is, if none of its cells had text."""


@dataclass(slots=True)
class Part:
    """A part of a table: its rows and columns (the last one included), words, and its area if lines enclose it."""

    row: int
    last_row: int
    first: int
    last: int
    words: list[TableWord] = field(default_factory=list)
    box: Box | None = None


def row_parts(lines: Iterable[TextLine], row: int) -> list[Part]:
    """Return the cells of a row that has these lines."""
    by_column: dict[int, Part] = {}
    for line in lines:
        for piece in line.pieces:
            part = by_column.setdefault(piece.first, Part(row, row, piece.first, piece.last))
            part.words += piece.words
            part.last = max(part.last, piece.last)
    return list(by_column.values())


def header_parts(cells: Iterable[HeaderCell], row: int) -> list[Part]:
    return [Part(row + cell.level, row + cell.level, cell.first, cell.last, list(cell.words)) for cell in cells]


def assembled(parts: Sequence[Part], header_rows: int | None, confidence: float) -> Table | None:
    """Return the table without empty rows and columns; None if it has not two of each.

    `header_rows` are found by the texts if they are None. `confidence` is that of a table whose cells all have text.
    """
    solid = [part for part in parts if not all(word.is_ruling_line for word in part.words)]
    rows, columns = sorted({part.row for part in solid}), sorted({part.first for part in solid})
    if len(rows) < 2 or len(columns) < 2 or not may_have_places(len(rows), len(columns)):
        return None
    drafts: list[tuple[int, int, int, int, Part]] = []
    taken: dict[tuple[int, int], Part] = {}
    for part in sorted(solid, key=lambda part: (part.row, part.first)):
        row, end_row = _kept(rows, part.row, part.last_row)
        first, end = _kept(columns, part.first, part.last)
        if any((y, x) in taken for y in range(row, end_row) for x in range(first, end)):
            end_row, end = row + 1, first + 1
        if other := taken.get((row, first)):
            other.words += part.words
            continue
        taken |= {(y, x): part for y in range(row, end_row) for x in range(first, end)}
        drafts.append((row, end_row, first, end, part))
    cells = [_cell(draft) for draft in drafts]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    members = frozenset(word.index for part in parts for word in part.words)
    box = Box.around([word.box for part in parts for word in part.words])
    if header_rows is None:
        by_row: list[list[tuple[int, int, str]]] = [[] for _ in rows]
        for row, _, first, end, part in drafts:
            by_row[row].append((first, end - 1, cell_text(part.words)))
        header_rows = count_header_rows(by_row, len(columns))
    else:
        header_rows = sum(row < header_rows for row in rows)
    filled = sum(cell.row_span * cell.column_span for cell in cells) / (len(rows) * len(columns))
    return Table(
        box, len(rows), len(columns), tuple(cells), members, header_rows, confidence * (1 - _EMPTY * (1 - filled))
    )


def _cell(draft: tuple[int, int, int, int, Part]) -> FoundCell:
    row, end_row, first, end, part = draft
    words = [word for word in part.words if not word.is_ruling_line]
    return FoundCell(row, first, in_reading_order(words), end_row - row, end - first, part.box)


def _kept(kept: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """Return the numbers among those kept of the first one and the one after the last."""
    return bisect_left(kept, first), bisect_right(kept, last)
