"""The lines of text in a table, and their pieces by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.model import Gutter, Scale, TableWord, cell_text, median_or_zero

_OVERHANG = 0.7
"""In heights of the median word: text that reaches less far into a column is not in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line without a column's edge in a gap between them, and the first and last column they are in."""

    words: tuple[TableWord, ...]
    first: int
    last: int
    box: Box
    text: str

    @classmethod
    def of(cls, words: Sequence[TableWord], first: int, last: int) -> Piece:
        return cls(tuple(words), first, last, Box.around([word.box for word in words]), cell_text(words))

    def over(self, first: int, last: int) -> Piece:
        """Return the piece in other columns."""
        return Piece(self.words, first, last, self.box, self.text)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text across a table."""

    pieces: tuple[Piece, ...]
    top: int
    bottom: int

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    def in_column(self, column: int) -> Piece | None:
        """Return the piece that begins in the column."""
        return next((piece for piece in self.pieces if piece.first == column), None)

    @property
    def columns(self) -> frozenset[int]:
        """The columns in which text begins."""
        return frozenset(piece.first for piece in self.pieces)


def lines_of(words: Iterable[TableWord]) -> list[list[TableWord]]:
    """Return the words in lines from top to bottom, each from left to right. Words of a line share half a height."""
    lines: list[list[TableWord]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda word: (word.box.center_y, word.box.left)):
        top, bottom = word.box.top, word.box.bottom
        for number in range(len(lines) - 1, max(-1, len(lines) - 3), -1):
            above, below = spans[number]
            shared = min(bottom, below) - max(top, above)
            if shared >= 0.5 * min(bottom - top, below - above):
                lines[number].append(word)
                if bottom - top > below - above:
                    spans[number] = top, bottom
                break
        else:
            lines.append([word])
            spans.append((top, bottom))
    return [sorted(line, key=lambda word: word.box.left) for line in lines]


def has_columns(words: Iterable[TableWord], scale: Scale) -> bool:
    """Return whether a line of these words is in columns: with a gap that is no word space even in justified text."""
    return any(
        after.box.left - before.box.right > 2 * scale.wide_gap
        for line in lines_of(words)
        for before, after in pairwise(line)
    )


def in_reading_order(words: Sequence[TableWord]) -> tuple[int, ...]:
    """Return the positions of a cell's words line by line. Turned words keep the order in which they were read."""
    by_index = sorted(words, key=lambda word: word.index)
    long = [word for word in by_index if len(word.word.text) > 1]
    if 2 * sum(word.box.height > 1.5 * word.box.width for word in long) > len(long):
        return tuple(word.index for word in by_index)
    ordered = (sorted(line, key=lambda word: word.index) for line in lines_of(by_index))
    return tuple(word.index for line in ordered for word in line)


class Columns:
    """The edges of columns: gutters between words, and ruling lines, which are gutters without a width."""

    def __init__(self, left: float, gutters: Sequence[Gutter], right: float) -> None:
        self.left, self.right = left, right
        self.gutters = tuple(gutters)
        edges = [left, *(edge for gutter in gutters for edge in gutter), right]
        self.spans = list(zip(edges[::2], edges[1::2], strict=True))
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
        zones = self._header_zones if header else self.gutters
        groups: list[list[TableWord]] = [[]]
        before: TableWord | None = None
        held: list[TableWord] = []
        for word in line:
            if word.is_loose:
                (groups[-1] if word.is_leader and not held else held).append(word)
                continue
            if before is not None and _divides(before, word, zones, scale, header=header):
                groups.append([])
            groups[-1] += [*held, word]
            held = []
            if before is None or word.box.right > before.box.right:
                before = word
        groups[-1] += held
        return [self._piece(group, scale, header=header) for group in groups if group]

    def _piece(self, words: Sequence[TableWord], scale: Scale, *, header: bool) -> Piece:
        solid = [word for word in words if not word.is_loose] or list(words)
        left, right = solid[0].box.left, max(word.box.right for word in solid)
        over = _OVERHANG * scale.height
        spans = self.spans
        if header:
            covered = [number for number, middle in enumerate(self.middles) if left <= middle <= right]
        else:
            covered = [
                number
                for number, (start, end) in enumerate(spans)
                if min(right, end) - max(left, start) > min(over, 0.5 * max(1.0, end - start), 0.5 * (right - left))
            ]
        if not covered:
            covered = [_nearest_span(spans, left, right)]
        return Piece.of(words, covered[0], covered[-1])


def _nearest_span(spans: Sequence[tuple[float, float]], left: float, right: float) -> int:
    """Return the number of the span that a piece covers most, or is nearest to."""
    return max(
        range(len(spans)),
        key=lambda number: (
            min(right, spans[number][1]) - max(left, spans[number][0]),
            -abs(spans[number][0] + spans[number][1] - left - right),
        ),
    )


def _divides(
    before: TableWord, word: TableWord, zones: Sequence[tuple[float, float]], scale: Scale, *, header: bool
) -> bool:
    """Return whether the gap between two words has a column's edge. Words of a text need a wider gap than numbers."""
    right, left = before.box.right, word.box.left
    gap = left - right
    if gap <= 0:
        return False
    numbers = _has_digit(before) and _has_digit(word) if not header else _has_digit(before) or _has_digit(word)
    if header and numbers and scale.space:
        least = max(0.3 * scale.height, 1.2 * scale.space)
    elif header:
        least = max(0.6 * scale.height, 1.6 * scale.space, 1.15 * _letter_width(before, word))
    else:
        least = scale.cell_gap if numbers else max(scale.cell_gap, 1.5 * scale.space)
    for start, end in zones:
        if start == end:
            if right <= start + 2 and left >= start - 2 and gap >= 0.3 * scale.cell_gap:
                return True
        elif start < left and right < end and gap >= least:
            return True
    return False


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
    """Part the heads of two columns that are only a word space apart: each is aligned with what is below it."""
    near = 0.3 * scale.height
    middles = columns.middles
    for number, (before, after) in enumerate(pairwise(piece.words), 1):
        for column in range(columns.count - 1):
            left, right = below.get(column), below.get(column + 1)
            if (
                not (left and right)
                or not middles[column] <= (before.box.right + after.box.left) / 2 <= middles[column + 1]
            ):
                continue
            one, other = piece.words[:number], piece.words[number:]
            boxes = Box.around([word.box for word in one]), Box.around([word.box for word in other])
            middle = (left.box.left + right.box.right) / 2
            is_over_both = abs(boxes[0].left + boxes[1].right - 2 * middle) <= scale.height
            if not is_over_both and _aligned(boxes[0], left.box, near) and _aligned(boxes[1], right.box, near):
                rest = Piece.of(other, column + 1, max(column + 1, piece.last))
                first = Piece.of(one, min(column, piece.first), column)
                return [*_parted(first, below, columns, scale), *_parted(rest, below, columns, scale)]
    return [piece]


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
