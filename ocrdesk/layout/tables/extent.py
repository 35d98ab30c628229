"""Where a table between horizontal lines, or without lines, begins and ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.columns import Columns
from ocrdesk.layout.tables.model import Row, Scale
from ocrdesk.layout.tables.rules import Stroke
from ocrdesk.layout.tables.text_kinds import is_caption, is_note
from ocrdesk.layout.tables.text_lines import TextLine
from ocrdesk.layout.tables.text_rows import bottom_of, top_of

_ACROSS = 0.8
"""The share of a table's width that a line across it has."""
_MAX_TITLE_LINES = 3
_HEADER_GAP = 2.0
"""In heights of the median word: a row of the header is not farther above the next."""
_BESIDE = 0.15
"""In heights of the median word: a line of text that reaches so far above the row before is beside it."""


class Borders:
    """The lines across a table."""

    def __init__(self, lines: Sequence[Stroke], box: Box) -> None:
        self._positions = sorted(
            line.position
            for line in lines
            if min(line.end, box.right) - max(line.start, box.left) >= _ACROSS * box.width
        )

    def between(self, top: float, bottom: float) -> bool:
        """Return whether a line is between two heights."""
        return bisect_left(self._positions, top) < bisect_right(self._positions, bottom)

    def above_lines(self, lines: Sequence[TextLine]) -> list[int]:
        """Return the numbers of the lines of text, from 0 to their count, that have a border above them."""
        middles = sorted((line.top + line.bottom) / 2 for line in lines)
        return sorted({bisect_left(middles, position) for position in self._positions})


def ends(found: Sequence[TextLine], borders: Sequence[int], columns: int) -> tuple[int, int]:
    """Return the first line of the table and the one after its last.

    Captions above its first ruling line are not in it, nor are notes below its last.
    """
    first, last = 0, len(found)
    half = max(2, (columns + 1) // 2)
    if borders and 0 < borders[0] <= _MAX_TITLE_LINES:
        above = found[: borders[0]]
        has_second = len(borders) > 1 and borders[1] < last
        if is_caption(above[0].text) or (has_second and all(len(line.columns) < half for line in above)):
            first = borders[0]
    while first < last - 2 and is_caption(found[first].text):
        first += 1
    if borders and first + 1 < borders[-1] < last:
        below = found[borders[-1] :]
        if all(len(line.pieces) < half for line in below) or is_note(below[0].text):
            last = borders[-1]
    return first, last


def header_rows_above(
    above: Sequence[Row], box: Box, columns: Columns, lines: Sequence[Stroke], scale: Scale
) -> list[Row]:
    """Return the rows above a region that belong to its header: over some of its columns, or below its first line."""
    borders = Borders(lines, box)
    edge = columns.gutters[0][0] - scale.height
    found: list[Row] = []
    kept = 0
    top: float = box.top
    for row in reversed(above):
        if not _is_inside(row, box, scale) or top - bottom_of(row) > _HEADER_GAP * scale.height:
            break
        has_border = borders.between(top_of(row) - 2 * scale.height, top_of(row))
        if borders.between(bottom_of(row) - 3, top) and not has_border:
            break
        is_over_columns = min(segment.box.left for segment in row) >= edge
        text = " ".join(word.word.text for segment in row for word in segment.words)
        if is_caption(text) or not (is_over_columns or has_border):
            break
        found.append(row)
        top = top_of(row)
        kept = len(found)
    return found[:kept][::-1]


def last_rows(below: Sequence[Row], last: Row, box: Box, lines: Sequence[Stroke], scale: Scale) -> Sequence[Row]:
    """Return the rows below a region that are its own: those above the ruling line that ends it, or beside its last."""
    borders = Borders(lines, box)
    end = bottom = bottom_of(last)
    count = 0
    for number, row in enumerate(below):
        if not _is_inside(row, box, scale) or top_of(row) - bottom > _HEADER_GAP * scale.height:
            break
        bottom = max(bottom, bottom_of(row))
        is_beside = top_of(row) < end - _BESIDE * scale.height
        ends_table = borders.between(bottom - 3, bottom + scale.height) and not borders.between(end - 3, top_of(row))
        if is_beside or ends_table:
            count = number + 1
    return below[:count]


def _is_inside(row: Row, box: Box, scale: Scale) -> bool:
    left, right = min(segment.box.left for segment in row), max(segment.box.right for segment in row)
    return left >= box.left - scale.height and right <= box.right + scale.height
