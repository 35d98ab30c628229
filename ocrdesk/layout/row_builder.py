"""A page's words while they are being put right: rows that words leave and join, and blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ocrdesk.contract.document import Block, Box, Line, Word

_SAME_ROW = 0.5
_REACH = 2.0
"""In heights of the row: how far from a row's end running text may begin and still go on with it."""
_CELL_WORDS, _CELL_REACH = 3, 12.0
"""So few words may be a table's cell, which stands farther off."""
_BLOCK_GAP = 1.0


@dataclass(eq=False, slots=True)
class Row:
    """A line of the page. Its words are in reading order when it is built; `box` is around them."""

    words: list[Word] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box.around([word.box for word in self.words])

    def replace(self, old: Iterable[Word], new: Iterable[Word]) -> None:
        """Puts words in the place of others, from left to right."""
        gone = {id(word) for word in old}
        kept = [word for word in self.words if id(word) not in gone]
        self.words = sorted([*kept, *new], key=lambda word: word.box.left + word.box.right)


class Rows:
    """Blocks of rows."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = [[Row(list(line.words)) for line in block.lines] for block in blocks]

    def all(self) -> list[Row]:
        return [row for block in self._blocks for row in block]

    def add(self, words: list[Word]) -> None:
        """Gives words that stand on one line their place: at the end of a row, or in a block of their own."""
        box = Box.around([word.box for word in words])
        if row := self._row_for(box, _CELL_REACH if len(words) <= _CELL_WORDS else _REACH):
            row.replace((), words)
            return
        for block in self._blocks:
            if (place := _place_in(block, box)) is not None:
                block.insert(place, Row(words))
                return
        self._blocks.insert(self._place_for(box), [Row(words)])

    def blocks(self) -> tuple[Block, ...]:
        """The contract's records; rows and blocks without words are gone."""
        built = []
        for block in self._blocks:
            lines = tuple(Line(box=row.box, words=tuple(row.words)) for row in block if row.words)
            if lines:
                built.append(Block(box=Box.around([line.box for line in lines]), lines=lines))
        return tuple(built)

    def _row_for(self, box: Box, reach: float) -> Row | None:
        near = [
            (_gap(row.box, box), number, row)
            for number, row in enumerate(self.all())
            if row.words and _share_a_row(row.box, box) and _gap(row.box, box) <= reach * box.height
        ]
        return min(near)[2] if near else None

    def _place_for(self, box: Box) -> int:
        """After the last block above it in its column; else before the first one below; else by height."""
        boxes = {
            number: Box.around([row.box for row in block if row.words])
            for number, block in enumerate(self._blocks)
            if any(row.words for row in block)
        }
        middle = (box.top + box.bottom) / 2
        beside = [number for number, other in boxes.items() if other.left < box.right and box.left < other.right]
        above = [number for number in beside if (boxes[number].top + boxes[number].bottom) / 2 < middle]
        if above:
            return max(above, key=lambda number: boxes[number].bottom) + 1
        if beside:
            return beside[0]
        return next((number for number, other in boxes.items() if other.top > middle), len(self._blocks))


def _share_a_row(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _SAME_ROW * max(one.height, other.height)


def _gap(one: Box, other: Box) -> int:
    return max(one.left - other.right, other.left - one.right, 0)


def _place_in(block: list[Row], box: Box) -> int | None:
    """Where in a block a line belongs: below a row that it continues, or above one that continues it. Or None."""
    rows = [(number, row.box) for number, row in enumerate(block) if row.words]
    above = max((it for it in rows if it[1].top <= box.top), key=lambda it: it[1].top, default=None)
    below = min((it for it in rows if it[1].top > box.top), key=lambda it: it[1].top, default=None)
    if above and _continues(above[1], box):
        return above[0] + 1
    return below[0] if below and _continues(box, below[1]) else None


def _continues(last: Box, box: Box) -> bool:
    """Whether a line stands just below another of about the same height, in its column."""
    return (
        last.left < box.right
        and box.left < last.right
        and box.top - last.bottom <= _BLOCK_GAP * min(last.height, box.height)
        and max(last.height, box.height) <= 1.5 * min(last.height, box.height)
    )
