"""What the steps of structure share: plain blocks, runs of them, and the white between lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Block, BlockKind
from ocrdesk.contract.structure import BlockRole

_WIDER, _SPARE = 1.2, 0.25
"""In the usual white, and more in line heights: the white between blocks that may be one."""
_INDENTED = 3.0
"""In line heights: how far apart their left edges may be."""
_MAX_RUN = 40


def is_plain(block: Block) -> bool:
    """Return whether a block is text without a role so far."""
    return block.kind is BlockKind.TEXT and block.role is BlockRole.PARAGRAPH and bool(block.lines)


def close_run(blocks: Sequence[Block], start: int, white: float) -> Sequence[Block]:
    """Return a block with the plain ones below it that are no farther away than its lines are from each other.

    `white` is the usual white between two lines in pixels.
    """
    end = start + 1
    while end < len(blocks) and end - start < _MAX_RUN and _follow(blocks[end - 1], blocks[end], white):
        end += 1
    return blocks[start:end]


def _follow(above: Block, below: Block, white: float) -> bool:
    if not is_plain(above) or not is_plain(below):
        return False
    upper, lower = above.lines[-1].box, below.lines[0].box
    height = max(1, min(upper.height, lower.height))
    return -height < lower.top - upper.bottom <= _WIDER * white + _SPARE * height and (
        abs(upper.left - lower.left) <= _INDENTED * height
    )


def usual_white(blocks: Sequence[Block]) -> float:
    """Return the usual white between two lines of a block in pixels; 0 if no block has two lines."""
    whites = [lower.box.top - upper.box.bottom for block in blocks for upper, lower in pairwise(block.lines)]
    return max(0.0, median(whites)) if whites else 0.0
