"""The lines of code listings, indented by spaces as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ocrdesk.contract.document import Block, Line
from ocrdesk.layout.line_joining import one_line

_MOST_COLUMNS = 120
"""Of indentation; more is not code but a wrong box."""


def code_lines(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the lines of neighbouring blocks of code, with an empty line between two blocks."""
    width = _letter_width(blocks)
    lefts = [line.box.left for block in blocks for line in block.lines if line.words]
    margin = min(lefts, default=0)
    lines: list[str] = []
    for block in blocks:
        written = [_indented(line, margin, width) for line in block.lines if line.words]
        if lines and written:
            lines.append("")
        lines += written
    return tuple(lines)


def _indented(line: Line, margin: int, width: float) -> str:
    columns = round(min((line.box.left - margin) / width, _MOST_COLUMNS)) if width > 0 else 0
    return " " * columns + one_line(line.text)


def _letter_width(blocks: Sequence[Block]) -> float:
    """Return the width of a letter in pixels, 0 if it is unknown."""
    widths = [
        word.box.width / len(word.text) for block in blocks for line in block.lines for word in line.words if word.text
    ]
    return max(0.0, median(widths)) if widths else 0.0
