"""Groups a page's words into rows, and rows into regions that may be tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.model import MIN_ROWS, Row, Scale, Segment, TableWord

_ROW_GAP = 3.5
"""In heights of the median word: more white than this between two rows ends a table."""
_MAX_HEADINGS = 2
"""Rows without columns that may be between two rows with columns."""
_MAX_LABELS = 5
"""Rows with text in the first column alone that may be between two rows with columns."""
_LINE_GAP, _SAME_LEFT = 1.1, 0.4
"""In heights of the median word: the greatest white between lines of one cell, and distance of their left edges."""
_MAX_BANDS, _MAX_NEAR = 40, 24
"""Of a tall segment so many heights, and at each height so many rows are compared."""


def segments_of(words: Iterable[TableWord], scale: Scale) -> list[Segment]:
    """Split lines at wide gaps. A currency sign stays with the amount after it."""
    groups: list[list[TableWord]] = []
    before: TableWord | None = None
    for word in sorted(words, key=lambda word: (word.line, word.box.left)):
        far = before is not None and word.box.left - before.box.right > scale.wide_gap and not before.is_currency
        if before is None or word.line != before.line or far:
            groups.append([])
        groups[-1].append(word)
        before = word
    return [Segment.of(group) for group in groups]


def rows_of(segments: Iterable[Segment], height: float) -> list[Row]:
    """Group segments side by side into rows, from top to bottom, regardless of the engine's lines and blocks.

    `height` is that of the median word. A segment is compared with the rows whose last segment is at its height only.
    """
    rows: list[Row] = []
    at: dict[int, list[int]] = {}
    step = max(1.0, height)
    for segment in sorted(segments, key=lambda segment: segment.box.left):
        box = segment.box
        bands = range(int(box.top / step), min(int(box.bottom / step), int(box.top / step) + _MAX_BANDS) + 1)
        near = {number: None for band in bands for number in at.get(band, ())}
        best, shared = -1, 0.0
        for number in near:
            found = _shared_height(rows[number][-1].box, box)
            if found > shared:
                best, shared = number, found
        if shared >= 0.5:
            rows[best].append(segment)
        else:
            best = len(rows)
            rows.append([segment])
        for band in bands:
            numbers = at.setdefault(band, [])
            if best not in numbers[-_MAX_NEAR:]:
                numbers.append(best)
                del numbers[:-_MAX_NEAR]
    return sorted(rows, key=lambda row: sum(segment.box.top + segment.box.bottom for segment in row) / len(row))


def _shared_height(left: Box, right: Box) -> float:
    """Return how much of the lower box's height both share, 0 to 1; 0 if they overlap sideways."""
    lower = min(left.height, right.height)
    if right.left < left.right - lower / 2:
        return 0.0
    return max(0.0, left.shared_height(right) / lower)


def regions_of(rows: Sequence[Row], scale: Scale) -> list[tuple[int, int]]:
    """Return runs of rows, as numbers of their first and the one after their last.

    Most rows of a run have a wide gap; so have the first and the last.
    """
    runs: list[tuple[int, int]] = []
    start = 0
    headings = narrow = 0
    edge = 0
    cells: Row = []
    """Those of the last row with columns."""
    for number, row in enumerate(rows):
        is_wrapped = len(row) == 1 and _place_above(cells, row[0], scale) > 0
        is_narrow = is_wrapped or (len(row) == 1 and row[0].box.right <= edge)
        headings = 0 if len(row) > 1 else headings + (not is_narrow)
        narrow = narrow + 1 if is_narrow else 0
        if len(row) > 1:
            cells = row
            edge = max(edge, row[0].box.right) if number > start else row[0].box.right
        before = rows[max(start, number - 2) : number]
        far = bool(before) and top_of(row) - max(map(bottom_of, before)) > _ROW_GAP * scale.height
        if far or headings > _MAX_HEADINGS or narrow > _MAX_LABELS:
            runs.append((start, number))
            start = number
            headings = narrow = edge = 0
            cells = row if len(row) > 1 else []
    runs.append((start, len(rows)))
    trimmed = [_trimmed(rows, first, end) for first, end in runs]
    return [run for run in trimmed if sum(len(row) > 1 for row in rows[run[0] : run[1]]) >= MIN_ROWS]


def _trimmed(rows: Sequence[Row], start: int, end: int) -> tuple[int, int]:
    wide = [number for number in range(start, end) if len(rows[number]) > 1]
    return (wide[0], wide[-1] + 1) if wide else (start, start)


def dense_runs(rows: Sequence[Row], scale: Scale) -> list[tuple[int, int]]:
    """Return runs of rows with three segments or more, as numbers of their first and the one after their last.

    A run has more than three rows, but not all. It may have rows that continue cells.
    """
    runs: list[tuple[int, int]] = []
    start: int | None = None
    last = 0
    for number, row in enumerate([*rows, []]):
        if len(row) > 2:
            start, last = number if start is None else start, number + 1
        elif start is not None and not (len(row) == 1 and _place_above(rows[last - 1], row[0], scale) > 0):
            if MIN_ROWS < last - start < len(rows):
                runs.append((start, last))
            start = None
    return runs


def wrapped_rows_joined(rows: Sequence[Row], scale: Scale) -> list[Row]:
    """Return the rows, with those that only continue cells of the row above as parts of it."""
    joined: list[Row] = []
    for row in rows:
        if joined and _continues_cells(joined[-1], row, scale):
            for segment in row:
                place = _place_above(joined[-1], segment, scale)
                joined[-1][place] = Segment.of([*joined[-1][place].words, *segment.words])
        else:
            joined.append(list(row))
    return joined


def _continues_cells(above: Row, row: Row, scale: Scale) -> bool:
    """Return whether each text of a row begins right below a cell of the row above.

    The first cell of that row is not continued alone: it would be the label of another row.
    """
    if not len(row) < len(above) or top_of(row) - bottom_of(above) > _LINE_GAP * scale.height:
        return False
    places = [_place_above(above, segment, scale) for segment in row]
    return -1 not in places and len(set(places)) == len(places) and places != [0]


def _place_above(above: Row, segment: Segment, scale: Scale) -> int:
    """Return the number of the segment above that begins where this one does; -1 if there is none."""
    near = _SAME_LEFT * scale.height
    found = (number for number, other in enumerate(above) if abs(other.box.left - segment.box.left) <= near)
    return next(found, -1)


def top_of(row: Row) -> int:
    return min(segment.box.top for segment in row)


def bottom_of(row: Row) -> int:
    return max(segment.box.bottom for segment in row)
