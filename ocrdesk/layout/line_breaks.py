"""Tells a wrapped line from an intended line break.

A line was wrapped if the next line's first word would not have fitted at its end. If there was room for that word,
the break is intended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line
from ocrdesk.layout.mirroring import mirror
from ocrdesk.layout.text_direction import is_rtl

_NEAR = 4.0
"""In line heights: how far apart the left edges of one column's lines are at most."""
_WIDEST_GAP = 2.0
"""In line heights, between two words of a line: if a gap is wider, the line is a table's row."""
_SPACE = 0.25
"""In line heights: the space between two words."""
_SPARE_ROOM = 0.5
"""In line heights: with this much more room than it needs, a word would certainly have fitted."""
_NEIGHBOURS = 2


def neighbouring_blocks(blocks: Sequence[Block], index: int) -> Sequence[Block]:
    """Return a block and the blocks before and after it that show how wide its column is."""
    return blocks[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]


def find_wrapped_lines(blocks: Sequence[Block], index: int) -> list[bool]:
    """Return for each line of a block but the last whether only the page's width ended it.

    All are False in a block that is not prose: an address, an invoice, a poem.
    """
    if is_rtl(line.text for line in blocks[index].lines):
        first = max(0, index - _NEIGHBOURS)
        return _wrapped(mirror(neighbouring_blocks(blocks, index)), index - first)
    return _wrapped(blocks, index)


def _wrapped(blocks: Sequence[Block], index: int) -> list[bool]:
    block = blocks[index]
    height = median([letter_height(line) for line in block.lines if line.words] or [0.0])
    right = right_edge(neighbouring_blocks(blocks, index), block.box, height)
    wrapped = [
        is_text(upper) and is_text(lower) and not next_word_would_fit(upper, lower, right, certainly=True)
        for upper, lower in pairwise(block.lines)
    ]
    return wrapped if 2 * sum(wrapped) > len(wrapped) else [False] * len(wrapped)


def right_edge(blocks: Iterable[Block], beside: Box, height: float) -> int:
    """Return the right edge of the lines in the box's column that begin at about the box's left edge."""
    return max(
        (
            line.box.right
            for block in blocks
            for line in block.lines
            if abs(line.box.left - beside.left) <= _NEAR * height and line.box.shares_columns(beside)
        ),
        default=beside.right,
    )


def next_word_would_fit(upper: Line, lower: Line, right: int, *, certainly: bool = False) -> bool:
    """Return whether the lower line's first word would have ended before `right`, had it been in the upper line."""
    height = mean_height(upper, lower)
    needed = upper.box.right + _SPACE * height + lower.words[0].box.width
    return needed <= right - (_SPARE_ROOM * height if certainly else 0)


def is_text(line: Line) -> bool:
    """Return whether the line has words next to each other, and is not a table's row."""
    gaps = (after.box.left - word.box.right for word, after in pairwise(line.words))
    return bool(line.words) and max(gaps, default=0) <= _WIDEST_GAP * line.box.height


def mean_height(upper: Line, lower: Line) -> float:
    """Return the mean of two lines' letter heights in pixels, at least 1."""
    return max(1.0, (letter_height(upper) + letter_height(lower)) / 2)


def letter_height(line: Line) -> float:
    """Return the line's height in pixels by its words, so that a taller neighbour or a speck does not count."""
    return median([bottom - top for _, top, _, bottom in (word.box for word in line.words)])
