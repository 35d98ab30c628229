"""Finds tables on a page by the geometry of its words: columns parted by clear, straight gaps over three or more rows.

It would rather miss a table than take text for one. Two-column text, lists, line numbers and tables of
contents have straight gaps too; what is in the columns tells them apart (see `_is_table`).
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.document import Block, BlockKind, Box, Line, Page, Word
from ocrdesk.layout.text_direction import is_rtl

MIN_ROWS = 3

# In heights of the page's median word.
_WIDE_GAP = 1.0  # parts a row's segments; a word space of a printed face is a third of this
_GUTTER = 0.6  # the least width of a straight gap through all rows
_CELL_GAP = 0.5  # the least gap between two words in a gutter that parts their cells
_ROW_GAP = 3.5  # more white than this between two rows ends a table
_ALIGNED = 0.8  # how far edges of one column may be apart
_WORD_SPACE = 1.2  # no word space is wider

_MAX_HEADINGS = 2  # rows without columns that may stand between two rows with
_MAX_SPLITS = 3  # how often what is no table is cut at a gutter, to look at its halves
_RULE = re.compile(r"[|¦│┃_‗—–-]*[|¦│┃_‗][|¦│┃_‗—–-]*")  # noqa: RUF001  # lines, as engines read them
_MARKER = re.compile(r"[•●○▪■◦‣·*–—«»>o-]|[(\[]?(?:\d{1,3}|[ivxlc]{1,5}|[^\W\d_])[.)\]:]", re.IGNORECASE)  # noqa: RUF001
_CURRENCY = re.compile(r"[$€£¥₹₽₩฿]|[A-Z]{2}\$")
_DASHES = re.compile(r"[-–—−.·*]+")  # noqa: RUF001  # what stands in cells for "nothing"
_LEADER = re.compile(r"[.…·]{3,}")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows of cells, all of one length, in reading order ("" is an empty cell).

    `members` are the places of its words in `page.words()`.
    """

    box: Box
    rows: tuple[tuple[str, ...], ...]
    members: frozenset[int]


Part = Block | Table


