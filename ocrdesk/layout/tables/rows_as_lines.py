"""Arranges a page's text so that each row of a table is a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Page, Word

WordPlace = tuple[int, int, int]
"""Where the page has a word: the numbers of its block, its line and the word, each from 0."""
_Placed = tuple[WordPlace, Word]


@dataclass(frozen=True, slots=True)
class ArrangedBlock:
    """A block of the page as it is read, and where the page has the words of each of its lines."""

    block: Block
    places: tuple[tuple[WordPlace, ...], ...]

    @property
    def is_table(self) -> bool:
        """Whether each line is a row of a table."""
        return self.block.table is not None


def arrange_rows(page: Page) -> list[ArrangedBlock]:
    """Return the page's blocks. The lines of a table are its rows: the cells that begin in them, from the first on."""
    arranged = []
    for number, block in enumerate(page.blocks):
        lines = [list(_placed_words(number, index, line)) for index, line in enumerate(block.lines)]
        if block.table is None:
            arranged.append(ArrangedBlock(block, tuple(tuple(place for place, _ in line) for line in lines)))
        elif any(lines):
            arranged.append(_rows(block, lines))
    return arranged


def in_row_order(page: Page) -> Page:
    """Return the page with the rows of its tables as lines; the same page if it has no tables."""
    if all(block.table is None for block in page.blocks):
        return page
    return page.model_copy(update={"blocks": tuple(part.block for part in arrange_rows(page))})


def _placed_words(block: int, line: int, words: Line) -> Iterator[_Placed]:
    return (((block, line, number), word) for number, word in enumerate(words.words))


def _rows(block: Block, lines: Sequence[Sequence[_Placed]]) -> ArrangedBlock:
    """Return a table with its rows as lines. Words without a cell are in the row of the line before them."""
    cells = block.table.cells if block.table else ()
    rows: dict[int, list[_Placed]] = {}
    row = 0
    for line, placed in zip(block.lines, lines, strict=True):
        row = row if line.cell is None else cells[line.cell].row
        rows.setdefault(row, []).extend(placed)
    filled = [words for _, words in sorted(rows.items()) if words]
    made = tuple(
        Line(box=Box.around([word.box for _, word in words]), words=tuple(word for _, word in words))
        for words in filled
    )
    places = tuple(tuple(place for place, _ in words) for words in filled)
    return ArrangedBlock(block.model_copy(update={"lines": made}), places)
