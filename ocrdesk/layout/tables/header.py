"""Which lines at the top of a table name its columns, and the cells of these lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrdesk.layout.tables.columns import Columns
from ocrdesk.layout.tables.model import TableWord
from ocrdesk.layout.tables.rules import Stroke
from ocrdesk.layout.tables.text_kinds import has_amount, is_number, is_year
from ocrdesk.layout.tables.text_lines import Piece, TextLine

_MAX_HEADER_LINES = 8


def count_header_lines(lines: Sequence[TextLine], numeric: frozenset[int], borders: Sequence[int]) -> int:
    """Return how many lines at the top name the columns: those above the first line of numbers, one at least.

    Years name columns if no row has begun. Lines with text in the first column alone are rows again. `borders` are the
    numbers of the lines that have a ruling line above them.
    """
    count = _lines_above_numbers(lines, numeric - {0})
    near = [border for border in borders if 0 < border <= _MAX_HEADER_LINES]
    if near and (not numeric - {0} or near[0] < count):
        return max(border for border in near if border <= max(count, near[0]))
    below = next((border for border in near if border > count), None)
    is_unnamed = not any(0 in line.columns for line in lines[:count])
    if below is not None and count not in near and is_unnamed and below - count <= 2:
        return below
    return count


def _lines_above_numbers(lines: Sequence[TextLine], values: frozenset[int]) -> int:
    if not values:
        return 1
    has_begun = False
    for number, line in enumerate(lines):
        texts = [piece.text for piece in line.pieces if piece.first in values]
        numbers = [text for text in texts if is_number(text) or has_amount(text)]
        is_named = all(map(is_year, numbers)) and (not has_begun or number == 0)
        if numbers and 2 * len(numbers) >= len(texts) and not is_named:
            return _without_headings(lines, number)
        has_begun = has_begun or (bool(numbers) and 0 in line.columns)
    return 1


def _without_headings(lines: Sequence[TextLine], count: int) -> int:
    while count > 1 and len(lines[count - 1].pieces) == 1 and lines[count - 1].pieces[0].first == 0:
        count -= 1
    return count


def count_header_rows(rows: Sequence[Sequence[tuple[int, int, str]]], columns: int) -> int:
    """Return how many rows of cells (first column, last column, text) at the top of a ruled table name its columns.

    They are above the first row of numbers. Without numbers, it is the first row, and the next if it has parts.
    """
    values = [
        column
        for column in range(1, columns)
        if _are_numbers([text for row in rows for first, _, text in row if first == column and text])
    ]
    if not values:
        has_parts = any(first < last and last - first + 1 < columns for first, last, _ in rows[0])
        return min(1 + has_parts, len(rows) - 1)
    count = 0
    for number, row in enumerate(rows[:_MAX_HEADER_LINES]):
        texts = [text for first, _, text in row if first in values and text]
        numbers = [text for text in texts if is_number(text)]
        if numbers and 2 * len(numbers) >= len(texts) and not (number == 0 and all(map(is_year, numbers))):
            break
        if texts or number == 0:
            count = number + 1
    return count if count < len(rows) else 1


def _are_numbers(texts: Sequence[str]) -> bool:
    return len(texts) >= 2 and 2 * sum(map(is_number, texts)) >= len(texts)


def spread(lines: Sequence[TextLine], strokes: Sequence[Stroke], columns: Columns) -> list[TextLine]:
    """Return the lines of a header with each piece in all columns that it names.

    A line below a piece reaches over its columns. Without a line, it is in the middle over them.
    """
    found: list[TextLine] = []
    for number, line in enumerate(lines):
        below = lines[number + 1].pieces if number + 1 < len(lines) else ()
        taken: list[Piece] = []
        for place, piece in enumerate(line.pieces):
            start = taken[-1].last + 1 if taken else 0
            end = line.pieces[place + 1].first - 1 if place + 1 < len(line.pieces) else columns.count - 1
            first, last = _ruled_span(piece, line, strokes, columns) or _centred_span(piece, below, start, end)
            first, last = max(first, start), min(last, max(end, piece.last))
            taken.append(piece if last < first else piece.over(first, last))
        found.append(TextLine(tuple(taken), line.top, line.bottom))
    return found


def _ruled_span(piece: Piece, line: TextLine, strokes: Sequence[Stroke], columns: Columns) -> tuple[int, int] | None:
    """Return the columns under the ruling line that is right below a piece and not as wide as the table."""
    height = piece.box.height
    width = columns.right - columns.left
    spans = columns.spans
    for stroke in strokes:
        if not line.bottom - 0.3 * height <= stroke.position <= line.bottom + 0.9 * height:
            continue
        if (
            stroke.end - stroke.start > 0.85 * width
            or stroke.start > piece.box.left + 2
            or stroke.end < piece.box.right - 2
        ):
            continue
        inside = [
            number
            for number, (start, end) in enumerate(spans)
            if stroke.start - 2 <= (start + end) / 2 <= stroke.end + 2
        ]
        if len(inside) > 1 and inside[0] <= piece.last and piece.first <= inside[-1]:
            return inside[0], inside[-1]
    return None


def _centred_span(piece: Piece, below: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """Return the columns of the pieces below that a piece is in the middle of."""
    own = piece.first, piece.last
    near = 0.75 * piece.box.height
    inside = [other for other in below if start <= other.first and other.last <= end]
    for other in inside:
        if other.first <= piece.first <= other.last and (
            abs(other.box.center_x - piece.box.center_x) <= near
            or abs(other.box.left - piece.box.left) <= 0.4 * near
            or abs(other.box.right - piece.box.right) <= 0.4 * near
        ):
            return own
    best: tuple[float, int, int] | None = None
    for number, one in enumerate(inside):
        for steps, other in enumerate(inside[number + 1 :], 1):
            if not one.first <= piece.first <= other.last:
                continue
            # names at the right of their columns do not show where the first column begins
            step = (other.box.right - one.box.right) / steps
            lefts = one.box.left, one.box.right - step
            off = min(abs((left + other.box.right) / 2 - piece.box.center_x) for left in lefts)
            if off <= near and (best is None or off < best[0]):
                best = off, one.first, other.last
    return (min(best[1], own[0]), max(best[2], own[1])) if best else own


@dataclass(slots=True)
class HeaderCell:
    """A cell of a header of several lines: its level, from 0 at the top, its columns and words."""

    level: int
    first: int
    last: int
    words: list[TableWord]
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    has_parts: bool = False


def stack_header(lines: Sequence[TextLine]) -> list[HeaderCell]:
    """Return the cells of a header. Lines below each other in a column are one cell; below a cell over several columns
    are those of its columns.
    """
    cells: list[HeaderCell] = []
    under: dict[int, HeaderCell] = {}
    level = 0
    for line in lines:
        above = {id(cell): cell for piece in line.pieces if (cell := under.get(piece.first))}
        new_level = level
        for cell in above.values():
            pieces = [piece for piece in line.pieces if under.get(piece.first) is cell]
            if _has_parts(cell, pieces):
                cell.has_parts = True
                new_level = max(new_level, cell.level + 1)
        level = new_level
        for piece in line.pieces:
            _stack(cells, under, piece, level)
    return cells


def _has_parts(cell: HeaderCell, pieces: Sequence[Piece]) -> bool:
    """Return whether the pieces below a cell name parts of it."""
    if cell.first == cell.last:
        return False
    return len(pieces) > 1 or (len(pieces) == 1 and pieces[0].last - pieces[0].first < cell.last - cell.first)


def _stack(cells: list[HeaderCell], under: dict[int, HeaderCell], piece: Piece, level: int) -> None:
    above = under.get(piece.first)
    if above and not above.has_parts:
        above.words += piece.words
        above.last = max(above.last, piece.last)
        for column in range(above.first, above.last + 1):
            under[column] = above
        return
    cell = HeaderCell(level, piece.first, piece.last, list(piece.words))
    cells.append(cell)
    for column in range(cell.first, cell.last + 1):
        under[column] = cell
