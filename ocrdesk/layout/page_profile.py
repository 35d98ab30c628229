"""Typical sizes on a page, and its outermost rows."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, takewhile

from ocrdesk.contract.box import Box
from ocrdesk.contract.document import Block, Line, Word

_MIN_LINES = 6
"""A page with fewer lines has no body that a header or footer could be separate from."""
PROSE_LETTERS = 22
"""A line with fewer letters is not prose."""
_MIN_CONFIDENCE = 0.4
"""Specks and borders are read with less."""
MAX_ROWS = 3
"""A header or footer has at most this many rows."""
WIDE_GAP = 1.5
"""In line heights: white between two words of a row that separates segments."""
_SAMPLE_LINES = 24
"""The height of letters is measured on this many lines, evenly distributed over the page."""
_SEPARATOR = re.compile("[|\u2022\u00b7\u00a6]+")
_DESCENDER = re.compile(r"[gjpqy,;()\[\]Q]")
_ASCENDER = re.compile(r"[A-Zbdfhklit0-9()\[\]]")


@dataclass(frozen=True, slots=True)
class PageProfile:
    """A page's lines from top to bottom, those that are prose, and the usual sizes in pixels.

    `white` is the usual white between two lines; `left` and `right` are the edges of the text.
    """

    lines: Sequence[Line]
    prose: Sequence[Line]
    page_height: int
    line_height: float
    white: float
    left: int
    right: int
    letters: LetterHeights

    @property
    def text_width(self) -> int:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Row:
    """Lines side by side, and their words as segments separated by wide gaps, from left to right."""

    lines: Sequence[Line]
    box: Box
    segments: Sequence[Sequence[Word]]


def profile_page(blocks: Sequence[Block], page_height: int, *, min_lines: int = _MIN_LINES) -> PageProfile | None:
    """Return the profile of a page of that height in pixels; None if it has too little text."""
    lines = [line for block in blocks for line in block.lines if _is_legible(line)]
    if len(lines) < min_lines:
        return None
    line_height = max(1.0, statistics.median(line.box.height for line in lines))
    lines = sorted((line for line in lines if line.box.height <= 3 * line_height), key=lambda line: line.box.top)
    prose = [line for line in lines if _count_letters(line) >= PROSE_LETTERS]
    few = len(lines) // 20  # a speck or a note beside the text must not widen it
    left = sorted(line.box.left for line in lines)[few]
    right = sorted(line.box.right for line in lines)[-1 - few]
    letters = LetterHeights(prose or lines)
    return PageProfile(lines, prose, page_height, line_height, _usual_white(blocks, lines), left, right, letters)


def _is_legible(line: Line) -> bool:
    return line.box.height > 0 and any(
        word.confidence >= _MIN_CONFIDENCE and is_alphanumeric(word) for word in line.words
    )


def is_alphanumeric(word: Word) -> bool:
    """Return whether a word has letters or digits and a height: dashes and bullets have none."""
    return word.box.height > 0 and any(map(str.isalnum, word.text))


def _usual_white(blocks: Sequence[Block], lines: Sequence[Line]) -> float:
    """Return the usual white between lines of a paragraph; between all lines, if each is a paragraph."""
    inside = [two.box.top - one.box.bottom for block in blocks for one, two in pairwise(block.lines)]
    below = [two.box.top - one.box.bottom for one, two in pairwise(lines)]
    gaps = [gap for gap in inside if gap > 0] if 2 * len(inside) > len(lines) else [gap for gap in below if gap > 0]
    return statistics.median(gaps) if gaps else 0.0


def _count_letters(line: Line) -> int:
    return sum(len(word.text) for word in line.words if not word.text[0].isdigit())


def outer_rows(profile: PageProfile, *, at_top: bool) -> list[Row]:
    """Return the rows nearest to that edge of the page, outermost first.

    These are as many as a header or footer may have, and one more.
    """
    left = profile.lines if at_top else sorted(profile.lines, key=lambda line: -line.box.bottom)
    rows: list[Row] = []
    while left and len(rows) <= MAX_ROWS:
        first = left[0].box
        near = len(list(takewhile(partial(Box.crosses_rows, first), (line.box for line in left))))
        rows.append(_row([line for line in left[:near] if _are_side_by_side(first, line.box)], profile.line_height))
        left = [*(line for line in left[:near] if not _are_side_by_side(first, line.box)), *left[near:]]
    return rows


def _are_side_by_side(one: Box, other: Box) -> bool:
    return 2 * one.shared_height(other) >= min(one.height, other.height)


def _row(lines: Sequence[Line], line_height: float) -> Row:
    words = sorted((word for line in lines for word in line.words), key=lambda word: word.box.left)
    segments: list[list[Word]] = [[]]
    for word in words:
        if _SEPARATOR.fullmatch(word.text):
            segments.append([])
            continue
        before = segments[-1][-1:]
        if before and word.box.left - before[0].box.right > WIDE_GAP * line_height:
            segments.append([])
        segments[-1].append(word)
    ordered = sorted(lines, key=lambda line: line.box.left)
    return Row(ordered, Box.around([line.box for line in lines]), [segment for segment in segments if segment])


# ── letters ──────────────────────────────────────────────────────────────────────────────────────

_Shape = tuple[bool, bool]
"""Whether a word has letters that reach below the line, and letters that are taller than an x."""


class LetterHeights:
    """The usual height of a page's words, by their shape."""

    def __init__(self, lines: Sequence[Line]) -> None:
        heights: dict[_Shape, list[int]] = {}
        for line in lines[:: 1 + len(lines) // _SAMPLE_LINES]:
            for word in line.words[:6]:
                heights.setdefault(_shape(word.text), []).append(word.box.height)
        self._usual = {shape: max(1.0, statistics.median(found)) for shape, found in heights.items()}

    def ratio(self, row: Row) -> float:
        """Return the height of a row's words relative to the usual height of such words; 1 if the page has none."""
        known = [
            (word, self._usual.get(_shape(word.text)))
            for segment in row.segments
            for word in segment
            if is_alphanumeric(word)
        ]
        return statistics.median([word.box.height / usual for word, usual in known if usual] or [1.0])


def _shape(text: str) -> _Shape:
    return _DESCENDER.search(text) is not None, _ASCENDER.search(text) is not None
