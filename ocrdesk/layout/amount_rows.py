"""Joins amounts with what they are the amounts of.

An engine often reads the amounts of a receipt as a column of their own. An amount belongs to the text on its left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line

_AMOUNT = re.compile(r"[^\w.,]{0,2}[^\W\d]{0,3}[^\w.,]{0,2}\d[\d.,]*[.,]\d{2}[^\w.,]?[^\W\d]{0,2}")
"""A number with two decimals, with a currency before or a letter of a tax behind it."""
_SIGNS = re.compile(r"[^\W\d]{0,3}[^\w]{0,2}")
"""What may stand beside an amount as a word of its own: a currency, or a letter of a tax."""
_LABEL_WORDS = 8
"""A line with more words is not the name of an amount but prose beside it."""


def join_amounts(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with each line that is only an amount at the end of the line on its left, if there is one."""
    lines = [list(block.lines) for block in blocks]
    amounts = [line for group in lines for line in group if _is_amount(line)]
    if not amounts:
        return tuple(blocks)
    joined = False
    for amount in sorted(amounts, key=lambda line: line.box.left):
        host = _host(amount, [line for group in lines for line in group])
        if host is None:
            continue
        joined = True
        merged = Line(box=Box.around([host.box, amount.box]), words=(*host.words, *amount.words))
        lines = [[merged if line is host else line for line in group if line is not amount] for group in lines]
    if not joined:
        return tuple(blocks)
    return tuple(block.with_lines(group) for block, group in zip(blocks, lines, strict=True) if group)


def _is_amount(line: Line) -> bool:
    texts = [word.text for word in line.words]
    return any(map(_AMOUNT.fullmatch, texts)) and all(_AMOUNT.fullmatch(it) or _SIGNS.fullmatch(it) for it in texts)


def _host(amount: Line, lines: Sequence[Line]) -> Line | None:
    """Return the line that ends nearest on the left of an amount, if it may be the amount's name."""
    on_row = [
        line
        for line in lines
        if line is not amount and line.box.right <= amount.box.left and _share_row(line.box, amount.box)
    ]
    nearest = max(on_row, key=lambda line: line.box.right, default=None)
    return nearest if nearest is not None and len(nearest.words) <= _LABEL_WORDS else None


def _share_row(one: Box, other: Box) -> bool:
    """Return whether the middle of each is in the other; boxes of some words are twice as high as the text."""
    return one.top <= other.center_y < one.bottom and other.top <= one.center_y < other.bottom
