"""Parts the columns of forms and letter heads that were read across.

Rows of labels and values are read as rows. Two texts side by side are read one after the other if one of them is an
address, if both have the same labels, or if their lines are not level.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise
from statistics import median

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, BlockKind, Line, Word
from ocrdesk.layout.forms.moved_words import with_words_moved
from ocrdesk.layout.structure.addresses import is_address
from ocrdesk.layout.tables.text_kinds import has_amount, is_number
from ocrdesk.layout.text_direction import is_rtl

_MOST_WORDS = 3_000
"""A page with more words is no form, and comparing all of them takes time."""
_MIN_LINES = 3
_GAP = 1.5
"""In letter heights: the least gap between two columns."""
_SAME_LEFT = 0.5
"""In letter heights: how far apart the left edges of a column's lines are at most."""
_LINE_GAP = 1.5
"""In letter heights: the most white between two lines of a column."""
_LEVEL, _MOST_LEVEL = 0.25, 1 / 3
"""Lines whose middles are so many letter heights apart are level; with fewer of them, columns do not form rows."""
_LONG_LINE = 15
"""In letter heights: a line that tells how much the page is skewed."""
_MAX_LABEL_WORDS = 4
_REPEATED = 0.6
"""The share of labels that two columns with the same labels have in common."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of a line between two wide gaps, and the line's number on the page."""

    line: int
    words: tuple[Word, ...]
    box: Box
    text: str

    @property
    def label(self) -> str | None:
        """What is before a colon, None without one."""
        before, colon, _ = self.text.partition(":")
        return before.strip() if colon and before.strip() and len(before.split()) <= _MAX_LABEL_WORDS else None


@dataclass(slots=True)
class _Column:
    """Lines below each other that begin at the same place."""

    pieces: list[_Piece] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box.around([piece.box for piece in self.pieces])

    def beside(self, other: _Column) -> _Column:
        """Return the lines that are beside another column, at least in part."""
        return _Column([piece for piece in self.pieces if piece.box.crosses_rows(other.box)])

    def left_of(self, edge: float) -> list[_Column]:
        """Return the runs of lines that end left of an edge."""
        runs = groupby(self.pieces, key=lambda piece: piece.box.right <= edge)
        return [_Column(list(pieces)) for is_left, pieces in runs if is_left]


def part_form_columns(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with the columns of forms as blocks of their own, where the first line across them was."""
    lines = [line for block in blocks if block.kind is BlockKind.TEXT for line in block.lines if line.words]
    if not lines or sum(len(line.words) for line in lines) > _MOST_WORDS or is_rtl(line.text for line in lines):
        return tuple(blocks)
    height = median(word.box.height for line in lines for word in line.words)
    pieces = [piece for number, line in enumerate(lines) for piece in _pieces(number, line, height)]
    slope = _slope(lines, height)
    found: list[tuple[_Column, _Column]] = []
    taken: set[int] = set()
    for one, other in combinations(_columns(pieces, height), 2):
        first, right = sorted((one, other), key=lambda column: column.box.left)
        for left in first.left_of(right.box.left - _GAP * height):
            own = {id(piece) for piece in (*left.pieces, *right.pieces)}
            is_free = taken.isdisjoint(own) and _are_read_across(left, right)
            if is_free and _are_apart(left, right, pieces, height, slope):
                found.append((left, right))
                taken |= own
    moved = [[_block(column) for column in columns] for columns in found]
    return with_words_moved(blocks, moved) if moved else tuple(blocks)


def _pieces(number: int, line: Line, height: float) -> Iterable[_Piece]:
    """Yield the parts of a line. A label that ends with a colon and the value after it are one."""
    groups = [[line.words[0]]]
    for before, word in pairwise(line.words):
        if word.box.left - before.box.right > _GAP * height and not before.text.endswith(":"):
            groups.append([])
        groups[-1].append(word)
    for group in groups:
        box = Box.around([word.box for word in group])
        yield _Piece(number, tuple(group), box, " ".join(word.text for word in group))


def _columns(pieces: Sequence[_Piece], height: float) -> list[_Column]:
    columns: list[_Column] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.top):
        for column in columns:
            last = column.pieces[-1].box
            is_near = piece.box.top - last.bottom <= _LINE_GAP * height and piece.box.center_y > last.bottom
            if is_near and abs(piece.box.left - last.left) <= _SAME_LEFT * height:
                column.pieces.append(piece)
                break
        else:
            columns.append(_Column([piece]))
    return [column for column in columns if len(column.pieces) >= _MIN_LINES]


def _are_read_across(left: _Column, right: _Column) -> bool:
    """Return whether a line has words of both columns, or their lines take turns."""
    lefts, rights = ([piece.line for piece in column.pieces] for column in (left, right))
    return bool(lefts and rights) and max(lefts) >= min(rights)


def _are_apart(left: _Column, right: _Column, pieces: Sequence[_Piece], height: float, slope: float) -> bool:
    """Return whether two columns are texts of their own with nothing between them."""
    if min(len(left.beside(right).pieces), len(right.beside(left).pieces)) < _MIN_LINES:
        return False
    own = {id(piece) for piece in (*left.pieces, *right.pieces)}
    around = Box.around([left.box, right.box])
    if any(piece.box.shared_area(around) and id(piece) not in own for piece in pieces):
        return False
    if any(_are_numbers(column) for column in (left, right)):
        return False
    if _is_address(left) or _is_address(right) or _have_same_labels(left, right):
        return True
    return _are_offset(left, right, height, slope)


def _are_numbers(column: _Column) -> bool:
    """Return whether the column is of numbers, as a table's or receipt's are."""
    numbers = sum(is_number(piece.text) or has_amount(piece.text) for piece in column.pieces)
    return 2 * numbers >= len(column.pieces)


def _is_address(column: _Column) -> bool:
    return is_address([piece.text for piece in column.pieces])


def _have_same_labels(left: _Column, right: _Column) -> bool:
    one, other = ({piece.label for piece in column.pieces if piece.label} for column in (left, right))
    return min(len(one), len(other)) > 1 and len(one & other) >= _REPEATED * min(len(one), len(other))


def _are_offset(left: _Column, right: _Column, height: float, slope: float) -> bool:
    """Return whether hardly any line of one column is level with a line of the other, on a page with that slope."""
    lefts, rights = (
        [piece.box.center_y - slope * piece.box.center_x for piece in column.pieces] for column in (left, right)
    )
    nearest = [min(abs(one - other) for other in rights) for one in lefts]
    few = min(len(left.pieces), len(right.pieces))
    return sum(distance <= _LEVEL * height for distance in nearest) < _MOST_LEVEL * few


def _slope(lines: Sequence[Line], height: float) -> float:
    """Return how many rows a line goes down for each column, from the lines that are long enough to tell."""
    ends = [(line.words[0].box, line.words[-1].box) for line in lines]
    far = [(first, last) for first, last in ends if last.center_x - first.center_x >= max(1.0, _LONG_LINE * height)]
    slopes = [(last.center_y - first.center_y) / (last.center_x - first.center_x) for first, last in far]
    return median(slopes) if slopes else 0.0


def _block(column: _Column) -> Block:
    lines = tuple(Line(box=piece.box, words=piece.words) for piece in column.pieces)
    return Block(box=column.box, lines=lines)
