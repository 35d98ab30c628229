"""Finds tables on a page.

A table is found by the geometry of its words: columns separated by clear, straight gaps over three or more rows. In
doubt text stays text: a missed table is better than a false one.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import BlockKind, Page
from ocrdesk.layout.page_marks import NO_MARKS, PageMarks
from ocrdesk.layout.tables.checks import is_sparse, is_table
from ocrdesk.layout.tables.grid import fill_cells, find_gutters, merge_sparse_columns, split_at_gutter
from ocrdesk.layout.tables.model import (
    MIN_ROWS,
    Column,
    FoundCell,
    Gutter,
    Row,
    Scale,
    Segment,
    Table,
    TableWord,
    cell_text,
    median_or_zero,
    words_of,
    words_of_cell,
)
from ocrdesk.layout.text_direction import is_rtl

_ROW_GAP = 3.5
"""In heights of the median word: more white than this between two rows ends a table."""
_MAX_HEADINGS = 2
"""Rows without columns that may be between two rows with columns."""
_MAX_SPLITS = 3
"""How often an area that is no table is split at a gutter, to search its halves."""


def find_tables(page: Page, marks: PageMarks = NO_MARKS) -> list[Table]:  # noqa: ARG001
    """Return the page's tables from top to bottom."""
    words = list(_table_words(page))
    if len(words) < 2 * MIN_ROWS:
        return []
    scale = Scale.of(words)
    rtl = is_rtl(word.word.text for word in words)
    found = _search(_segments(words, scale), scale, rtl, _MAX_SPLITS)
    return sorted(found, key=lambda table: (table.box.top, table.box.left))


def _table_words(page: Page) -> Iterable[TableWord]:
    """Yield the words that have an area and are not in a header or footer: only those can be in a table."""
    index = 0
    lines = ((block.kind, line) for block in page.blocks for line in block.lines)
    for number, (kind, line) in enumerate(lines):
        for word in line.words:
            if kind is BlockKind.TEXT and word.box.width > 0 and word.box.height > 0:
                yield TableWord(index, number, word)
            index += 1


def _search(segments: Iterable[Segment], scale: Scale, rtl: bool, splits: int) -> list[Table]:
    """Return the tables among these segments. A region that is no table is split at a gutter and searched again."""
    found: list[Table] = []
    for region in _regions(_rows(segments), scale):
        local = Scale.of(words_of(region), scale.space)  # tables are often set smaller than the text around them
        gutters = find_gutters(region, local)
        if not gutters:
            continue
        if table := _as_table(region, gutters, local, rtl):
            found.append(table)
        elif splits:
            for half in split_at_gutter(region, gutters, local):
                found += _search(half, scale, rtl, splits - 1)
    return found


def _as_table(region: list[Row], gutters: list[Gutter], scale: Scale, rtl: bool) -> Table | None:
    """Return the region as a table; None if the content of its columns is not a table's."""
    grid = fill_cells(region, gutters, scale)
    if is_sparse(Column.of(grid, 0)) or is_sparse(Column.of(grid, len(gutters))):
        return None
    grid = merge_sparse_columns(grid)
    heading = _count_heading_rows(region)
    region, grid = region[heading:], grid[heading:]
    if rtl:
        grid = [cells[::-1] for cells in grid]
    if len(grid[0]) < 2 or not is_table(grid, scale):
        return None
    words = words_of(region)
    grid = [cells for cells in grid if any(map(cell_text, cells))]
    found = (
        FoundCell(row, column, tuple(word.index for word in solid))
        for row, cells in enumerate(grid)
        for column, cell in enumerate(cells)
        if (solid := words_of_cell(cell))
    )
    return Table(
        Box.around([word.box for word in words]),
        len(grid),
        len(grid[0]),
        tuple(found),
        frozenset(word.index for word in words),
        header_rows=1,
    )


def _count_heading_rows(region: Sequence[Row]) -> int:
    """Count the rows at the top that are the page's header and a title, far above the table's rows."""
    pitch = median_or_zero(_top(after) - _top(before) for before, after in pairwise(region))
    if len(region[1]) > 1 or _top(region[1]) - _top(region[0]) < 2.8 * pitch:
        return 0
    return next(index for index, row in enumerate(region) if index and len(row) > 1)


# ── rows and regions ─────────────────────────────────────────────────────────────────────────────


def _segments(words: Iterable[TableWord], scale: Scale) -> list[Segment]:
    """Split lines at wide gaps. A currency sign stays with the amount after it."""
    groups: list[list[TableWord]] = []
    before: TableWord | None = None
    for word in sorted(words, key=lambda word: (word.line, word.box.left)):
        far = before is not None and word.box.left - before.box.right > scale.wide_gap and not before.is_currency
        if before is None or word.line != before.line or far:
            groups.append([])
        groups[-1].append(word)
        before = word
    return [Segment.of(group) for group in groups]


def _rows(segments: Iterable[Segment]) -> list[Row]:
    """Group segments side by side into rows, from top to bottom, regardless of the engine's lines and blocks."""
    rows: list[Row] = []
    for segment in sorted(segments, key=lambda segment: segment.box.left):
        best = max(rows, key=lambda row: _shared_height(row[-1].box, segment.box), default=None)
        if best is not None and _shared_height(best[-1].box, segment.box) >= 0.5:
            best.append(segment)
        else:
            rows.append([segment])
    return sorted(rows, key=lambda row: statistics.mean(segment.box.top + segment.box.bottom for segment in row))


def _shared_height(left: Box, right: Box) -> float:
    """Return how much of the lower box's height both share, 0 to 1; 0 if they overlap sideways."""
    lower = min(left.height, right.height)
    if right.left < left.right - lower / 2:
        return 0.0
    return max(0.0, left.shared_height(right) / lower)


def _regions(rows: Iterable[Row], scale: Scale) -> list[list[Row]]:
    """Return runs of rows most of which have a wide gap; so have the first and the last."""
    regions: list[list[Row]] = []
    run: list[Row] = []
    headings = 0
    for row in rows:
        headings = 0 if len(row) > 1 else headings + 1
        far = bool(run) and _top(row) - max(_bottom(before) for before in run[-2:]) > _ROW_GAP * scale.height
        if far or headings > _MAX_HEADINGS:
            regions.append(run)
            run = []
        run.append(row)
    regions.append(run)
    trimmed = [_trimmed(region) for region in regions]
    return [region for region in trimmed if sum(len(row) > 1 for row in region) >= MIN_ROWS]


def _trimmed(run: list[Row]) -> list[Row]:
    wide = [index for index, row in enumerate(run) if len(row) > 1]
    return run[wide[0] : wide[-1] + 1] if wide else []


def _top(row: Row) -> int:
    return min(segment.box.top for segment in row)


def _bottom(row: Row) -> int:
    return max(segment.box.bottom for segment in row)
