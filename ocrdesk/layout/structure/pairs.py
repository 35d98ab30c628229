"""Finds lines of labels and values, as in forms and the sums of receipts: their line breaks carry meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.structure.parts import close_run, is_plain, usual_white

_MIN_LINES = 2
_PAIRS = 0.7
"""The share of the lines that have a label and a value."""
_LONGEST = 70
"""Letters of such a line."""
_LABEL = re.compile(r"[^\W\d_][^:]{0,34}:(?!//)(?:\s|$)")
"""A label with a colon at the beginning of a line."""
_MAX_LABEL_WORDS = 4
_AMOUNT = re.compile(
    r"[^\W\d_].*?\s(?:[^\W\d_]{2,3}\s?|[$€£¥]\s?)?-?\d{1,3}(?:,?\d{3})*[.,]\d\d-?(?:\s?[^\W\d_]{1,2})?"
)
"""A text and an amount at the end of a line."""


def with_pairs(page: Page) -> Page:
    """Return the page with the role of pairs for such blocks. Paragraphs below each other are joined."""
    white = usual_white(page.blocks)
    blocks: list[Block] = []
    index = 0
    while index < len(page.blocks):
        block = page.blocks[index]
        run = close_run(page.blocks, index, white) if is_plain(block) and _is_pair(block.lines[0]) else [block]
        while len(run) > 1 and not (all(map(_is_pair, run[-1].lines)) and _are_pairs(_lines(run))):
            run = run[:-1]
        if is_plain(block) and _are_pairs(_lines(run)):
            blocks.append(block.with_lines(_lines(run), role=BlockRole.PAIRS))
        else:
            run = [block]
            blocks.append(block)
        index += len(run)
    return page.model_copy(update={"blocks": tuple(blocks)})


def _lines(blocks: Sequence[Block]) -> list[Line]:
    return [line for block in blocks for line in block.lines]


def _are_pairs(lines: Sequence[Line]) -> bool:
    if len(lines) < _MIN_LINES or any(len(line.text) > _LONGEST for line in lines):
        return False
    return sum(map(_is_pair, lines)) >= max(_MIN_LINES, _PAIRS * len(lines))


def _is_pair(line: Line) -> bool:
    text = line.text[: _LONGEST + 1]
    label = _LABEL.match(text)
    if label is not None and len(label[0].split()) <= _MAX_LABEL_WORDS:
        return True
    return len(text) <= _LONGEST and _AMOUNT.fullmatch(text) is not None
