"""The room at a line's end, which tells why it ended: for want of room, or because somebody wanted a new line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Block, Box, Line

_NEAR = 4.0
"""In line heights: how far apart lines of one column begin, at most."""
_WIDEST_GAP = 2.0
"""In line heights, between two words of a line: more, and it is a table's row."""
_SPACE = 0.25
"""In line heights, the space between two words."""
_ROOM = 0.5
"""In line heights: how much more than a word's width is room for it without doubt."""
_AROUND = 2


def blocks_around(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    """A block and those before and after it that tell how wide its column is."""
    return blocks[max(0, at - _AROUND) : at + _AROUND + 1]


def breaks_of_prose(blocks: Sequence[Block], at: int) -> list[bool]:
    """Of each line of a block but the last: whether only the page's width ended it, so that the text flows on.

    All false for what is no prose: an address, a bill, a poem.
    """
    block = blocks[at]
    height = median([letter_height(line) for line in block.lines if line.words] or [0.0])
    right = right_edge(blocks_around(blocks, at), block.box, height)
    flows = [
        is_text(upper) and is_text(lower) and not next_word_would_fit(upper, lower, right, without_doubt=True)
        for upper, lower in pairwise(block.lines)
    ]
    return flows if 2 * sum(flows) > len(flows) else [False] * len(flows)


def right_edge(blocks: Iterable[Block], beside: Box, height: float) -> int:
    """How far to the right the lines go that begin where this box does, in its column."""
    return max(
        (
            line.box.right
            for block in blocks
            for line in block.lines
            if abs(line.box.left - beside.left) <= _NEAR * height and share_column(line.box, beside)
        ),
        default=beside.right,
    )


def next_word_would_fit(upper: Line, lower: Line, right: int, *, without_doubt: bool = False) -> bool:
    """Whether the lower line's first word would have ended before `right`, had it stood in the upper line."""
    word, height = lower.words[0].box, mean_height(upper, lower)
    needed = upper.box.right + _SPACE * height + (word.right - word.left)
    return needed <= right - (_ROOM * height if without_doubt else 0)


def is_text(line: Line) -> bool:
    """Whether it is words next to each other, and no table's row."""
    height = line.box.bottom - line.box.top
    gaps = (after.box.left - word.box.right for word, after in pairwise(line.words))
    return bool(line.words) and max(gaps, default=0) <= _WIDEST_GAP * height


def share_column(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return 2 * shared > min(one.right - one.left, other.right - other.left)


def mean_height(upper: Line, lower: Line) -> float:
    return max(1.0, (letter_height(upper) + letter_height(lower)) / 2)


def letter_height(line: Line) -> float:
    """The line's height in pixels by its words, so that a taller neighbour or a speck does not count."""
    return median(word.box.bottom - word.box.top for word in line.words)
