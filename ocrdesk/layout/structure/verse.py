"""Finds verse: several short lines, each of which begins with a capital and ends where its author wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Block, Line, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.line_breaks import is_text, letter_height, next_word_would_fit
from ocrdesk.layout.structure.parts import close_run, usual_white

_MIN_LINES = 4
_MIN_WORDS, _MAX_WORDS = 3.0, 12.0
"""Words of a line of verse in the mean."""
_CAPITALS = 0.75
"""Share of the lines that begin with a capital."""
_ENDS = 0.5
"""Share of the lines that end with punctuation, as verse mostly does."""
_FREE = 0.8
"""Share of the lines at whose ends the next word would have fitted."""
_MAX_DIGITS = 0.03
_PUNCTUATION = re.compile(r"[.,;:!?\u2014\u2013-][\"'\u201d\u2019\u00bb)]*$")
_MAX_LINES = 200


def with_verse(page: Page) -> Page:
    """Return the page with each stanza as a block of verse. Paragraphs that are its parts are joined."""
    lines = [line for block in page.blocks for line in block.lines if line.words]
    if not lines:
        return page
    left = min(line.box.left for line in lines)
    right = max(page.width - left, max(line.box.right for line in lines))
    white = usual_white(page.blocks)
    blocks: list[Block] = []
    index = 0
    while index < len(page.blocks):
        run = close_run(page.blocks, index, white)
        stanza = tuple(line for block in run for line in block.lines)
        if _is_verse(stanza, right):
            blocks.append(run[0].with_lines(stanza, role=BlockRole.VERSE))
            index += len(run)
        else:
            blocks.append(page.blocks[index])
            index += 1
    return page.model_copy(update={"blocks": tuple(blocks)})


def _is_verse(lines: Sequence[Line], right: int) -> bool:
    if not _MIN_LINES <= len(lines) <= _MAX_LINES or not all(line.words and is_text(line) for line in lines):
        return False
    texts = [line.text for line in lines]
    letters = "".join(texts)
    words = sum(len(line.words) for line in lines) / len(lines)
    if not _MIN_WORDS <= words <= _MAX_WORDS or sum(map(str.isdigit, letters)) > _MAX_DIGITS * len(letters):
        return False
    first = [text.lstrip("\"'\u201c\u2018\u00ab\u2014 ")[:1] for text in texts]
    if sum(map(str.isupper, first)) < _CAPITALS * len(lines):
        return False
    if sum(_PUNCTUATION.search(text) is not None for text in texts) < _ENDS * len(lines):
        return False
    free = sum(next_word_would_fit(upper, lower, right, certainly=True) for upper, lower in pairwise(lines))
    return free >= _FREE * (len(lines) - 1) and _is_ragged(lines)


def _is_ragged(lines: Sequence[Line]) -> bool:
    """Return whether the lines end at different places, and few sentences end within them."""
    ends = [line.box.right for line in lines]
    height = max(1.0, median(letter_height(line) for line in lines))
    return max(ends) - min(ends) > height
