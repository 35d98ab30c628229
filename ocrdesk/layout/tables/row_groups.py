"""Which lines of text are one row of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocrdesk.layout.tables.model import median_or_zero
from ocrdesk.layout.tables.text_kinds import is_number
from ocrdesk.layout.tables.text_lines import Piece, TextLine

_OPEN_END = re.compile(
    r".*(?:[,&/(–-]|\b(?:and|or|of|the|in|for|to|with|by|on|at|from|per|und|der|die|von|et|de|la|du|des|y))",  # noqa: RUF001
    re.IGNORECASE,
)
_FAR = float("inf")
_MAX_HELD = 4
_TIGHT = 0.72
"""If the gap to one neighbour is at most this share of the gap to the other, the line belongs to the nearer one."""


def numeric_columns(lines: Sequence[TextLine], count: int) -> frozenset[int]:
    """Return the columns most of whose pieces are numbers."""
    found = []
    for column in range(count):
        pieces = [piece for line in lines if (piece := line.in_column(column)) and piece.text]
        numbers = sum(is_number(piece.text) for piece in pieces)
        digits = sum(any(letter.isdecimal() for letter in piece.text) for piece in pieces)
        if len(pieces) >= 2 and numbers >= 0.5 * len(pieces) and digits:
            found.append(column)
    return frozenset(found)


def group_rows(lines: Sequence[TextLine], numeric: frozenset[int]) -> list[list[TextLine]]:
    """Return the lines of each row. A line that continues cells of the row above or below is in that row."""
    gaps = [after.top - before.bottom for before, after in pairwise(lines)]
    usual = median_or_zero(gaps)
    rights = _right_edges(lines)
    is_upward = _are_rows_upward(lines, numeric, rights)
    groups: list[list[TextLine]] = []
    held: list[TextLine] = []
    for number, line in enumerate(lines):
        above = gaps[number - 1] if number else _FAR
        below = gaps[number] if number < len(gaps) else _FAR
        if is_upward and _is_partial(line, numeric) and below < _FAR and len(held) < _MAX_HELD:
            held.append(line)
            continue
        if held and not all(part.columns <= line.columns for part in held):
            groups += [[part] for part in held]
            held = []
        if held:
            groups.append([*held, line])
            held = []
        elif groups and _continues(groups[-1], line, above, below, usual, numeric, rights):
            groups[-1].append(line)
        elif number < len(gaps) and _begins(line, lines[number + 1], below, numeric, rights):
            held = [line]
        else:
            groups.append([line])
    return groups


def _is_partial(line: TextLine, numeric: frozenset[int]) -> bool:
    """Return whether a line has words beside the first column alone, no numbers: a part of a cell of several lines."""
    return 0 not in line.columns and not any(piece.first in numeric and is_number(piece.text) for piece in line.pieces)


def _are_rows_upward(lines: Sequence[TextLine], numeric: frozenset[int], rights: dict[int, int]) -> bool:
    """Return whether the label of a row is beside the last line of its other cells: then the first line has none."""
    partial = [_is_partial(line, numeric) for line in lines]
    return (
        2 * sum(partial) < len(lines)
        and sum(partial) > 0
        and not partial[-1]
        and _parts_are_above(lines, partial, rights)
    )


def _parts_are_above(lines: Sequence[TextLine], partial: Sequence[bool], rights: dict[int, int]) -> bool:
    """Return whether partial lines belong to the line below: they are nearer to it, or had room on the line above."""
    if partial[0]:
        return True
    votes = 0
    for number in range(1, len(lines) - 1):
        if not partial[number] or partial[number - 1] or partial[number + 1]:
            continue
        before, line, after = lines[number - 1 : number + 2]
        above, below, tolerance = line.top - before.bottom, after.top - line.bottom, 0.1 * (line.bottom - line.top)
        if abs(below - above) > tolerance:
            votes += 1 if below < above else -1
        else:
            votes += _has_room(before, line, rights) - _has_room(line, after, rights)
    return votes > 0


def _has_room(above: TextLine, line: TextLine, rights: dict[int, int]) -> bool:
    """Return whether a cell of the line above had room for the first word of the line's."""
    pairs = ((above.in_column(piece.first), piece) for piece in line.pieces)
    return any(before is not None and _would_fit(before, piece, rights) for before, piece in pairs)


