"""Finds columns and fills cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrdesk.layout.tables.checks import is_prose, is_sparse
from ocrdesk.layout.tables.model import MIN_ROWS, Cells, Column, Gutter, Row, Scale, Segment, TableWord, cell_text
from ocrdesk.layout.tables.text_kinds import is_number, is_year

_MIN_UNITS, _UNIT_SPACE = 4, 1.5
"""Rows with the same unit, and in heights of its word how far it is from its number at most."""


def find_gutters(rows: Sequence[Row], scale: Scale) -> list[Gutter]:
    """Return the straight gaps between the columns of these rows, from left to right.

    A gap with nothing but an overhanging heading beyond it is left out.
    """
    return _without_overhang(rows, _straight_gaps(rows, scale), scale)


def _straight_gaps(rows: Sequence[Row], scale: Scale) -> list[Gutter]:
    """Return the straight gaps through the rows that have wide gaps, without the heads above numbers.

    One row in ten may cross a gap: a heading over two columns.
    """
    wide = _body([row for row in rows if len(row) > 1])
    edges: list[tuple[int, int]] = []
    for word in (word for row in wide for segment in row for word in segment.words if not word.is_loose):
        edges += [(word.box.left, 1), (word.box.right, -1)]
    allowed = len(wide) // 10
    gutters = []
    depth = 0
    opened: int | None = None
    for x, step in sorted(edges, key=lambda edge: (edge[0], edge[1])):
        before, depth = depth, depth + step
        if before > allowed >= depth:
            opened = x
        elif before <= allowed < depth:
            if opened is not None and x - opened >= scale.gutter:
                gutters.append((opened, x))
            opened = None
    return gutters


def _body(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows from the first one on that has mostly numbers: headings over several columns are above it.

    All rows if there are hardly any numbers.
    """
    for number, row in enumerate(rows[: len(rows) // 2 + 1]):
        words = [word.word.text for segment in row for word in segment.words if not word.is_loose]
        if not words:
            continue
        numbers = [text for text in words if is_number(text)]
        if 2 * len(numbers) >= len(row) and not all(map(is_year, numbers)) and len(rows) - number >= MIN_ROWS - 1:
            return rows[number:]
    return rows


def _without_overhang(rows: Sequence[Row], gutters: list[Gutter], scale: Scale) -> list[Gutter]:
    """Drop outer gutters that only a heading crosses, because it is wider than its column."""
    grid = fill_cells(rows, gutters, scale)
    filled = [not is_sparse(Column.of(grid, index)) for index in range(len(gutters) + 1)]
    if not any(filled):
        return []
    first, last = filled.index(True), len(filled) - 1 - filled[::-1].index(True)
    before = sum(any(map(cell_text, cells[:first])) for cells in grid)
    after = sum(any(map(cell_text, cells[last + 1 :])) for cells in grid)
    few = max(1, len(grid) // 20)
    return gutters[first if before <= few else 0 : last if after <= few else None]


def fill_cells(rows: Sequence[Row], gutters: Sequence[Gutter], scale: Scale) -> list[Cells]:
    """Return each row's words by column."""
    return [_cells(row, gutters, scale) for row in rows]


def _cells(row: Row, gutters: Sequence[Gutter], scale: Scale) -> Cells:
    """Assign a row's words to columns; those of a heading over several columns stay together."""
    edges = [row[0].box.left, *(edge for gutter in gutters for edge in gutter), row[-1].box.right]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    cells: Cells = [[] for _ in spans]
    for segment in row:
        for piece in _pieces(segment, gutters, scale):
            cells[_column_index(piece, spans)] += piece
    return cells


def _column_index(piece: Sequence[TableWord], spans: Sequence[tuple[int, int]]) -> int:
    """Return the index of the column that a piece begins in.

    If it begins between two columns, it is the column that the piece covers most, or is nearest to.
    """
    solid = [word for word in piece if not word.is_loose] or piece
    left, right = solid[0].box.left, max(word.box.right for word in solid)
    for index, (start, end) in enumerate(spans):
        if start <= left < end:
            return index
    return max(range(len(spans)), key=lambda index: min(right, spans[index][1]) - max(left, spans[index][0]))


def _pieces(segment: Segment, gutters: Sequence[Gutter], scale: Scale) -> list[list[TableWord]]:
    """Split a segment where a gap between its words is in a gutter."""
    pieces: list[list[TableWord]] = [[]]
    least = scale.cell_gap
    right: int | None = None
    held: list[TableWord] = []
    for word in segment.words:
        if word.is_loose:
            (pieces[-1] if word.is_leader and not held else held).append(word)
            continue
        left = word.box.left
        if right is not None and left - right >= least and any(a < left and right < b for a, b in gutters):
            pieces.append([])
        pieces[-1] += [*held, word]
        held = []
        right = word.box.right
    pieces[-1] += held
    return pieces


def merge_sparse_columns(grid: list[Cells], gutters: Sequence[Gutter]) -> tuple[list[Cells], list[Gutter]]:
    """Merge each column that hardly any row fills, or that has a unit, with the one before it: its words are of that.

    Return the rows and the gutters that are left.
    """
    left = list(gutters)
    while sparse := next(
        (
            index
            for index in range(1, len(grid[0]))
            if is_sparse(Column.of(grid, index)) or is_unit(Column.of(grid, index - 1), Column.of(grid, index))
        ),
        None,
    ):
        grid = [[*cells[: sparse - 1], cells[sparse - 1] + cells[sparse], *cells[sparse + 1 :]] for cells in grid]
        del left[sparse - 1]
    return grid, left


def is_unit(numbers: Column, column: Column) -> bool:
    """Return whether a column has the same word in all its cells, with a word's space after a number: "40 years".

    A title above may begin in it.
    """
    rows = list(zip(numbers.texts, numbers.boxes, column.texts, column.boxes, strict=True))
    units = [text for number, _, text, _ in rows if text and number]
    if len(units) < _MIN_UNITS or len(set(units)) != 1 or not units[0].isalpha():
        return False
    return all(
        is_number(number or "") and right.left - left.right <= _UNIT_SPACE * right.height
        for number, left, _, right in rows
        if left is not None and right is not None
    )


def split_at_gutter(
    rows: Sequence[Row], gutters: Sequence[Gutter], scale: Scale
) -> tuple[list[Segment], list[Segment]]:
    """Split rows that are no table into what is left and right of one gutter.

    Words that continue through the gutter stay together on the side where they begin.
    """
    gutter = _dividing_gutter(rows, gutters, scale)
    middle = (gutter[0] + gutter[1]) // 2
    left: list[Segment] = []
    right: list[Segment] = []
    for segment in (segment for row in rows for segment in row):
        for piece in _pieces(segment, [gutter], scale):
            (left if piece[0].box.left < middle else right).append(Segment.of(piece))
    return left, right


def _dividing_gutter(rows: Sequence[Row], gutters: Sequence[Gutter], scale: Scale) -> Gutter:
    """Return the gutter beside running text or a sparse column, else the widest."""
    grid = fill_cells(rows, gutters, scale)
    columns = [Column.of(grid, index) for index in range(len(gutters) + 1)]
    others = [is_prose(column) or is_sparse(column) for column in columns]
    borders = [gutter for gutter, (left, right) in zip(gutters, pairwise(others), strict=True) if left != right]
    return max(borders or gutters, key=lambda gutter: gutter[1] - gutter[0])
