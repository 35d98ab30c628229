"""What is usual on a page of text, and what stands in its outermost rows: what furniture is told by."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, takewhile

from ocrdesk.contract.document import Block, Box, Line, Word

_LEAST_LINES = 6
"""A page with fewer has no body that furniture could stand apart from."""
_PROSE_LETTERS = 22
"""A line with fewer is not prose."""
_LEAST_CONFIDENCE = 0.4
"""Specks and borders are read with less."""
MOST_ROWS = 3
"""So many rows a header or a footer has at most."""
WIDE = 1.5
"""White between two words of a row, in line heights, that parts it."""
_SAMPLE = 24
"""So many lines, evenly over the page, say how high its letters are."""
_SEPARATOR = re.compile("[|\u2022\u00b7\u00a6]+")
_LOW = re.compile(r"[gjpqy,;()\[\]Q]")
_HIGH = re.compile(r"[A-Zbdfhklit0-9()\[\]]")


@dataclass(frozen=True, slots=True)
class PageProfile:
    """The page's lines from the top down, those that are prose, and what is usual among them.

    All in pixels: the lines' height, the white between them, and where the text begins and ends from left to right.
    """

    lines: Sequence[Line]
    prose: Sequence[Line]
    page_height: int
    line_height: float
    white: float
    left: int
    right: int
    letters: Letters

    @property
    def text_width(self) -> int:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side, as segments of words with wide white between them, from left to right."""

    lines: Sequence[Line]
    box: Box
    segments: Sequence[Sequence[Word]]


def profile_page(blocks: Sequence[Block], page_height: int) -> PageProfile | None:
    """A page of that height, in pixels; None when too little is on it."""
    lines = [line for block in blocks for line in block.lines if _is_legible(line)]
    if len(lines) < _LEAST_LINES:
        return None
    line_height = max(1.0, statistics.median(line.box.height for line in lines))
    lines = sorted((line for line in lines if line.box.height <= 3 * line_height), key=lambda line: line.box.top)
    prose = [line for line in lines if _letter_count(line) >= _PROSE_LETTERS]
    few = len(lines) // 20  # a speck or a note beside the text does not widen it
    left = sorted(line.box.left for line in lines)[few]
    right = sorted(line.box.right for line in lines)[-1 - few]
    letters = Letters(prose or lines)
    return PageProfile(lines, prose, page_height, line_height, _usual_white(blocks, lines), left, right, letters)


def _is_legible(line: Line) -> bool:
    return line.box.height > 0 and any(
        word.confidence >= _LEAST_CONFIDENCE and is_alphanumeric(word) for word in line.words
    )


def is_alphanumeric(word: Word) -> bool:
    """Whether a word that has a place says something: dashes and bullets do not."""
    return word.box.height > 0 and any(map(str.isalnum, word.text))


def _usual_white(blocks: Sequence[Block], lines: Sequence[Line]) -> float:
    """Between the lines of paragraphs; between all lines, where each is a paragraph."""
    inside = [two.box.top - one.box.bottom for block in blocks for one, two in pairwise(block.lines)]
    below = [two.box.top - one.box.bottom for one, two in pairwise(lines)]
    gaps = [gap for gap in inside if gap > 0] if 2 * len(inside) > len(lines) else [gap for gap in below if gap > 0]
    return statistics.median(gaps) if gaps else 0.0


def _letter_count(line: Line) -> int:
    return sum(len(word.text) for word in line.words if not word.text[0].isdigit())


def outer_rows(sheet: PageProfile, *, at_top: bool) -> list[Row]:
    """The rows nearest that edge of the page, outermost first: as many as may be furniture, and one more."""
    left = sheet.lines if at_top else sorted(sheet.lines, key=lambda line: -line.box.bottom)
    rows: list[Row] = []
    while left and len(rows) <= MOST_ROWS:
        first = left[0].box
        near = len(list(takewhile(partial(_meet, first), (line.box for line in left))))
        rows.append(_row([line for line in left[:near] if _overlap(first, line.box)], sheet.line_height))
        left = [*(line for line in left[:near] if not _overlap(first, line.box)), *left[near:]]
    return rows


def _meet(one: Box, two: Box) -> bool:
    """Whether two boxes have some of their height in common."""
    return one.top < two.bottom and two.top < one.bottom


def _overlap(one: Box, two: Box) -> bool:
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    return 2 * shared >= min(one.height, two.height)


def _row(lines: Sequence[Line], line_height: float) -> Row:
    words = sorted((word for line in lines for word in line.words), key=lambda word: word.box.left)
    segments: list[list[Word]] = [[]]
    for word in words:
        if _SEPARATOR.fullmatch(word.text):
            segments.append([])
            continue
        before = segments[-1][-1:]
        if before and word.box.left - before[0].box.right > WIDE * line_height:
            segments.append([])
        segments[-1].append(word)
    ordered = sorted(lines, key=lambda line: line.box.left)
    return Row(ordered, Box.around([line.box for line in lines]), [segment for segment in segments if segment])


# ── letters ──────────────────────────────────────────────────────────────────────────────────────

_Shape = tuple[bool, bool]


class Letters:
    """How high the page's words are, by whether they reach below the line and above small letters."""

    def __init__(self, lines: Sequence[Line]) -> None:
        heights: dict[_Shape, list[int]] = {}
        for line in lines[:: 1 + len(lines) // _SAMPLE]:
            for word in line.words[:6]:
                heights.setdefault(_shape(word.text), []).append(word.box.height)
        self._usual = {shape: max(1.0, statistics.median(found)) for shape, found in heights.items()}

    def ratio(self, row: Row) -> float:
        """The height of a row's letters against what is usual for such words on the page; 1 where none is such."""
        known = [
            (word, self._usual.get(_shape(word.text)))
            for segment in row.segments
            for word in segment
            if is_alphanumeric(word)
        ]
        return statistics.median([word.box.height / usual for word, usual in known if usual] or [1.0])


def _shape(text: str) -> _Shape:
    return _LOW.search(text) is not None, _HIGH.search(text) is not None


def joined(words: Iterable[Word]) -> str:
    """The words as a line of text."""
    return " ".join(word.text for word in words)
