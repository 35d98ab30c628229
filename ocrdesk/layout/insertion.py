"""Finds where a block belongs in a page's reading order."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block


def insertion_index(blocks: Sequence[Block], area: Box) -> int:
    """Return the index at which text from that area of the page belongs among blocks in reading order.

    It comes after what is above it. Blocks beside the area come first if they begin at its left, as a column or a
    paragraph does.
    """
    in_column = [(index, block.box) for index, block in enumerate(blocks) if block.box.shares_columns(area)]
    first = 1 + max((index for index, box in in_column if box.center_y < area.center_y), default=-1)
    last = min((index for index, box in in_column if index >= first), default=len(blocks))
    while first < last and blocks[first].box.left < area.left:
        first += 1
    above = all(block.box.bottom <= area.top for block in blocks[first:last])
    return last if above else first
