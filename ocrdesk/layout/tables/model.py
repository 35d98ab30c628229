"""Tables, cells, and the measures that detection uses."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Word
from ocrdesk.contract.word_spacing import join_words
from ocrdesk.layout.mirroring import mirrored_box

MIN_ROWS = 3
"""A table without vertical lines has at least this many rows."""
MIN_WORDS = 4
"""A page with fewer words has no table."""

# In heights of the page's median word.
_WIDE_GAP = 1.0
"""The gap that separates segments of a row; a word space of a printed typeface is a third of this."""
_GUTTER = 0.6
"""The least width of a straight gap through all rows."""
_CELL_GAP = 0.5
"""The least gap between two words in a gutter that separates their cells."""
_COMMON_SPACE = 0.45
_WORD_SPACE = 1.2
"""No word space is wider."""

_RULING_LINE = re.compile(r"[|¦│┃_‗—–-]*[|¦│┃_‗][|¦│┃_‗—–-]*")  # noqa: RUF001
"""Ruling lines, as engines read them."""
_LEADER = re.compile(r"[.·]{1,2}")
"""Dots from a label to its value, as words of their own."""
_CURRENCY = re.compile(r"[$€£¥₹₽₩฿]|[A-Z]{2}\$")


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell: its first place, from 0, its spans, and the positions of its words in `page.words()`, in reading order.

    `box` is the area between ruling lines, None without them.
    """

    row: int
    column: int
    words: tuple[int, ...]
    row_span: int = 1
    column_span: int = 1
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells with words, row by row in reading order.

    `members` are the positions of all its words in `page.words()`, with those that no cell has: ruling lines that were
    read as characters.
    """

    box: Box
    row_count: int
    column_count: int
    cells: tuple[FoundCell, ...]
    members: frozenset[int]
    header_rows: int = 0
    confidence: float = 1.0

    def mirrored(self) -> Table:
        """Return the table on the mirror image of its page; its columns stay as they are counted."""
        cells = tuple(replace(cell, box=mirrored_box(cell.box)) if cell.box else cell for cell in self.cells)
        return replace(self, box=mirrored_box(self.box), cells=cells)


@dataclass(frozen=True, slots=True)
class TableWord:
    """A word, its position in reading order, and the number of the engine's line that contains it."""

    index: int
    line: int
    word: Word
    box: Box = field(init=False, compare=False, repr=False)
    """That of the word. It and what follows are asked a hundred thousand times for a page with columns."""
    is_leader: bool = field(init=False, compare=False, repr=False)
    is_currency: bool = field(init=False, compare=False, repr=False)
    is_ruling_line: bool = field(init=False, compare=False, repr=False)
    is_loose: bool = field(init=False, compare=False, repr=False)
    """Whether it does not show where columns are: ruling lines, leaders, currency signs left of their amounts."""

    def __post_init__(self) -> None:
        text = self.word.text
        leader, currency = _LEADER.fullmatch(text) is not None, _CURRENCY.fullmatch(text) is not None
        ruling = is_ruling_line(text)
        put = object.__setattr__
        put(self, "box", self.word.box)
        put(self, "is_leader", leader)
        put(self, "is_currency", currency)
        put(self, "is_ruling_line", ruling)
        put(self, "is_loose", ruling or currency or leader)

    def mirrored(self) -> TableWord:
        return replace(self, word=self.word.model_copy(update={"box": mirrored_box(self.word.box)}))


def is_ruling_line(text: str) -> bool:
    """Return whether an engine read a ruling line as these characters."""
    return _RULING_LINE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line without a wide gap between them."""

    words: tuple[TableWord, ...]
    box: Box

    @classmethod
    def of(cls, words: Sequence[TableWord]) -> Segment:
        return cls(tuple(words), Box.around([word.box for word in words]))


_index = attrgetter("index")

Row = list[Segment]
"""Segments side by side, from left to right."""

Gutter = tuple[int, int]
"""The left and right edge of a straight gap between columns, in pixels."""

Cells = list[list[TableWord]]
"""The words of one row by column."""


def words_of(rows: Iterable[Row]) -> list[TableWord]:
    """Return the words of the rows in reading order."""
    return sorted((word for row in rows for segment in row for word in segment.words), key=_index)


def words_of_cell(cell: Iterable[TableWord]) -> list[TableWord]:
    """Return a cell's words in reading order, without ruling lines."""
    return [word for word in sorted(cell, key=_index) if not word.is_ruling_line]


def cell_text(cell: Iterable[TableWord]) -> str:
    """Return a cell's words as text, without ruling lines."""
    return join_words([word.word for word in words_of_cell(cell)])


@dataclass(frozen=True, slots=True)
class Column:
    """The texts and boxes of one column's cells, row by row; None where a cell is empty."""

    texts: tuple[str | None, ...]
    boxes: tuple[Box | None, ...]

    @classmethod
    def of(cls, grid: Sequence[Cells], index: int) -> Column:
        cells = [cells[index] for cells in grid]
        return cls(
            tuple(cell_text(cell) or None for cell in cells),
            tuple(Box.around([word.box for word in cell]) if cell else None for cell in cells),
        )

    @property
    def filled(self) -> list[str]:
        """The texts of the cells that are not empty."""
        return [text for text in self.texts if text]


@dataclass(frozen=True, slots=True)
class Scale:
    """The median height of words and the usual word space of a page or a part of it, in pixels.

    A typewriter's word spaces are wide, so gaps must be wider to count.
    """

    height: float
    space: float

    @classmethod
    def of(cls, words: Sequence[TableWord], widest_space: float = math.inf) -> Scale:
        """Measure words in reading order.

        In a narrow table gaps between columns may look like word spaces: `widest_space` limits the result.
        """
        height = median_or_zero(word.box.height for word in words)
        gaps = [after.box.left - before.box.right for before, after in pairwise(words) if before.line == after.line]
        spaces = sorted(gap for gap in gaps if 0 < gap <= _WORD_SPACE * height)
        space = spaces[len(spaces) // 2] if len(spaces) * 10 > len(words) else 0.0
        return cls(height, min(space, widest_space))

    @classmethod
    def within(cls, words: Sequence[TableWord], page: Scale) -> Scale:
        """Measure words of a part of a page: tables are often set smaller than the text around them.

        If they have too few spaces to measure, the page's space is used, or that of common typefaces if it is wider.
        """
        local = cls.of(words, page.space)
        return local if local.space else cls(local.height, min(page.space, _COMMON_SPACE * local.height))

    @property
    def wide_gap(self) -> float:
        return max(_WIDE_GAP * self.height, 1.8 * self.space)

    @property
    def gutter(self) -> float:
        return max(_GUTTER * self.height, 1.1 * self.space)

    @property
    def cell_gap(self) -> float:
        return max(_CELL_GAP * self.height, 1.1 * self.space)


def median_or_zero(values: Iterable[float]) -> float:
    """Return the median; 0 if there are no values, since a column may be empty."""
    found = list(values)
    return statistics.median(found) if found else 0.0
