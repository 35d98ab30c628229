"""Rebuilds rows and blocks while words are added or replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk.layout.text_direction import is_rtl

_SAME_ROW = 0.5
"""Boxes are on the same row if they share more than this part of the taller one's height."""
_REACH = 2.0
"""In heights of the row: how far from a row's end running text may begin and still continue the row."""
_CELL_WORDS, _CELL_REACH = 3, 12.0
"""So few words may be a table's cell, which is farther away."""
_BLOCK_GAP = 1.0
"""In heights of the lower line: a wider gap between two lines separates blocks."""


@dataclass(eq=False, slots=True)
class Row:
    """A line of the page. Its words are in reading order when it is built; `box` is around them."""

    words: list[Word] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box.around([word.box for word in self.words])

    def replace(self, old: Iterable[Word], new: Iterable[Word]) -> None:
        """Replace words by others. Those that stay keep their order; the new ones take the place of the first old one.

        Without old ones, each new word is inserted by its place, in right-to-left text all at one place.
        """
        removed = {id(word) for word in old}
        if is_rtl(word.text for word in self.words):
            self.words = _inserted(self.words, removed, list(new))
            return
        numbers = [number for number, word in enumerate(self.words) if id(word) in removed]
        before = self.words[: numbers[0]] if numbers else self.words
        after = [word for word in self.words[len(before) :] if id(word) not in removed]
        ordered = sorted(new, key=lambda word: word.box.center_x)
        if numbers:
            self.words = [*before, *ordered, *after]
            return
        self.words = [*self.words]
        for word in ordered:
            self.words.insert(sum(other.box.center_x < word.box.center_x for other in self.words), word)


class Rows:
    """Blocks of rows."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = [[Row(list(line.words)) for line in block.lines] for block in blocks]

    def all(self) -> list[Row]:
        return [row for block in self._blocks for row in block]

    def add(self, words: list[Word]) -> None:
        """Add words that are on one line: at the end of a row, or in a block of their own."""
        box = Box.around([word.box for word in words])
        if row := self._row_for(box, _CELL_REACH if len(words) <= _CELL_WORDS else _REACH):
            row.replace((), words)
            return
        for block in self._blocks:
            if (index := _index_in(block, box)) is not None:
                block.insert(index, Row(words))
                return
        self._blocks.insert(self._index_for(box), [Row(words)])

    def blocks(self) -> tuple[Block, ...]:
        """Return the contract's records, without rows and blocks that have no words."""
        built = []
        for block in self._blocks:
            lines = tuple(Line(box=row.box, words=tuple(row.words)) for row in block if row.words)
            if lines:
                built.append(Block(box=Box.around([line.box for line in lines]), lines=lines))
        return tuple(built)

    def _row_for(self, box: Box, reach: float) -> Row | None:
        near = [
            (row.box.gap(box), number, row)
            for number, row in enumerate(self.all())
            if row.words and _are_on_one_row(row.box, box) and row.box.gap(box) <= reach * box.height
        ]
        return min(near)[2] if near else None

    def _index_for(self, box: Box) -> int:
        """Return the index after the last block above it in its column; else before the first below; else by height."""
        boxes = {
            number: Box.around([row.box for row in block if row.words])
            for number, block in enumerate(self._blocks)
            if any(row.words for row in block)
        }
        in_column = [number for number, other in boxes.items() if other.crosses_columns(box)]
        above = [number for number in in_column if boxes[number].center_y < box.center_y]
        if above:
            return max(above, key=lambda number: boxes[number].bottom) + 1
        if in_column:
            return in_column[0]
        return next((number for number, other in boxes.items() if other.top > box.center_y), len(self._blocks))


def _inserted(words: Sequence[Word], removed: Collection[int], new: list[Word]) -> list[Word]:
    """Return a right-to-left row with new words at the place of the removed ones, else where they are on the page.

    Latin words and numbers in the row run to the right, so the row cannot be sorted by position.
    """
    new.sort(key=lambda word: -word.box.center_x)
    index = next(
        (
            number
            for number, word in enumerate(words)
            if (id(word) in removed if removed else new and word.box.center_x < new[0].box.center_x)
        ),
        len(words),
    )
    changed = [*words[:index], *new, *words[index:]]
    return [word for word in changed if id(word) not in removed]


def _are_on_one_row(one: Box, other: Box) -> bool:
    return one.shared_height(other) > _SAME_ROW * max(one.height, other.height)


def _index_in(block: list[Row], box: Box) -> int | None:
    """Return the index in a block of a line that continues the row above it, or that the row below continues."""
    rows = [(number, row.box) for number, row in enumerate(block) if row.words]
    above = max((it for it in rows if it[1].top <= box.top), key=lambda it: it[1].top, default=None)
    below = min((it for it in rows if it[1].top > box.top), key=lambda it: it[1].top, default=None)
    if above and _continues(above[1], box):
        return above[0] + 1
    return below[0] if below and _continues(box, below[1]) else None


def _continues(last: Box, box: Box) -> bool:
    """Return whether a line is just below another of about the same height, in its column."""
    return (
        last.crosses_columns(box)
        and box.top - last.bottom <= _BLOCK_GAP * min(last.height, box.height)
        and max(last.height, box.height) <= 1.5 * min(last.height, box.height)
    )
