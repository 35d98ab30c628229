"""What the steps of structure share: plain blocks, parts of blocks, and the white between lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line
from ocrdesk.contract.structure import BlockRole


def is_plain(block: Block) -> bool:
    """Return whether a block is text without a role so far."""
    return block.kind is BlockKind.TEXT and block.role is BlockRole.PARAGRAPH and bool(block.lines)


def part(block: Block, lines: Sequence[Line], **changes: Any) -> Block:
    """Return the part of a block that has these lines, with other fields changed."""
    return block.model_copy(update={"box": Box.around([line.box for line in lines]), "lines": tuple(lines), **changes})


def usual_white(blocks: Sequence[Block]) -> float:
    """Return the usual white between two lines of a block in pixels; 0 if no block has two lines."""
    whites = [lower.box.top - upper.box.bottom for block in blocks for upper, lower in pairwise(block.lines)]
    return max(0.0, median(whites)) if whites else 0.0
