"""Makes each table that is found a block of its own, whose lines are in the order of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Page, Word
from ocrdesk.contract.structure import BlockRole, Cell, TableGrid
from ocrdesk.layout.page_marks import PageMarks
from ocrdesk.layout.tables.finder import find_tables
from ocrdesk.layout.tables.model import Table

_LOOK_BACK = 50
"""So many blocks before one are looked at."""


def with_table_blocks(page: Page, marks: PageMarks) -> Page:
    """Return the page with a block for each table, where its first word was.

    Text above a table comes before it, although it was read between two columns of the table.
    """
    tables = find_tables(page, marks)
    if not tables:
        return page
    words = list(page.words())
    line_of = [number for number, line in enumerate(page.lines()) for _ in line.words]
    owner = {index: table for table in tables for index in table.members}
    order = _Order()
    seen: set[int] = set()
    index = 0
    for block in page.blocks:
        kept: list[Line] = []
        for line in block.lines:
            before = len(kept)
            left: list[Word] = []
            for word in line.words:
                table = owner.get(index)
                index += 1
                if table is None:
                    left.append(word)
                elif id(table) not in seen:
                    seen.add(id(table))
                    order.add(_rest(block, [*kept, *_part(line, left)]), index)
                    order.add_table(_as_block(table, words, line_of), max(table.members))
                    kept, left, before = [], [], 0
            kept[before:] = _part(line, left)
        order.add(_rest(block, kept), index)
    return page.model_copy(update={"blocks": tuple(order.blocks)})


class _Order:
    """Blocks in reading order, with text above a table before it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._ends: dict[int, int] = {}
        """The index of each table's last word, by the block's id."""

    def add_table(self, block: Block, end: int) -> None:
        self.blocks.append(block)
        self._ends[id(block)] = end

    def add(self, blocks: Sequence[Block], index: int) -> None:
        """Add blocks whose words end before that index: before the tables below them that go on after it."""
        for block in blocks:
            place = len(self.blocks)
            has_table = False
            for number in range(place - 1, max(-1, place - 1 - _LOOK_BACK), -1):
                before = self.blocks[number]
                if block.box.bottom > before.box.top:
                    break
                has_table |= self._ends.get(id(before), 0) > index
                if has_table:
                    place = number
            self.blocks.insert(place, block)


def _part(line: Line, words: Sequence[Word]) -> list[Line]:
    """Return what is left of a line beside tables."""
    if len(words) == len(line.words):
        return [line]
    if not words:
        return []
    return [line.with_words(words)]


def _rest(block: Block, lines: Sequence[Line]) -> list[Block]:
    """Return what is left of a block beside tables."""
    if len(lines) == len(block.lines) and all(a is b for a, b in zip(lines, block.lines, strict=True)):
        return [block]
    if not lines:
        return []
    return [block.with_lines(lines)]


def _as_block(table: Table, words: Sequence[Word], line_of: Sequence[int]) -> Block:
    cells: list[Cell] = []
    lines: list[Line] = []
    for number, found in enumerate(table.cells):
        for _, group in groupby(found.words, key=lambda index: line_of[index]):
            members = tuple(words[index] for index in group)
            lines.append(Line(box=Box.around([word.box for word in members]), words=members, cell=number))
        box = found.box or Box.around([words[index].box for index in found.words])
        cells.append(
            Cell(row=found.row, column=found.column, row_span=found.row_span, column_span=found.column_span, box=box)
        )
    grid = TableGrid(
        rows=table.row_count,
        columns=table.column_count,
        header_rows=table.header_rows,
        confidence=round(table.confidence, 3),
        cells=tuple(cells),
    )
    return Block(role=BlockRole.TABLE, table=grid, box=table.box, lines=tuple(lines))
