"""Joins letters that are set apart: M I N U T E S."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import is_
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Page, Word

_MIN_LETTERS = 4
_MAX_GAP = 1.1
"""In letter heights: the usual white between letters of one word; columns are farther apart."""
_SPACE = 2.2
"""In the usual white: so much is between two words."""


def with_joined_letters(page: Page) -> Page:
    """Return the page with lines of single letters as words. Lists of letters (A B C D) stay."""
    blocks = tuple(_joined(block) if block.kind is BlockKind.TEXT else block for block in page.blocks)
    if all(one is other for one, other in zip(blocks, page.blocks, strict=True)):
        return page
    return page.model_copy(update={"blocks": blocks})


def _joined(block: Block) -> Block:
    lines = tuple(_line(line) if _is_spaced(line.words) else line for line in block.lines)
    return block if all(map(is_, lines, block.lines)) else block.model_copy(update={"lines": lines})


def _is_spaced(words: Sequence[Word]) -> bool:
    """Return whether words are the letters of a line with white between them."""
    if len(words) < _MIN_LETTERS or any(len(word.text) > 1 for word in words):
        return False
    letters = [word.text for word in words]
    if not all(map(str.isalpha, letters)) or len(set(letters)) < _MIN_LETTERS - 1:
        return False
    codes = [ord(letter) for letter in letters]
    if all(after - before == codes[1] - codes[0] for before, after in pairwise(codes)):
        return False
    height = median(word.box.height for word in words)
    gaps = [after.box.left - before.box.right for before, after in pairwise(words)]
    return min(gaps) >= 0 and median(gaps) <= _MAX_GAP * height


def _line(line: Line) -> Line:
    gaps = [after.box.left - before.box.right for before, after in pairwise(line.words)]
    wide = _SPACE * max(1.0, median(gaps))
    groups = [[line.words[0]]]
    for gap, word in zip(gaps, line.words[1:], strict=True):
        if gap > wide:
            groups.append([])
        groups[-1].append(word)
    return line.model_copy(update={"words": tuple(map(_word, groups))})


def _word(letters: Sequence[Word]) -> Word:
    return letters[0].model_copy(
        update={
            "text": "".join(word.text for word in letters),
            "box": Box.around([word.box for word in letters]),
            "confidence": min(word.confidence for word in letters),
        }
    )
