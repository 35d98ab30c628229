"""The lines of text in a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrdesk.contract.box import Box
from ocrdesk.layout.tables.model import Scale, TableWord, cell_text


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
