"""Parts the lines of a table's text by its columns."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.model import Gutter, Scale, TableWord, median_or_zero
from ocrdesk.layout.tables.text_lines import Piece, TextLine, lines_of

_OVERHANG = 0.7
"""In heights of the median word: text that reaches less far into a column is not in it."""
_LINE_TOLERANCE = 2
"""In pixels: words may reach so far over a ruling line."""


class Columns:
    """The edges of columns: gutters between words, and ruling lines, which are gutters without a width."""

    def __init__(self, left: float, gutters: Sequence[Gutter], right: float) -> None:
        self.left, self.right = left, right
        self.gutters = tuple(gutters)
        edges = [left, *(edge for gutter in gutters for edge in gutter), right]
        self.spans = list(zip(edges[::2], edges[1::2], strict=True))
        self._starts, self._ends = [start for start, _ in self.spans], [end for _, end in self.spans]
        self.middles = [(start + end) / 2 for start, end in self.spans]
        self._header_zones = [
            gutter if gutter[0] == gutter[1] else middles
            for gutter, middles in zip(gutters, pairwise(self.middles), strict=True)
        ]

    @property
    def count(self) -> int:
        return len(self.spans)

    def pieces(self, line: Sequence[TableWord], scale: Scale, *, header: bool = False) -> list[Piece]:
        """Return the pieces of a line whose words are sorted from left to right.

        A header may be wider than its column: its pieces end at any gap between the middles of two columns.
        """
        groups: list[list[TableWord]] = [[]]
        before: TableWord | None = None
        held: list[TableWord] = []
        for word in line:
            if word.is_loose:
                (groups[-1] if word.is_leader and not held else held).append(word)
                continue
            if before is not None and self._divides(before, word, scale, header=header):
                groups.append([])
            groups[-1] += [*held, word]
            held = []
            if before is None or word.box.right > before.box.right:
                before = word
        groups[-1] += held
        return [self._piece(group, scale, header=header) for group in groups if group]

    def _divides(self, before: TableWord, word: TableWord, scale: Scale, *, header: bool) -> bool:
        """Return whether the gap between two words has a column's edge."""
        right, left = before.box.right, word.box.left
        gap = left - right
        least = _least_gap(before, word, scale, header=header)
        if gap < min(least, 0.3 * scale.cell_gap) or gap <= 0:
            return False
        zones = self._header_zones if header else self.gutters
        first = bisect_left(zones, right - _LINE_TOLERANCE, key=lambda zone: zone[1])
        last = bisect_right(zones, left + _LINE_TOLERANCE, key=lambda zone: zone[0])
        for start, end in zones[first:last]:
            if start == end:
                if gap >= 0.3 * scale.cell_gap:
                    return True
            elif start < left and right < end and gap >= least:
                return True
        return False

    def _piece(self, words: Sequence[TableWord], scale: Scale, *, header: bool) -> Piece:
        solid = [word for word in words if not word.is_loose] or list(words)
        left, right = solid[0].box.left, max(word.box.right for word in solid)
        if header:
            covered = range(bisect_left(self.middles, left), bisect_right(self.middles, right))
        else:
            covered = self._covered(left, right, _OVERHANG * scale.height)
        first, last = (covered[0], covered[-1]) if covered else [self._nearest(left, right)] * 2
        return Piece.of(words, first, last)

    def _covered(self, left: float, right: float, over: float) -> range:
        """Return the columns that a piece reaches into."""
        numbers = [
            number
            for number in range(bisect_right(self._ends, left), bisect_left(self._starts, right))
            if min(right, self._ends[number]) - max(left, self._starts[number])
            > min(over, 0.5 * max(1.0, self._ends[number] - self._starts[number]), 0.5 * (right - left))
        ]
        return range(numbers[0], numbers[-1] + 1) if numbers else range(0)

    def _nearest(self, left: float, right: float) -> int:
        """Return the number of the column that a piece covers most, or is nearest to."""
        number = bisect_left(self.middles, (left + right) / 2)
        beside = range(max(0, number - 2), min(self.count, number + 2))
        return max(
            beside,
            key=lambda number: (
                min(right, self._ends[number]) - max(left, self._starts[number]),
                -abs(self._starts[number] + self._ends[number] - left - right),
            ),
        )


