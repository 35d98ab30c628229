"""Mirrors blocks, so that right-to-left text begins at the left like other text."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line


def mirror(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with left and right exchanged. Mirrored twice, they are as they were."""

    def line(found: Line) -> Line:
        words = (word.model_copy(update={"box": mirrored_box(word.box)}) for word in found.words)
        return found.model_copy(update={"box": mirrored_box(found.box), "words": tuple(words)})

    return tuple(
        block.model_copy(update={"box": mirrored_box(block.box), "lines": tuple(map(line, block.lines))})
        for block in blocks
    )


def mirrored_box(box: Box) -> Box:
    """Return the box on the mirror image of its page, whose columns of pixels are counted below 0."""
    return Box(-box.right, box.top, -box.left, box.bottom)
