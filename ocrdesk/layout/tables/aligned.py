"""Finds tables by the straight gaps between their columns, and tells their rows.

Columns are separated by clear, straight gaps over three or more rows. Horizontal lines tell where the table and its
header end. In doubt text stays text: a missed table is better than a false one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.assembly import Part, assembled, header_parts, row_parts
from ocrdesk.layout.tables.checks import is_sparse, is_table, may_be_table
from ocrdesk.layout.tables.columns import Columns, header_lines, text_lines
from ocrdesk.layout.tables.extent import Borders, ends, header_rows_above, last_rows
from ocrdesk.layout.tables.grid import fill_cells, find_gutters, merge_sparse_columns, split_at_gutter
from ocrdesk.layout.tables.header import count_header_lines, spread, stack_header
from ocrdesk.layout.tables.line_pairs import regions_between_lines
from ocrdesk.layout.tables.model import Column, Gutter, Row, Scale, Segment, Table, TableWord, median_or_zero, words_of
from ocrdesk.layout.tables.row_groups import group_rows, numeric_columns
from ocrdesk.layout.tables.rules import Stroke
from ocrdesk.layout.tables.text_kinds import is_number
from ocrdesk.layout.tables.text_lines import TextLine
from ocrdesk.layout.tables.text_rows import dense_runs, regions_of, rows_of, segments_of, top_of, wrapped_rows_joined

_RULED, _OPEN = 0.93, 0.85
"""How certain a table is with horizontal lines, and without."""
_MIN_BANDS, _RULED_ROWS = 3, 0.6
"""With lines between rows, so many parts of a table are one row each, and this share of them at least."""
_LABELLED = 0.8
"""Of the rows of a table with cells of several lines: those that have a first cell."""
_MAX_SPLITS = 3
"""How often an area that is no table is split at a gutter, to search its halves."""
_MAX_HEADER_ROWS, _MAX_LAST_ROWS = 6, 3
"""Rows above and below a region that may be the table's."""


def aligned_tables(words: Sequence[TableWord], lines: Sequence[Stroke], scale: Scale) -> list[Table]:
    """Return the tables among the words. `lines` are the page's horizontal ruling lines."""
    found: list[Table] = []
    if len(lines) > 2:
        rows = rows_of(segments_of(words, scale), scale.height)
        members: set[int] = set()
        for region, (left, right) in regions_between_lines(rows, lines, scale):
            if any(word.index in members for word in words_of(region)):
                continue
            if table := _between_lines(region, left, right, lines, scale):
                found.append(table)
                members |= table.members
        words = [word for word in words if word.index not in members]
    return found + _search(segments_of(words, scale), lines, scale, _MAX_SPLITS)


def _between_lines(region: list[Row], left: int, right: int, lines: Sequence[Stroke], scale: Scale) -> Table | None:
    """Return the rows between lines as a table; None if they have no columns, or those of text or a list."""
    local = Scale.within(words_of(region), scale)
    gutters = find_gutters(region, local)
    grid = fill_cells(region, gutters, local)
    if not gutters or is_sparse(Column.of(grid, 0)) or is_sparse(Column.of(grid, len(gutters))):
        return None
    grid, gutters = merge_sparse_columns(grid, gutters)
    if len(grid[0]) < 2 or not may_be_table(grid):
        return None
    box = Box.around([segment.box for row in region for segment in row])
    return _built(region, Columns(min(left, box.left), gutters, max(right, box.right)), lines, local)


def _search(segments: Iterable[Segment], lines: Sequence[Stroke], scale: Scale, splits: int) -> list[Table]:
    """Return the tables among these segments. A region that is no table is split at a gutter and searched again."""
    found: list[Table] = []
    used = 0
    """Rows before this one may be in a table already."""
    rows = rows_of(segments, scale.height)
    regions = regions_of(rows, scale)
    before = [0, *(end for _, end in regions)]
    after = [*(start for start, _ in regions[1:]), len(rows)]
    for (start, end), first, last in zip(regions, before, after, strict=False):
        region = rows[start:end]
        local = Scale.within(words_of(region), scale)
        gutters = find_gutters(region, local)
        if not gutters:
            continue
        first = max(first, start - _MAX_HEADER_ROWS, used)
        around = rows[first:start], rows[end : min(last, end + _MAX_LAST_ROWS)]
        if table := _as_table(around, region, gutters, lines, local):
            found.append(table)
            used = min(last, end + _MAX_LAST_ROWS)
        elif splits:
            tables, others = _dense_tables(region, lines, local)
            found += tables
            for rest in others:
                rest_gutters = find_gutters(rest, local) if tables else gutters
                for half in split_at_gutter(rest, rest_gutters, local) if rest_gutters else ():
                    found += _search(half, lines, scale, splits - 1)
    return found