@dataclass(frozen=True, slots=True)
class _Item:
    """A word, its place in reading order, and the engine's line that it is of."""

    index: int
    line: int
    word: Word

    @property
    def box(self) -> Box:
        return self.word.box

    @property
    def is_loose(self) -> bool:
        """Says nothing of where columns are: a rule read as a bar, or a currency sign left of its amount."""
        return _is_rule(self.word.text) or self.is_currency

    @property
    def is_currency(self) -> bool:
        return _CURRENCY.fullmatch(self.word.text) is not None


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words of one line without a wide gap between them."""

    items: tuple[_Item, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class _Scale:
    """Measures of a page or a part of it, in pixels. Typewriters' word spaces are wide: gaps must be wider to count."""

    height: float
    space: float

    @classmethod
    def of(cls, items: Sequence[_Item], widest_space: float = math.inf) -> _Scale:
        """Of words in reading order. In a narrow table what is taken for spaces may be gaps: hence `widest_space`."""
        height = _median(item.box.height for item in items)
        gaps = [after.box.left - before.box.right for before, after in pairwise(items) if before.line == after.line]
        spaces = sorted(gap for gap in gaps if 0 < gap <= _WORD_SPACE * height)
        space = spaces[len(spaces) // 2] if len(spaces) * 10 > len(items) else 0.0
        return cls(height, min(space, widest_space))

    @property
    def wide_gap(self) -> float:
        return max(_WIDE_GAP * self.height, 1.8 * self.space)

    @property
    def gutter(self) -> float:
        return max(_GUTTER * self.height, 1.1 * self.space)

    @property
    def cell_gap(self) -> float:
        return max(_CELL_GAP * self.height, 1.1 * self.space)


_Row = list[_Segment]
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Column:
    """What is in one column: its cells' texts and boxes, row by row; None where a cell is empty."""

    texts: tuple[str | None, ...]
    boxes: tuple[Box | None, ...]

    @property
    def filled(self) -> list[str]:
        return [text for text in self.texts if text]


def page_parts(page: Page) -> list[Part]:
    """The page's paragraphs and tables in reading order; a table stands where its first word stood."""
    tables = find_tables(page)
    owner = {index: table for table in tables for index in table.members}
    parts: list[Part] = []
    seen: set[int] = set()
    index = 0
    for block in page.blocks:
        lines: list[Line] = []
        for line in block.lines:
            kept: list[Word] = []
            for word in line.words:
                table = owner.get(index)
                index += 1
                if table is None:
                    kept.append(word)
                elif id(table) not in seen:
                    seen.add(id(table))
                    parts += [*_block_of([*lines, *_line_of(kept)], block.kind), table]
                    lines, kept = [], []
            lines += _line_of(kept)
        parts += _block_of(lines, block.kind)
    return parts


def _line_of(words: list[Word]) -> list[Line]:
    return [Line(box=Box.around([word.box for word in words]), words=tuple(words))] if words else []


def _block_of(lines: list[Line], kind: BlockKind) -> list[Block]:
    return [Block(kind=kind, box=Box.around([line.box for line in lines]), lines=tuple(lines))] if lines else []


def find_tables(page: Page) -> list[Table]:
    """The page's tables from top to bottom."""
    items = list(_items(page))
    if len(items) < 2 * MIN_ROWS:
        return []
    scale = _Scale.of(items)
    rtl = is_rtl(item.word.text for item in items)
    found = _search(_segments(items, scale), scale, rtl, _MAX_SPLITS)
    return sorted(found, key=lambda table: (table.box.top, table.box.left))


def _items(page: Page) -> Iterable[_Item]:
    """The words that have a place on the page and may be a table's: furniture is none."""
    index = 0
    lines = ((block.kind.is_header_or_footer, line) for block in page.blocks for line in block.lines)
    for number, (is_header_or_footer, line) in enumerate(lines):
        for word in line.words:
            if not is_header_or_footer and word.box.width > 0 and word.box.height > 0:
                yield _Item(index, number, word)
            index += 1


def _search(segments: list[_Segment], scale: _Scale, rtl: bool, splits: int) -> list[Table]:
    """Tables among these segments. What is none as a whole is cut at its widest gutter and searched again."""
    found: list[Table] = []
    for region in _regions(_rows(segments), scale):
        near = _Scale.of(_items_of(region), scale.space)  # tables are often set smaller than the text around them
        gutters = _without_overhang(region, _gutters(region, near), near)
        if not gutters:
            continue
        if table := _table_of(region, gutters, near, rtl):
            found.append(table)
        elif splits:
            for half in _halves(region, _cut(region, gutters, near), near):
                found += _search(half, scale, rtl, splits - 1)
    return found


# ── rows and regions ─────────────────────────────────────────────────────────────────────────────


def _segments(items: Sequence[_Item], scale: _Scale) -> list[_Segment]:
    groups: list[list[_Item]] = []
    before: _Item | None = None
    for item in sorted(items, key=lambda item: (item.line, item.box.left)):
        far = before is not None and item.box.left - before.box.right > scale.wide_gap and not before.is_currency
        if before is None or item.line != before.line or far:
            groups.append([])
        groups[-1].append(item)
        before = item
    return [_Segment(tuple(group), Box.around([item.box for item in group])) for group in groups]


def _rows(segments: Iterable[_Segment]) -> list[_Row]:
    """Segments side by side as rows, from top to bottom, whatever lines and blocks the engine put them in."""
    rows: list[_Row] = []
    for segment in sorted(segments, key=lambda segment: segment.box.left):
        best = max(rows, key=lambda row: _beside(row[-1].box, segment.box), default=None)
        if best is not None and _beside(best[-1].box, segment.box) >= 0.5:
            best.append(segment)
        else:
            rows.append([segment])
    return sorted(rows, key=lambda row: statistics.mean(segment.box.top + segment.box.bottom for segment in row))


def _beside(left: Box, right: Box) -> float:
    """How much of the lower one's height the two share, 0 to 1; 0 where they overlap sideways."""
    if right.left < left.right - min(left.height, right.height) / 2:
        return 0.0
    shared = min(left.bottom, right.bottom) - max(left.top, right.top)
    return max(0.0, shared / min(left.height, right.height))


def _regions(rows: list[_Row], scale: _Scale) -> list[list[_Row]]:
    """Runs of rows of which most have a wide gap; both ends have one."""
    regions: list[list[_Row]] = []
    run: list[_Row] = []
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


def _trimmed(run: list[_Row]) -> list[_Row]:
    wide = [index for index, row in enumerate(run) if len(row) > 1]
    return run[wide[0] : wide[-1] + 1] if wide else []


def _items_of(region: list[_Row]) -> list[_Item]:
    """The region's words in reading order."""
    return sorted((item for row in region for segment in row for item in segment.items), key=lambda item: item.index)


def _top(row: _Row) -> int:
    return min(segment.box.top for segment in row)


def _bottom(row: _Row) -> int:
    return max(segment.box.bottom for segment in row)


# ── columns ──────────────────────────────────────────────────────────────────────────────────────


def _gutters(region: list[_Row], scale: _Scale) -> list[_Span]:
    """Straight gaps through the rows that have wide ones; of ten rows, one may cross (a heading over two columns)."""
    wide = [row for row in region if len(row) > 1]
    edges: list[tuple[int, int]] = []
    for row in wide:
        for segment in row:
            for item in segment.items:
                if not item.is_loose:
                    edges += [(item.box.left, 1), (item.box.right, -1)]
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


def _middle(gutter: _Span) -> int:
    return (gutter[0] + gutter[1]) // 2


def _cut(region: list[_Row], gutters: list[_Span], scale: _Scale) -> _Span:
    """Where to part what is no table: beside running text or a column hardly filled, else at the widest gutter."""
    grid = [_cells(row, gutters, scale) for row in region]
    columns = [_column(grid, index) for index in range(len(gutters) + 1)]
    others = [_is_prose(column) or _is_sparse(column) for column in columns]
    borders = [gutter for gutter, (left, right) in zip(gutters, pairwise(others), strict=True) if left != right]
    return max(borders or gutters, key=lambda gutter: gutter[1] - gutter[0])


def _halves(region: list[_Row], gutter: _Span, scale: _Scale) -> tuple[list[_Segment], list[_Segment]]:
    """What is left and right of a gutter. Words that run on through it stay together, where they begin."""
    left: list[_Segment] = []
    right: list[_Segment] = []
    for segment in (segment for row in region for segment in row):
        for piece in _pieces(segment, [gutter], scale):
            half = left if piece[0].box.left < _middle(gutter) else right
            half.append(_Segment(tuple(piece), Box.around([item.box for item in piece])))
    return left, right


def _without_overhang(region: list[_Row], gutters: list[_Span], scale: _Scale) -> list[_Span]:
    """The gutters but for those at the sides beyond which only a heading goes, because it is wider than its column."""
    grid = [_cells(row, gutters, scale) for row in region]
    filled = [not _is_sparse(_column(grid, index)) for index in range(len(gutters) + 1)]
    if not any(filled):
        return []
    first, last = filled.index(True), len(filled) - 1 - filled[::-1].index(True)
    before = sum(any(map(_text, cells[:first])) for cells in grid)
    after = sum(any(map(_text, cells[last + 1 :])) for cells in grid)
    few = max(1, len(grid) // 20)
    return gutters[first if before <= few else 0 : last if after <= few else None]


def _table_of(region: list[_Row], gutters: list[_Span], scale: _Scale, rtl: bool) -> Table | None:
    """The region as a table, or None when what is in its columns is no table's."""
    grid = [_cells(row, gutters, scale) for row in region]
    if _is_sparse(_column(grid, 0)) or _is_sparse(_column(grid, len(gutters))):
        return None
    while lonely := _lonely_column(grid):
        grid = [_merged(cells, lonely) for cells in grid]
    head = _running_head(region)
    region, grid = region[head:], grid[head:]
    if rtl:
        grid = [cells[::-1] for cells in grid]
    if len(grid[0]) < 2 or not _is_table(grid, scale):
        return None
    items = _items_of(region)
    rows = tuple(tuple(_text(cell) for cell in cells) for cells in grid)
    return Table(
        Box.around([item.box for item in items]),
        tuple(row for row in rows if any(row)),
        frozenset(item.index for item in items),
    )


def _running_head(region: list[_Row]) -> int:
    """How many rows at the top are the page's head and a title: far above the rows, with the title between."""
    pitch = _median(_top(after) - _top(before) for before, after in pairwise(region))
    if len(region[1]) > 1 or _top(region[1]) - _top(region[0]) < 2.8 * pitch:
        return 0
    return next(index for index, row in enumerate(region) if index and len(row) > 1)


_Cells = list[list[_Item]]


def _cells(row: _Row, gutters: list[_Span], scale: _Scale) -> _Cells:
    """A row's words by column. Words that run on through a gutter are a heading over columns: they stay together."""
    edges = [row[0].box.left, *(edge for gutter in gutters for edge in gutter), row[-1].box.right]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    cells: _Cells = [[] for _ in spans]
    for segment in row:
        for piece in _pieces(segment, gutters, scale):
            cells[_place(piece, spans)] += piece
    return cells


def _place(piece: list[_Item], spans: list[_Span]) -> int:
    """The column that the piece begins in, or, when it begins between two, that it covers most or is nearest to."""
    solid = [item for item in piece if not item.is_loose] or piece
    left, right = solid[0].box.left, max(item.box.right for item in solid)
    for index, (start, end) in enumerate(spans):
        if start <= left < end:
            return index
    return max(range(len(spans)), key=lambda index: min(right, spans[index][1]) - max(left, spans[index][0]))


def _pieces(segment: _Segment, gutters: list[_Span], scale: _Scale) -> list[list[_Item]]:
    """The segment taken apart where a gap between its words lies in a gutter."""
    pieces: list[list[_Item]] = [[]]
    right: int | None = None
    held: list[_Item] = []
    for item in segment.items:
        if item.is_loose:
            held.append(item)
            continue
        left = item.box.left
        if right is not None and left - right >= scale.cell_gap and any(a < left and right < b for a, b in gutters):
            pieces.append([])
        pieces[-1] += [*held, item]
        held = []
        right = item.box.right
    pieces[-1] += held
    return pieces


def _lonely_column(grid: list[_Cells]) -> int | None:
    """A column between others that hardly a row fills: no column, but words that stray from the one before it."""
    return next((index for index in range(1, len(grid[0])) if _is_sparse(_column(grid, index))), None)


def _merged(cells: _Cells, column: int) -> _Cells:
    return [*cells[: column - 1], cells[column - 1] + cells[column], *cells[column + 1 :]]


def _text(cell: Iterable[_Item]) -> str:
    ordered = sorted(cell, key=lambda item: item.index)
    return " ".join(item.word.text for item in ordered if not _is_rule(item.word.text))


def _is_rule(text: str) -> bool:
    return _RULE.fullmatch(text) is not None


# ── what is in them ──────────────────────────────────────────────────────────────────────────────


def _is_table(grid: list[_Cells], scale: _Scale) -> bool:
    """Whether these are a table's columns: straight, and not of text, list marks, line or page numbers."""
    columns = [_column(grid, index) for index in range(len(grid[0]))]
    while columns and _is_marks(columns[0]):
        columns = columns[1:]
    if len(columns) < 2 or any(_is_prose(column) for column in columns):
        return False
    if sum(_is_straight(column, scale) for column in columns) * 3 < len(columns) * 2:
        return False
    full = sum(sum(bool(column.texts[row]) for column in columns) >= 2 for row in range(len(grid)))
    if full < MIN_ROWS or full * 2 < len(grid):
        return False
    if len(columns) == 2:
        return full >= 0.6 * len(grid) and _is_numeric(columns[1]) and not _is_contents(columns)
    return any(_is_numeric(column) for column in columns) or _is_word_table(columns, grid)


def _column(grid: list[_Cells], index: int) -> _Column:
    cells = [cells[index] for cells in grid]
    return _Column(
        tuple(_text(cell) or None for cell in cells),
        tuple(Box.around([item.box for item in cell]) if cell else None for cell in cells),
    )


def _is_sparse(column: _Column) -> bool:
    return len(column.filled) < max(2, len(column.texts) / 5)


def _share(texts: Sequence[str], holds: Iterable[bool]) -> float:
    return sum(holds) / len(texts) if texts else 0.0


def _is_marks(column: _Column) -> bool:
    """List marks (bullets, 1., a)), or numbers that count lines."""
    texts = column.filled
    if _share(texts, (_MARKER.fullmatch(text) is not None for text in texts)) >= 0.6:
        return True
    numbers = [int(text) for text in texts if text.isdecimal()]
    steps = [after - before for before, after in pairwise(numbers)]
    return len(numbers) >= 0.7 * len(texts) and bool(steps) and sum(step == 1 for step in steps) >= 0.7 * len(steps)


def _is_prose(column: _Column) -> bool:
    """Running text: lines of several words, most as wide as the column, that go on in the middle of a sentence."""
    texts = column.filled
    widths = sorted(box.width for box in column.boxes if box)
    if not widths:
        return False
    full = sum(width >= 0.75 * widths[len(widths) * 3 // 4] for width in widths) / len(widths)
    letters = [next((sign for sign in text if sign.isalpha()), "") for text in texts]
    if any(letter.isupper() or letter.islower() for letter in letters):
        going_on = _share(texts, (letter.islower() for letter in letters))
        return _median(len(text.split()) for text in texts) >= 4 and full >= 0.4 and going_on >= 0.3
    return _median(len(text) for text in texts) >= 12 and full >= 0.6 and not _is_numeric(column)


def _is_straight(column: _Column, scale: _Scale) -> bool:
    """Whether most of its cells share their left edge, right edge or centre."""
    boxes = [box for box in column.boxes if box]
    if not boxes:
        return False
    for places in (
        [box.left for box in boxes],
        [box.right for box in boxes],
        [(box.left + box.right) / 2 for box in boxes],
    ):
        middle = _median(places)
        if sum(abs(place - middle) <= _ALIGNED * scale.height for place in places) >= 0.5 * len(places):
            return True
    return False


def _is_numeric(column: _Column) -> bool:
    """Mostly amounts, dates, codes: more digits than letters. Dashes count for neither side."""
    texts = [text for text in column.filled if not _DASHES.fullmatch(text)]
    numbers = [sum(sign.isdecimal() for sign in text) > sum(sign.isalpha() for sign in text) for text in texts]
    return len(texts) >= 2 and sum(numbers) >= 0.6 * len(texts)


def _is_contents(columns: list[_Column]) -> bool:
    """A table of contents: leaders or titles, then page numbers that never go back."""
    texts = columns[-1].filled
    pages = [int(text) for text in texts if text.isdecimal() and len(text) <= 4]
    if len(pages) < 0.7 * len(texts):
        return False
    rising = sum(after >= before for before, after in pairwise(pages)) >= 0.9 * (len(pages) - 1)
    leaders = sum(_LEADER.search(text) is not None for text in columns[0].filled)
    return rising or leaders * 2 > len(columns[0].filled)


def _is_word_table(columns: list[_Column], grid: list[_Cells]) -> bool:
    """Columns of words alone: short cells, hardly an empty one, and rows that the engine read as lines too."""
    texts = [text for column in columns for text in column.filled]
    cells = len(grid) * len(columns)
    across = sum(len({item.line for cell in cells for item in cell}) < sum(map(bool, cells)) for cells in grid)
    return (
        len(grid) > MIN_ROWS
        and len(texts) >= 0.75 * cells
        and _median(len(text.split()) for text in texts) <= 3
        and across * 2 > len(grid)
    )


def _median(values: Iterable[float]) -> float:
    """Of nothing, 0: a column may be empty."""
    found = list(values)
    return statistics.median(found) if found else 0.0
