"""Arranges a page's text so that each row of a table is a line.

An engine may read a table column by column, or each cell as a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Page, Word
from ocrdesk.layout.tables.finder import find_tables
from ocrdesk.layout.tables.model import Table

WordPlace = tuple[int, int, int]
"""Where the page has a word: the numbers of its block, its line and the word, each from 0."""
_Placed = tuple[WordPlace, Word]


@dataclass(frozen=True, slots=True)
class ArrangedBlock:
    """A block of the page as it is read, and where the page has the words of each of its lines."""

    block: Block
    places: tuple[tuple[WordPlace, ...], ...]
    is_table: bool = False
    """Whether each line is a row of a table that the page has in another order."""


def arrange_rows(page: Page) -> list[ArrangedBlock]:
    """Return the page's blocks; those of tables that are not in the order of their rows are replaced by the rows."""
    tables = _scrambled_tables(page)
    owner = {index: table for table in tables for index in table.members}
    words = list(_placed_words(page))
    arranged: list[ArrangedBlock] = []
    seen: set[int] = set()
    index = 0
    for number, block in enumerate(page.blocks):
        lines: list[list[_Placed]] = []
        for line_number, line in enumerate(block.lines):
            kept: list[_Placed] = []
            for word_number, word in enumerate(line.words):
                table = owner.get(index)
                index += 1
                if table is None:
                    kept.append(((number, line_number, word_number), word))
                elif id(table) not in seen:
                    seen.add(id(table))
                    arranged += _arranged([*lines, kept], block.kind)
                    arranged += _arranged([[words[at] for at in row] for row in table.word_rows], is_table=True)
                    lines, kept = [], []
            lines.append(kept)
        arranged += _arranged(lines, block.kind, whole=block)
    return arranged


def in_row_order(page: Page) -> Page:
    """Return the page with its tables in the order of their rows; the same page if they are already."""
    if not _scrambled_tables(page):
        return page
    return page.model_copy(update={"blocks": tuple(part.block for part in arrange_rows(page))})


def _scrambled_tables(page: Page) -> list[Table]:
    """Return the tables of which the page has a row in several lines, or the rows in another order."""
    if not _has_lines_side_by_side(page):
        return []  # most pages: finding tables takes many times as long
    line_of = [number for number, line in enumerate(page.lines()) for _ in line.words]
    return [table for table in find_tables(page) if _is_scrambled(table, line_of)]


def _is_scrambled(table: Table, line_of: Sequence[int]) -> bool:
    order = [index for row in table.word_rows for index in row]
    return order != sorted(order) or any(len({line_of[index] for index in row}) > 1 for row in table.word_rows)


def _has_lines_side_by_side(page: Page) -> bool:
    """Return whether any two lines share at least half of the lower one's height, and no column."""
    boxes = sorted((line.box for line in page.lines() if line.words), key=lambda box: box.top)
    return any(
        2 * upper.shared_height(lower) >= min(upper.height, lower.height) and not upper.shares_columns(lower)
        for upper, lower in pairwise(boxes)
    )


def _placed_words(page: Page) -> Iterator[_Placed]:
    for number, block in enumerate(page.blocks):
        for line_number, line in enumerate(block.lines):
            for word_number, word in enumerate(line.words):
                yield (number, line_number, word_number), word


def _arranged(
    lines: Sequence[Sequence[_Placed]],
    kind: BlockKind = BlockKind.TEXT,
    *,
    is_table: bool = False,
    whole: Block | None = None,
) -> list[ArrangedBlock]:
    """Return the lines as a block; none without words. `whole` is used as it is if all its words are here."""
    filled = [line for line in lines if line]
    if not filled:
        return []
    places = tuple(tuple(place for place, _ in line) for line in filled)
    if whole is not None and sum(map(len, filled)) == sum(len(line.words) for line in whole.lines):
        return [ArrangedBlock(whole, tuple(tuple(place for place, _ in line) for line in lines))]
    made = tuple(
        Line(box=Box.around([word.box for _, word in line]), words=tuple(word for _, word in line)) for line in filled
    )
    return [ArrangedBlock(Block(kind=kind, box=Box.around([line.box for line in made]), lines=made), places, is_table)]
