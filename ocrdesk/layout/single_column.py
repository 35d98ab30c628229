"""Orders the lines of a page with one column from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line

_SAME_ROW = 0.3
"""Lines are side by side if they share more than this part of the lower one's height."""
_BLOCK_GAP = 1.0
"""In heights of the lower line: a wider gap between two lines separates blocks."""
_SIMILAR = 1.5


def order_single_column(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks; if no lines are side by side and they are out of order, sorted and grouped again."""
    lines = [line for block in blocks for line in block.lines]
    ordered = sorted(lines, key=lambda line: line.box.center_y)
    if lines == ordered or any(_are_side_by_side(one.box, other.box) for one, other in pairwise(ordered)):
        return tuple(blocks)
    groups: list[list[Line]] = [[ordered[0]]]
    for above, line in pairwise(ordered):
        if not _continues(above.box, line.box):
            groups.append([])
        groups[-1].append(line)
    return tuple(Block(box=Box.around([line.box for line in group]), lines=tuple(group)) for group in groups)


def _are_side_by_side(one: Box, other: Box) -> bool:
    return one.shared_height(other) > _SAME_ROW * min(one.height, other.height)


def _continues(above: Box, line: Box) -> bool:
    low, high = sorted((above.height, line.height))
    return (
        line.top - above.bottom <= _BLOCK_GAP * low and high <= _SIMILAR * max(1, low) and above.crosses_columns(line)
    )