def _right_edges(lines: Sequence[TextLine]) -> dict[int, int]:
    edges: dict[int, int] = {}
    for line in lines:
        for piece in line.pieces:
            if piece.first == piece.last:
                edges[piece.first] = max(edges.get(piece.first, 0), piece.box.right)
    return edges


def _continues(
    row: Sequence[TextLine],
    line: TextLine,
    above: float,
    below: float,
    usual: float,
    numeric: frozenset[int],
    rights: dict[int, int],
) -> bool:
    """Return whether a line continues cells of the row above it."""
    height = median_or_zero(piece.box.height for piece in line.pieces)
    last = {piece.first: piece for before in row for piece in before.pieces}
    if above < -0.2 * height:
        return not _has_values_below(last, line, numeric)
    if any(piece.first not in last for piece in line.pieces):
        return False
    if any(piece.first in numeric and is_number(piece.text) for piece in line.pieces):
        return False
    if len(line.columns) == len(last) > 1 and 0 in last and not _all_open(last, line):
        return False
    if above > max(usual, 0.0) + 0.6 * height:
        return False
    texts = [(last[piece.first], piece) for piece in line.pieces]
    if any(_flows(before, piece, rights) for before, piece in texts):
        return True
    if any(_would_fit(before, piece, rights) for before, piece in texts):
        return False
    if 0 not in line.columns and 0 in last:
        return True
    return below != _FAR and above <= _TIGHT * below and below - above > 0.15 * height and len(last) > 1


def _has_values_below(last: dict[int, Piece], line: TextLine, numeric: frozenset[int]) -> bool:
    """Return whether a line has a label and numbers, each below those of a row: boxes may be higher than their rows."""
    below = [piece for piece in line.pieces if piece.first in last]
    values = [piece for piece in below if piece.first in numeric - {0} and is_number(piece.text)]
    return any(piece.first == 0 for piece in below) and any(is_number(last[piece.first].text) for piece in values)


def _all_open(last: dict[int, Piece], line: TextLine) -> bool:
    return all(_flows(last[piece.first], piece, {}) for piece in line.pieces)


def _begins(line: TextLine, after: TextLine, below: float, numeric: frozenset[int], rights: dict[int, int]) -> bool:
    """Return whether a line is the beginning of a label whose values are beside its last line."""
    height = median_or_zero(piece.box.height for piece in line.pieces)
    (only, *others) = line.pieces
    if others or only.first != 0 or only.last != 0 or not after.columns & numeric - {0}:
        return False
    label = after.in_column(0)
    if label is None:
        return below < -0.2 * height
    return below <= 1.2 * height and _flows(only, label, rights)


def _flows(before: Piece, piece: Piece, rights: dict[int, int]) -> bool:
    """Return whether the text of one line goes on in the next."""
    text, start = before.text, piece.text
    if not text or not start:
        return False
    first = start[0]
    if first.islower() or first in "&)]":
        return not _would_fit(before, piece, rights) or start[1:2] not in (".", ")")
    return _OPEN_END.fullmatch(text) is not None and not _would_fit(before, piece, rights)


def _would_fit(before: Piece, piece: Piece, rights: dict[int, int]) -> bool:
    """Return whether the first word of a line had room at the end of the line above: then the break is meant."""
    edge = rights.get(piece.first)
    if edge is None or not piece.words:
        return False
    word = piece.words[0].box
    return before.box.right + 0.6 * word.height + word.width <= edge
