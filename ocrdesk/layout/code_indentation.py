"""Finds how far the lines of code listings are indented.

A listing is set in letters of one width, so each word begins at a whole column, and it has the signs of code. Other
text has no indentation, whatever its margins are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Block, BlockKind, Line, Word

_CODE = re.compile(r"[{}();=<>\[\]_#|$]|[:,]$|^[-@/*]|\"\"\"|^[a-z_][\w.-]*:(\s|$)")
_CODE_LINES = 0.4
"""Share of a listing's lines that have signs of code."""
_MIN_LINES = 3
_MIN_WORDS = 4
"""Words of a block, apart from those that begin its lines, from which its columns are measured."""
_FITTING = 0.75
"""Share of these words that begin at the column at which letters of one width put them."""
_ROUGHLY = 0.4
"""The same share of a block of code in which words were split or letters missed."""
_OFF_BY = 0.4
"""In columns: how far a word may begin from its column."""
_SAME_WIDTH = 0.1
"""Share by which the letters of two blocks of a listing may differ in width."""
_SINGLE_WORD = 0.2
"""The same for a line of one word, whose last letter may be narrower than its column."""

_LETTERS = 3


def indentations(blocks: Sequence[Block]) -> dict[tuple[int, int], int]:
    """Return the columns of white space before the indented lines of code, by the numbers of block and line from 0."""
    numbers, width = find_listing(blocks)
    listed = [(number, index, line) for number in numbers for index, line in enumerate(blocks[number].lines)]
    margin = min((line.box.left for _, _, line in listed if line.words), default=0)
    columns = {(number, index): round((line.box.left - margin) / width) for number, index, line in listed if line.words}
    return {place: column for place, column in columns.items() if column}


def find_listing(blocks: Sequence[Block]) -> tuple[Sequence[int], float]:
    """Return the numbers of the blocks that are a listing, from 0, and the width of its columns in pixels."""
    lines = [(number, line) for number, block in enumerate(blocks) for line in _text_lines(block)]
    if sum(_is_code(line) for _, line in lines) < _MIN_LINES:
        return (), 1.0
    widths = {number: width for number, block in enumerate(blocks) if (width := _letter_width(block.lines))}
    width = median(widths.values()) if widths else _letter_width([line for _, line in lines])
    if width is None:
        return (), 1.0
    listing = {number for number, block in enumerate(blocks) if _fits(block, widths.get(number), width)}
    listed = [line for number, line in lines if number in listing]
    if len(listed) < _MIN_LINES or _share_of_code(listed) < _CODE_LINES:
        return (), 1.0
    return sorted(listing), width


def column_width(lines: Sequence[Line]) -> float | None:
    """Return the width of a column of a listing in pixels, by where words begin; None if its letters differ in width.

    Letters alone are narrower than their columns.
    """
    return _letter_width(lines)


def has_fixed_width(lines: Sequence[Line]) -> bool:
    """Return whether all letters of the lines have one width; not if they are too few to tell."""
    return _letter_width(lines) is not None


def _text_lines(block: Block) -> list[Line]:
    return [line for line in block.lines if line.words] if block.kind is BlockKind.TEXT else []


def _share_of_code(lines: Sequence[Line]) -> float:
    return sum(map(_is_code, lines)) / len(lines)


def _is_code(line: Line) -> bool:
    return _CODE.search(line.text) is not None


def _letter_width(lines: Sequence[Line]) -> float | None:
    """Return the width of a column in pixels, if all letters of the lines have one width."""
    places = [place for line in lines for place in _places(line)]
    if len(places) < _MIN_WORDS:
        return None
    width = median(pixels / column for pixels, column in places)
    if width <= 0:
        return None
    fitting = sum(abs(pixels / width - column) <= _OFF_BY for pixels, column in places)
    return width if fitting >= _FITTING * len(places) else None


def _places(line: Line) -> Iterator[tuple[int, int]]:
    """Yield the distance in pixels of each word from the line's first, and the letters and spaces before it."""
    column = 0
    for word in line.words:
        if column:
            yield word.box.left - line.words[0].box.left, column
        column += len(word.text) + 1


def _steps(line: Line) -> Iterator[tuple[int, int]]:
    """Yield the distance in pixels from each word to the next, and the letters and the space between them."""
    for word, following in pairwise(line.words):
        yield following.box.left - word.box.left, len(word.text) + 1


def _fits(block: Block, own_width: float | None, width: float) -> bool:
    """Return whether the block belongs to a listing whose letters have that width."""
    if block.kind is not BlockKind.TEXT:
        return False
    if own_width is not None:
        return abs(own_width - width) <= _SAME_WIDTH * width
    places = [place for line in block.lines for place in _places(line)]
    if places and _share_of_code(block.lines) >= _CODE_LINES:
        steps = [step for line in block.lines for step in _steps(line)]
        return sum(abs(pixels / width - column) <= _OFF_BY for pixels, column in steps) >= _ROUGHLY * len(steps)
    if places:
        return all(abs(pixels / width - column) <= 2 * _OFF_BY for pixels, column in places)
    words = [word for line in block.lines for word in line.words]
    return all(_is_as_wide(word, width) for word in words)


def _is_as_wide(word: Word, width: float) -> bool:
    """Return whether the word's letters may have that width; a single sign is narrower than its column."""
    own = word.box.width / len(word.text)
    return own <= (1 + _SINGLE_WORD) * width and (own >= (1 - _SINGLE_WORD) * width or len(word.text) < _LETTERS)
