"""The lines of code listings, indented by spaces as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from ocrdesk.contract.document import Block
from ocrdesk.contract.structure import BlockRole
from ocrdesk.layout.code_indentation import column_width
from ocrdesk.layout.line_joining import one_line

_MOST_COLUMNS = 120
"""Of indentation; more is not code but a wrong box."""


def code_lines(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the lines of neighbouring blocks of code, with an empty line between two blocks."""
    columns = dict(_columns(list(enumerate(blocks))))
    lines: list[str] = []
    for number, block in enumerate(blocks):
        written = [
            " " * columns[number, index] + one_line(line.text) for index, line in enumerate(block.lines) if line.words
        ]
        if lines and written:
            lines.append("")
        lines += written
    return tuple(lines)


def code_columns(blocks: Sequence[Block]) -> dict[tuple[int, int], int]:
    """Return the columns of white space before lines of code, by the numbers of block and line from 0."""
    found: dict[tuple[int, int], int] = {}
    for is_code, group in groupby(enumerate(blocks), key=lambda one: one[1].role is BlockRole.CODE):
        if is_code:
            found.update(_columns(list(group)))
    return found


def _columns(blocks: Sequence[tuple[int, Block]]) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield for each line with words of a listing its place and how many letters it is indented."""
    width = _letter_width([block for _, block in blocks])
    lines = [(number, index, line) for number, block in blocks for index, line in enumerate(block.lines) if line.words]
    margin = min((line.box.left for _, _, line in lines), default=0)
    for number, index, line in lines:
        indent = min((line.box.left - margin) / width, _MOST_COLUMNS) if width > 0 else 0
        yield (number, index), round(indent)


def _letter_width(blocks: Sequence[Block]) -> float:
    """Return the width of a letter with the white beside it in pixels, 0 if it is unknown."""
    if width := column_width([line for block in blocks for line in block.lines]):
        return width
    widths = [word.box.width / len(word.text) for block in blocks for line in block.lines for word in line.words]
    return max(0.0, median(widths)) if widths else 0.0
