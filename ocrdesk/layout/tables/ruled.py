"""Makes tables of the cells that ruling lines enclose. Their rows and columns may be divided further by the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.assembly import Part, assembled, header_parts, row_parts
from ocrdesk.layout.tables.checks import is_marker_column, is_prose, is_sparse
from ocrdesk.layout.tables.columns import Columns, header_lines, text_lines
from ocrdesk.layout.tables.enclosed import (
    Enclosed,
    divided,
    enclosed_words,
    has_enough_text,
    is_enclosed_table,
    table_rows,
    without_empty_strips,
)
from ocrdesk.layout.tables.grid import find_gutters, is_unit
from ocrdesk.layout.tables.header import HeaderCell, spread, stack_header
from ocrdesk.layout.tables.lattice import Lattice
from ocrdesk.layout.tables.model import Column, Gutter, Row, Scale, Segment, Table, TableWord, median_or_zero
from ocrdesk.layout.tables.row_groups import group_rows, numeric_columns
from ocrdesk.layout.tables.rules import Stroke
from ocrdesk.layout.tables.text_kinds import is_number
from ocrdesk.layout.tables.text_lines import TextLine, lines_of

_CERTAIN = 0.98
_MAX_OPEN_ROWS = 3
"""A table with more rows between its lines has a line after each row."""


def ruled_table(
    lattice: Lattice,
    lines: Sequence[Stroke],
    words: Iterable[TableWord],
    scale: Scale,
    inner: Sequence[Box] = (),
) -> Table | None:
    """Return the table that a lattice encloses; None if what it encloses is no table.

    `lines` are the page's horizontal ruling lines, `inner` the tables that were found in smaller lattices.
    """
    cells = enclosed_words(lattice, words)
    if not has_enough_text(lattice, cells):
        return None
    lattice, cells = without_empty_strips(lattice, cells)
    cells = divided(lattice, cells)
    first, last = table_rows(lattice, cells, scale, inner)
    cells = [it for it in cells if first <= it.cell.row and it.cell.end_row <= last]
    if first >= last or not is_enclosed_table(cells):
        return None
    members = sorted((word for it in cells for word in it.words), key=lambda word: word.index)
    local = Scale.within(members, scale)
    columns, starts = _columns(lattice, cells, local)
    return _Builder(lattice, cells, columns, starts, lines, local, first, last).table()


# ── columns ──────────────────────────────────────────────────────────────────────────────────────


def _columns(lattice: Lattice, cells: Sequence[Enclosed], scale: Scale) -> tuple[Columns, list[int]]:
    """Return all columns, and the number of the first one between each two lines."""
    gutters: list[Gutter] = []
    starts = [0]
    single: dict[int, list[Row]] = {}
    wide: list[Row] = []
    labels: dict[int, list[Row]] = {}
    for it in cells:
        rows = [_segments(line, scale) for line in lines_of(it.words)]
        if it.column_span == 1:
            (labels if it.is_label else single).setdefault(it.cell.column, []).extend(rows)
        else:
            wide += [row for row in rows if len(row) > 1]
    for number, (left, right) in enumerate(pairwise(lattice.xs)):
        if number:
            gutters.append((int(left), int(left)))
        rows = [*single.get(number, ()), *(part for row in wide if (part := _between(row, left, right)))]
        own = labels.get(number, ())
        gutters += _inner_gutters(own, scale, may_count=True) or _inner_gutters([*own, *rows], scale, may_count=False)
        starts.append(len(gutters) + 1)
    return Columns(lattice.xs[0], gutters, lattice.xs[-1]), starts


def _between(row: Row, left: float, right: float) -> Row:
    """Return the segments of a row of several columns that are between two vertical lines."""
    return [segment for segment in row if left <= segment.box.center_x < right]


def _inner_gutters(rows: Sequence[Row], scale: Scale, *, may_count: bool) -> list[Gutter]:
    """Return the gutters that divide a column between two lines: most of its rows have numbers on both sides.

    With `may_count` the numbers may count the rows.
    """
    wide = [row for row in rows if len(row) > 1]
    if len(wide) < 2 or len(wide) < 0.5 * len(rows):
        return []
    gutters = find_gutters(wide, scale)
    columns = Columns(min(row[0].box.left for row in wide), gutters, max(row[-1].box.right for row in wide))
    lines = text_lines((word for row in wide for segment in row for word in segment.words), columns, scale)
    shown = [_shown(lines, column) for column in range(columns.count)]
    if any(is_prose(column) or (is_marker_column(column) and not may_count) for column in shown):
        return []
    if not numeric_columns(lines, columns.count):
        return []
    for number in range(len(shown) - 1, -1, -1):
        if number and is_unit(shown[number - 1], shown[number]):
            del gutters[number - 1]
        elif is_sparse(shown[number]):  # its words have strayed from the nearer column
            beside = [place for place in (number - 1, number) if 0 <= place < len(gutters)]
            if beside:
                del gutters[min(beside, key=lambda place: gutters[place][1] - gutters[place][0])]
    return gutters


def _shown(lines: Sequence[TextLine], column: int) -> Column:
    found = [line.in_column(column) for line in lines]
    return Column(tuple(it.text if it else None for it in found), tuple(it.box if it else None for it in found))


def _segments(line: Sequence[TableWord], scale: Scale) -> Row:
    groups: list[list[TableWord]] = []
    before: TableWord | None = None
    for word in line:
        if before is None or (word.box.left - before.box.right > scale.wide_gap and not before.is_currency):
            groups.append([])
        groups[-1].append(word)
        before = word
    return [Segment.of(group) for group in groups]


# ── rows and cells ───────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Builder:
    """Builds a table from cells between lines. A row between lines may have several rows of text."""

    lattice: Lattice
    cells: list[Enclosed]
    columns: Columns
    starts: list[int]
    lines: Sequence[Stroke]
    scale: Scale
    first: int
    last: int

    def table(self) -> Table | None:
        parts: list[Part] = []
        base = [0]
        in_row: dict[int, list[Enclosed]] = {}
        for it in self.cells:
            if it.row_span == 1:
                in_row.setdefault(it.cell.row, []).append(it)
        for row in range(self.first, self.last):
            found = self._row(in_row.get(row, []), base[-1], is_first=row == self.first)
            base.append(1 + max([base[-1], *(part.last_row for part in found)]))
            parts += found
        for it in self.cells:
            if it.row_span > 1:
                row, end = base[it.cell.row - self.first], base[it.cell.end_row - self.first]
                parts += self._cell(it, row, end - 1)
        return assembled(parts, None, _CERTAIN)

    def _row(self, cells: Sequence[Enclosed], row: int, *, is_first: bool) -> list[Part]:
        """Return the parts of a row between lines."""
        lines = text_lines((word for it in cells for word in it.words), self.columns, self.scale)
        groups = self._groups(lines, is_first=is_first)
        if len(groups) > 1:
            return [part for number, group in enumerate(groups) for part in row_parts(group, row + number)]
        parts: list[Part] = []
        stacks = [(it, self._stack(it)) for it in cells]
        levels = 1 + max((cell.level for _, stack in stacks for cell in stack), default=0)
        for it, stack in stacks:
            if levels > 1 and len(stack) > 1:
                parts += header_parts(stack, row)
            else:
                parts += self._cell(it, row, row + levels - 1)
        return parts

    def _groups(self, lines: Sequence[TextLine], *, is_first: bool) -> Sequence[Sequence[TextLine]]:
        """Return the lines of each row of text between two horizontal lines; one row if the cells are wrapped text."""
        if len(lines) < 2:
            return [lines]
        numeric = numeric_columns(lines, self.columns.count)
        filled: dict[int, int] = {}
        for line in lines:
            for column in line.columns:
                filled[column] = filled.get(column, 0) + 1
        label = min(filled)
        values = numeric - {label} or numeric
        rows = sum(_has_values(line, values) for line in lines)
        if rows >= 2 and 2 * len(values) >= len(filled) - 1 and filled[label] >= 0.6 * rows:
            return group_rows(lines, numeric)
        full = [column for column, count in filled.items() if count >= 0.6 * len(lines)]
        is_open = self.last - self.first <= _MAX_OPEN_ROWS and (not is_first or self.last - self.first == 1)
        if is_open and len(lines) >= 3 and len(full) >= 2 and not self._has_prose(lines):
            return group_rows(lines, numeric)
        return [lines] if is_first else _parted_by_blank_lines(lines)

    def _has_prose(self, lines: Sequence[TextLine]) -> bool:
        return any(is_prose(_shown(lines, column)) for column in range(self.columns.count))

    def _stack(self, it: Enclosed) -> list[HeaderCell]:
        """Return the cells of a header in a cell that the text divides into columns."""
        first, end = self.starts[it.cell.column], self.starts[it.cell.end_column]
        if end - first < 2 or not it.words:
            return []
        lines = text_lines(it.words, self.columns, self.scale)
        if len(lines) < 2 or any(is_number(piece.text) for line in lines for piece in line.pieces):
            return []
        return stack_header(spread(header_lines(lines, self.columns, self.scale), self.lines, self.columns))

    def _cell(self, it: Enclosed, row: int, last_row: int) -> list[Part]:
        """Return the parts of a cell between lines. Several columns of text in it are as many cells."""
        first, last = self.starts[it.cell.column], self.starts[it.cell.end_column] - 1
        box = self.lattice.box_of(it.cell)
        if first == last or not it.words:
            return [Part(row, last_row, first, last, list(it.words), box)]
        lines = text_lines(it.words, self.columns, self.scale)
        if all(len(line.pieces) == 1 for line in lines):
            return [self._whole(it, row, last_row, lines, box)]
        by_column: dict[int, Part] = {}
        for cell in stack_header(lines):
            part = by_column.setdefault(cell.first, Part(row, last_row, cell.first, cell.last))
            part.words += cell.words
        return list(by_column.values())

    def _whole(self, it: Enclosed, row: int, last_row: int, lines: Sequence[TextLine], box: Box) -> Part:
        """Return a cell with one text over several columns: all of them, unless the text is clearly in one of them."""
        first, last = self.starts[it.cell.column], self.starts[it.cell.end_column] - 1
        start, stop = min(line.pieces[0].first for line in lines), max(line.pieces[0].last for line in lines)
        text = Box.around([piece.box for line in lines for piece in line.pieces])
        if start > first and abs(text.center_x - box.center_x) > 0.1 * box.width:
            return Part(row, last_row, start, stop, list(it.words))
        return Part(row, last_row, first, last, list(it.words), box)


def _has_values(line: TextLine, values: frozenset[int]) -> bool:
    """Return whether a line has numbers in most of these columns."""
    numbers = sum(piece.first in values and is_number(piece.text) for piece in line.pieces)
    return numbers > 0 and 2 * numbers >= len(values)


def _parted_by_blank_lines(lines: Sequence[TextLine]) -> Sequence[Sequence[TextLine]]:
    """Part lines at blank lines through all columns after which two columns or more begin again, side by side."""
    groups: list[list[TextLine]] = [[lines[0]]]
    bottom = lines[0].bottom
    for line in lines[1:]:
        height = median_or_zero(piece.box.height for piece in line.pieces)
        if line.top - bottom >= height and len(line.columns) >= 2:
            groups.append([])
        groups[-1].append(line)
        bottom = max(bottom, line.bottom)
    return groups