def _dense_tables(region: list[Row], lines: Sequence[Stroke], scale: Scale) -> tuple[list[Table], list[list[Row]]]:
    """Return the tables among the rows with three columns or more, and the rows between them.

    They may be above and below text in two columns, whose rows have a gap too.
    """
    found: list[Table] = []
    start = 0
    for first, last in dense_runs(region, scale):
        if first < start:
            continue
        part = region[first:last]
        gutters = find_gutters(part, scale)
        around = region[max(start, first - _MAX_HEADER_ROWS) : first], region[last : last + _MAX_LAST_ROWS]
        if len(gutters) > 1 and (table := _as_table(around, part, gutters, lines, scale)):
            found.append(table)
            start = last + _MAX_LAST_ROWS
    used = frozenset(index for table in found for index in table.members)
    runs = groupby(region, key=lambda row: used.isdisjoint(word.index for segment in row for word in segment.words))
    return found, [list(rows) for is_unused, rows in runs if is_unused]


def _as_table(
    around: tuple[Sequence[Row], Sequence[Row]],
    region: list[Row],
    gutters: list[Gutter],
    lines: Sequence[Stroke],
    scale: Scale,
) -> Table | None:
    """Return the region as a table; None if the content of its columns is not a table's."""
    grid = fill_cells(region, gutters, scale)
    if is_sparse(Column.of(grid, 0)) or is_sparse(Column.of(grid, len(gutters))):
        return None
    grid, gutters = merge_sparse_columns(grid, gutters)
    heading = _count_heading_rows(region)
    region, grid = region[heading:], grid[heading:]
    if len(grid[0]) < 2 or not (is_table(grid, scale) or _is_wrapped_table(region, gutters, scale)):
        return None
    box = Box.around([segment.box for row in region for segment in row])
    columns = Columns(box.left, tuple(gutters), box.right)
    if not heading:
        region = [*header_rows_above(around[0], box, columns, lines, scale), *region]
    region = [*region, *last_rows(around[1], region[-1], box, lines, scale)]
    return _built(region, columns, lines, scale)


def _is_wrapped_table(region: Sequence[Row], gutters: Sequence[Gutter], scale: Scale) -> bool:
    """Return whether the region is a table if rows that continue cells are parts of the rows above them."""
    joined = wrapped_rows_joined(region, scale)
    if len(joined) == len(region):
        return False
    grid = fill_cells(joined, gutters, scale)
    return sum(map(bool, (cells[0] for cells in grid))) >= _LABELLED * len(grid) and is_table(grid, scale)


def _built(region: list[Row], columns: Columns, lines: Sequence[Stroke], scale: Scale) -> Table | None:
    found = text_lines(words_of(region), columns, scale)
    borders = _borders_above(found, lines)
    first, last = ends(found, borders, columns.count)
    found, borders = found[first:last], [border - first for border in borders if first < border < last]
    numeric = numeric_columns(found, columns.count)
    header = count_header_lines(found, numeric, borders)
    if _has_turned_words(found[header:]):  # the title of a chart's axis
        return None
    heads = spread(header_lines(found[:header], columns, scale), lines, columns)
    cells = stack_header(heads)
    levels = 1 + max((cell.level for cell in cells), default=-1)
    parts: list[Part] = header_parts(cells, 0)
    row = levels
    for group in _body_rows(found, header, borders, numeric):
        parts += row_parts(group, row)
        row += 1
    return assembled(parts, levels, _RULED if len(borders) > 1 else _OPEN)


def _body_rows(
    found: Sequence[TextLine], header: int, borders: Sequence[int], numeric: frozenset[int]
) -> list[Sequence[TextLine]]:
    """Return the lines of each row below the header. If lines separate most rows, what is between two lines is one."""
    ends = [header, *(border for border in borders if border > header), len(found)]
    bands = [found[start:end] for start, end in pairwise(ends) if start < end]
    rows = [group_rows(band, numeric) for band in bands]
    single = sum(len(groups) == 1 for groups in rows)
    if len(bands) < _MIN_BANDS or single < _RULED_ROWS * len(bands):
        return [group for groups in rows for group in groups]
    made: list[Sequence[TextLine]] = []
    for band, groups in zip(bands, rows, strict=True):
        values = sum(any(piece.first in numeric - {0} for piece in line.pieces) for line in band)
        made += groups if values > 1 else [band]
    return made


def _borders_above(found: Sequence[TextLine], lines: Sequence[Stroke]) -> list[int]:
    """Return the numbers of the lines of text that have a ruling line across the table above them."""
    box = Box.around([piece.box for line in found for piece in line.pieces])
    return Borders(lines, box).above_lines(found)


def _has_turned_words(lines: Sequence[TextLine]) -> bool:
    """Return whether a word is turned. The box of a short number may be high because it has a line in it."""
    words = [word for line in lines for piece in line.pieces for word in piece.words if len(word.word.text) > 2]
    return any(word.box.height > 1.5 * word.box.width and not is_number(word.word.text) for word in words)


def _count_heading_rows(region: Sequence[Row]) -> int:
    """Count the rows at the top that are the page's header and a title, far above the table's rows."""
    pitch = median_or_zero(top_of(after) - top_of(before) for before, after in pairwise(region))
    if len(region[1]) > 1 or top_of(region[1]) - top_of(region[0]) < 2.8 * pitch:
        return 0
    return next(index for index, row in enumerate(region) if index and len(row) > 1)
