"""Puts the words of a page in rows, if it has no columns.

An engine that looks for columns first takes the amounts of a receipt, or the cells of a form, for columns of their own.
Where what is side by side is level, it belongs together. Columns of running text are read one after the other, and so
is a paragraph beside anything else; in drawings, little is level.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word
from ocrdesk.layout.positioned_word import PositionedWord
from ocrdesk.layout.reading_order import has_columns
from ocrdesk.layout.row_chains import chain_rows
from ocrdesk.layout.text_direction import is_rtl

_MOST_WORDS = 5000
"""A page with more words is not a receipt or a form, and comparing all of them takes time."""
_MOST_OFFSET = 1 / 3
"""Of the neighbours on a page: so many may not be level."""
_PARAGRAPH_LINES, _PARAGRAPH_WORDS = 3, 5.0
"""A block with at least so many lines, and words in each of them, is a paragraph."""
_FILLED = 0.85
"""Of a paragraph's width: what its lines, apart from the last one, fill."""
_BLOCK_GAP = 1.0
"""In heights of the lower line: a wider gap between two lines separates blocks."""
_SIMILAR = 1.5


def order_rows(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks; if the page has no columns, with all its words in rows from top to bottom.

    Rows that are as they were stay in their blocks.
    """
    lines = [list(line.words) for block in blocks for line in block.lines]
    words = [word for line in lines for word in line]
    if not 1 < len(words) <= _MOST_WORDS or is_rtl(word.text for word in words):
        return tuple(blocks)
    chained = chain_rows(lines)
    if (
        chained.rows == lines
        or chained.offset > _MOST_OFFSET * (chained.level + chained.offset)
        or _has_paragraph_beside(blocks)
        or _has_columns(chained.rows)
    ):
        return tuple(blocks)
    return _in_blocks(chained.rows, blocks)


def _has_paragraph_beside(blocks: Sequence[Block]) -> bool:
    """Return whether a paragraph has other text beside it, on more than one of its rows."""
    for block in blocks:
        if not _is_paragraph(block):
            continue
        others = [other for other in blocks if other is not block and other.box.crosses_rows(block.box)]
        middles = [line.box.center_y for other in others for line in other.lines]
        if sum(block.box.top < middle < block.box.bottom for middle in middles) > 1:
            return True
    return False


def _is_paragraph(block: Block) -> bool:
    lines = block.lines
    if len(lines) < _PARAGRAPH_LINES or sum(len(line.words) for line in lines) < _PARAGRAPH_WORDS * len(lines):
        return False
    letters = sum(character.isalpha() for line in lines for word in line.words for character in word.text)
    digits = sum(character.isdecimal() for line in lines for word in line.words for character in word.text)
    filled = [line.box.width >= _FILLED * block.box.width for line in lines[:-1]]
    return letters > 2 * digits and all(filled)


def _has_columns(rows: Sequence[Sequence[Word]]) -> bool:
    """Return whether columns of running text are side by side."""
    placed: list[PositionedWord] = []
    for row in rows:
        top, bottom = (median(word.box[edge] for word in row) for edge in (1, 3))
        for word in row:
            area = float(word.box.left), top, float(word.box.right), bottom
            placed.append(PositionedWord(word.text, len(placed), True, 0, area, area))
    return has_columns(placed)


def _in_blocks(rows: Sequence[Sequence[Word]], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the rows as lines; those with words of the same block stay in one, and changed ones join the next."""
    owners = {id(word): number for number, block in enumerate(blocks) for line in block.lines for word in line.words}
    lines = {id(word): id(line) for block in blocks for line in block.lines for word in line.words}
    groups: list[list[Line]] = []
    before: set[int] = set()
    was_changed = False
    for row in rows:
        line = Line(box=Box.around([word.box for word in row]), words=tuple(row))
        here = {owners[id(word)] for word in row}
        is_changed = len({lines[id(word)] for word in row}) > 1
        stays = not before.isdisjoint(here) and not (is_changed or was_changed)
        if not groups or not (stays or _continues(groups[-1][-1].box, line.box, may_be_new=is_changed or was_changed)):
            groups.append([])
        groups[-1].append(line)
        before, was_changed = here, is_changed
    return tuple(Block(box=Box.around([line.box for line in group]), lines=tuple(group)) for group in groups)


def _continues(above: Box, line: Box, *, may_be_new: bool) -> bool:
    """Return whether a row continues the block of the row above, although they were not in one block."""
    low, high = sorted((above.height, line.height))
    is_near = line.top - above.bottom <= _BLOCK_GAP * low and high <= _SIMILAR * max(1, low)
    return may_be_new and is_near and above.crosses_columns(line)
