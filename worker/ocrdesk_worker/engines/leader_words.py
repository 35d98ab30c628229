"""Puts rows of dots back between the words that they lead from and to, as one word each.

An engine reads the page without them. What a leader joins is one line: an entry and its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk_worker.preprocess.dot_leaders import Leader

_NEAR = 1.5
"""In heights of a word: the widest gap between a word and its leader."""
_ON_LINE = 0.5, 0.2
"""In heights of a word: how far above and below its foot the dots are."""
_SAME_ENTRY = 1.5
"""In heights of a word: a wider gap after a number ends the entry."""
_CONFIDENCE = 0.95
_CELL = 32


@dataclass(eq=False, slots=True)
class _Row:
    """The words of a line, which may move to another."""

    line: Line
    words: list[Word] = field(default_factory=list)


def insert_leaders(blocks: Sequence[Block], leaders: Iterable[Leader]) -> tuple[Block, ...]:
    """Return the blocks with each leader after the word that it leads from, and in its line what it leads to.

    Dots beside no word are a ruling line, and left out.
    """
    rows = [[_Row(line, list(line.words)) for line in block.lines] for block in blocks]
    places: dict[int, list[tuple[Word, _Row]]] = defaultdict(list)
    for row in (row for block in rows for row in block):
        for word in row.words:
            places[word.box.bottom // _CELL].append((word, row))
    for leader in sorted(leaders, key=lambda it: it.box.left):
        near = range(leader.box.top // _CELL - 2, leader.box.bottom // _CELL + 3)
        _insert(leader, [it for cell in near for it in places[cell]], places)
    return tuple(built for block, lines in zip(blocks, rows, strict=True) if (built := _rebuilt(block, lines)))


def _insert(leader: Leader, near: Sequence[tuple[Word, _Row]], places: dict[int, list[tuple[Word, _Row]]]) -> None:
    box = leader.box
    level = [(word, row) for word, row in near if word in row.words and _is_level(word.box, box)]
    before = [it for it in level if -it[0].box.height / 2 <= box.left - it[0].box.right <= _NEAR * it[0].box.height]
    if not before:
        return
    first, row = max(before, key=lambda it: it[0].box.right)
    dots = Word(text="." * leader.dots, box=box, confidence=_CONFIDENCE, source=first.source)
    after = [it for it in level if -it[0].box.height / 2 <= it[0].box.left - box.right <= _NEAR * it[0].box.height]
    moved: list[Word] = []
    if after:
        second, other = min(after, key=lambda it: it[0].box.left)
        if other is not row:
            moved = _entry(other.words[other.words.index(second) :])
            other.words = [word for word in other.words if word not in moved]
            places[box.bottom // _CELL] += [(word, row) for word in moved]
    at = row.words.index(first) + 1
    row.words[at:at] = [dots, *moved]


def _is_level(word: Box, dots: Box) -> bool:
    above, below = (share * word.height for share in _ON_LINE)
    return word.bottom - above <= dots.bottom <= word.bottom + below


def _entry(words: Sequence[Word]) -> list[Word]:
    """Return the first words, up to a wide gap."""
    found = [words[0]]
    for word in words[1:]:
        if not 0 <= word.box.left - found[-1].box.right <= _SAME_ENTRY * word.box.height:
            break
        found.append(word)
    return found


def _rebuilt(block: Block, rows: Sequence[_Row]) -> Block | None:
    """Return the block with the words of its rows; the block itself if they are the same, None if there are none."""
    lines = tuple(
        row.line if row.line.words == tuple(row.words) else row.line.with_words(row.words) for row in rows if row.words
    )
    if lines == block.lines:
        return block
    return block.with_lines(lines) if lines else None