def _least_gap(before: TableWord, word: TableWord, scale: Scale, *, header: bool) -> float:
    """Return how wide a gap between two columns is at least: between words of a text more than between numbers."""
    digits = _has_digit(before), _has_digit(word)
    if not header:
        return scale.cell_gap if all(digits) else max(scale.cell_gap, 1.5 * scale.space)
    if any(digits) and scale.space:
        return max(0.3 * scale.height, 1.2 * scale.space)
    return max(0.6 * scale.height, 1.6 * scale.space, 1.15 * _letter_width(before, word))


def _letter_width(one: TableWord, other: TableWord) -> float:
    """Return the mean width of the words' letters: in a typewriter's face, a word space is as wide."""
    return (one.box.width + other.box.width) / (len(one.word.text) + len(other.word.text))


def _has_digit(word: TableWord) -> bool:
    return any(character.isdecimal() for character in word.word.text)


def text_lines(words: Iterable[TableWord], columns: Columns, scale: Scale) -> list[TextLine]:
    """Return the words in lines, with their pieces by column."""
    return _with_overlapping_joined([_text_line(line, columns, scale, header=False) for line in lines_of(words)])


def header_lines(lines: Iterable[TextLine], columns: Columns, scale: Scale) -> list[TextLine]:
    """Return lines of a header, with pieces that may be wider than their columns."""
    words = (word for line in lines for piece in line.pieces for word in piece.words)
    found: list[TextLine] = []
    below: dict[int, Piece] = {}
    for line in reversed(lines_of(words)):
        made = _text_line(line, columns, scale, header=True)
        pieces = [part for piece in made.pieces for part in _parted(piece, below, columns, scale)]
        below |= {piece.first: piece for piece in pieces if piece.first == piece.last}
        found.append(TextLine(tuple(pieces), made.top, made.bottom))
    return found[::-1]


def _parted(piece: Piece, below: dict[int, Piece], columns: Columns, scale: Scale) -> list[Piece]:
    """Part the heads of columns that are only a word space apart: each is aligned with what is below it."""
    parts: list[Piece] = []
    start = 0
    for number in range(1, len(piece.words)):
        one, other = piece.words[start:number], piece.words[number:]
        gap = (one[-1].box.right + other[0].box.left) / 2
        column = bisect_right(columns.middles, gap) - 1
        left, right = below.get(column), below.get(column + 1)
        if left and right and _are_heads(one, other, left.box, right.box, scale):
            parts.append(Piece.of(one, min(column, parts[-1].last + 1 if parts else piece.first), column))
            start = number
    if not parts:
        return [piece]
    first = parts[-1].last + 1
    return [*parts, Piece.of(piece.words[start:], first, max(first, piece.last))]


def _are_heads(one: Sequence[TableWord], other: Sequence[TableWord], left: Box, right: Box, scale: Scale) -> bool:
    """Return whether words are aligned with one column and the next; not if both together are in the middle of both."""
    near = 0.3 * scale.height
    boxes = Box.around([word.box for word in one]), Box.around([word.box for word in other])
    is_over_both = abs(boxes[0].left + boxes[1].right - left.left - right.right) <= scale.height
    return not is_over_both and _aligned(boxes[0], left, near) and _aligned(boxes[1], right, near)


def _aligned(one: Box, other: Box, near: float) -> bool:
    return (
        abs(one.left - other.left) <= near
        or abs(one.right - other.right) <= near
        or abs(one.center_x - other.center_x) <= near
    )


def _text_line(line: Sequence[TableWord], columns: Columns, scale: Scale, *, header: bool) -> TextLine:
    box = Box.around([word.box for word in line])
    return TextLine(tuple(columns.pieces(line, scale, header=header)), box.top, box.bottom)


def _with_overlapping_joined(lines: Sequence[TextLine]) -> list[TextLine]:
    """Join lines that overlap and share no column: a value is beside the middle of two lines of a label."""
    joined: list[TextLine] = []
    for line in lines:
        above = joined[-1] if joined else None
        usual = median_or_zero(piece.box.height for piece in line.pieces)
        if above and above.bottom - line.top > 0.15 * usual and not above.columns & line.columns:
            pieces = sorted((*above.pieces, *line.pieces), key=lambda piece: piece.box.left)
            joined[-1] = TextLine(tuple(pieces), min(above.top, line.top), max(above.bottom, line.bottom))
        else:
            joined.append(line)
    return joined
