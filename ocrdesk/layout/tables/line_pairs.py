"""Finds the regions of tables that have horizontal lines only: one above the header, one below it, one at the end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.model import MIN_ROWS, Row, Scale, median_or_zero
from ocrdesk.layout.tables.rules import Stroke
from ocrdesk.layout.tables.text_kinds import is_caption, is_note
from ocrdesk.layout.tables.text_rows import bottom_of, top_of, wrapped_rows_joined

_MIN_LINES = 3
_SAME_EDGE = 1.5
"""In heights of the median word: lines of one table begin and end so near to each other."""
_MAX_HEADER_ROWS = 8
_WIDE_ROWS = 0.5
"""The share of rows between two lines that have several columns."""
_ADJACENT = 1.6
"""In heights of the median word: the middle of the next row is not farther away."""
_HEADING_HEIGHT = 2.5
"""In heights of its text."""
_USUAL_HEIGHT = 1.1
"""In usual distances of lines with one row of several columns between them."""
_TITLE = 0.6
"""The share of a table's width that its head over all columns has at most."""
_MAX_GROUPS = 100
_EQUAL = 0.3
"""In heights of the median word: how much equal distances of rows may differ."""
_HIGH_HEAD = 1.6
"""In distances of rows: the middle of a head on a dark bar is no farther above the first row."""


def regions_between_lines(
    rows: Sequence[Row], lines: Sequence[Stroke], scale: Scale
) -> list[tuple[list[Row], tuple[int, int]]]:
    """Return the rows between the first and the last line of each table, and the left and right end of its lines.

    `rows` are sorted from top to bottom.
    """
    middles = [(top_of(row) + bottom_of(row)) / 2 for row in rows]
    found = []
    for group in _groups(lines, scale)[:_MAX_GROUPS]:
        left, right = min(line.start for line in group), max(line.end for line in group)
        near = _SAME_EDGE * scale.height
        bands: list[tuple[list[Row], float]] = []
        for upper, lower in pairwise(group):
            first, last = bisect_left(middles, upper.position), bisect_right(middles, lower.position)
            inside = [part for row in rows[first:last] if (part := _within(row, left - near, right + near))]
            bands.append((inside, lower.position - upper.position))
        for run in _runs(bands, right - left, scale):
            region = _with_rows_beside(run, rows, scale)
            if not _goes_on(region, rows, scale):
                found.append((region, (left, right)))
    return found


def _with_rows_beside(region: list[Row], rows: Sequence[Row], scale: Scale) -> list[Row]:
    """Return a region of rows at equal distances with two rows above and one below it that go on with them.

    Where every second row is shaded, the edges of the areas are lines, and the first and last row are outside of them.
    So is a head on a dark bar, which may be higher than a row.
    """
    levels = [_level(row) for row in region]
    steps = [after - before for before, after in pairwise(levels)]
    if len(steps) < MIN_ROWS or max(steps) - min(steps) > _EQUAL * scale.height:
        return region
    box = Box.around([segment.box for row in region for segment in row])
    step = median_or_zero(steps)
    near = _EQUAL * scale.height

    def beside(first: float, last: float) -> list[Row]:
        within = (row for row in rows if first - near <= _level(row) <= last + near)
        inside = (_within(row, box.left - scale.height, box.right + scale.height) for row in within)
        return [row for row in inside if len(row) == len(region[-1]) > 1]

    above = beside(levels[0] - step, levels[0] - step)[:1]
    head = beside(_level(above[0]) - _HIGH_HEAD * step, _level(above[0]) - step)[-1:] if above else []
    return [*head, *above, *region, *beside(levels[-1] + step, levels[-1] + step)[:1]]


def _level(row: Row) -> float:
    """Return the height at which most of a row stands. Boxes of single words may have a line in them."""
    return median_or_zero(segment.box.center_y for segment in row)


def _goes_on(region: Sequence[Row], rows: Sequence[Row], scale: Scale) -> bool:
    """Return whether rows with columns are right above or below a region: then the lines do not enclose the table."""
    box = Box.around([segment.box for row in region for segment in row])
    reach = _ADJACENT * scale.height
    tops = [top_of(row) + bottom_of(row) for row in rows]
    first = bisect_left(tops, 2 * (box.top - reach))
    last = bisect_right(tops, 2 * (box.bottom + reach))
    for row in rows[first:last]:
        inside = _within(row, box.left - scale.height, box.right + scale.height)
        is_beside = bottom_of(row) <= box.top or top_of(row) >= box.bottom
        if is_beside and len(inside) > 1:
            return True
    return False


def _groups(lines: Sequence[Stroke], scale: Scale) -> list[list[Stroke]]:
    """Return the lines that begin and end at the same places, from top to bottom, three at least; the longest first."""
    near = _SAME_EDGE * scale.height
    groups: list[list[Stroke]] = []
    for line in sorted(lines, key=lambda line: (line.start, line.end)):
        for group in groups[-8:]:
            if abs(group[0].start - line.start) <= near and abs(group[0].end - line.end) <= near:
                group.append(line)
                break
        else:
            groups.append([line])
    wide = [sorted(group, key=lambda line: line.position) for group in groups if len(group) >= _MIN_LINES]
    return sorted(wide, key=lambda group: group[0].start - group[0].end)


def _within(row: Row, left: float, right: float) -> Row:
    return [segment for segment in row if segment.box.left >= left and segment.box.right <= right]


def _runs(bands: Sequence[tuple[list[Row], float]], width: float, scale: Scale) -> list[list[Row]]:
    """Return the rows of neighbouring bands that have columns. The first of them is a header, below its title."""
    usual = median_or_zero(height for band, height in bands if len(band) == 1 and len(band[0]) > 1)
    runs: list[list[list[Row]]] = [[]]
    headings: list[list[Row]] = []
    for band, height in bands:
        kept = band if runs[-1] else _without_title(band, width)
        kept_wide = wrapped_rows_joined(kept, scale)
        wide = sum(len(row) > 1 for row in kept_wide)
        if wide and wide >= _WIDE_ROWS * len(kept_wide) and (runs[-1] or len(kept) <= _MAX_HEADER_ROWS):
            runs[-1] += [*headings, kept]
            headings = []
        elif runs[-1] and not headings and _is_heading(kept, width, height, usual):
            headings = [kept]
        elif runs[-1]:
            headings = []
            runs.append([])
    return [[row for band in run for row in band] for run in runs if len(run) > 1]


def _is_heading(band: Sequence[Row], width: float, height: float, usual: float) -> bool:
    """Return whether a text between lines, as high as a row, is a heading; a title between tables has more white."""
    if len(band) != 1 or len(band[0]) != 1:
        return False
    box = band[0][0].box
    return box.width <= _TITLE * width and height <= max(_HEADING_HEIGHT * box.height, _USUAL_HEIGHT * usual)


def _without_title(band: list[Row], width: float) -> list[Row]:
    """Return the rows below the last one that is a caption, a note, or one text across the table."""
    start = 0
    for number, row in enumerate(band):
        text = " ".join(word.word.text for segment in row for word in segment.words)
        is_text = len(row) == 1 and row[0].box.width > _TITLE * width
        if is_text or is_caption(text) or is_note(text):
            start = number + 1
    return band[start:]
