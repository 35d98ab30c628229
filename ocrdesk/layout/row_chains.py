"""Links neighbouring words to rows, on pages that are skewed, curved or in perspective.

Each word is linked to the next one on its right: first to near ones, which gives runs and their slopes, then the runs
to each other across wide gaps, along the slope of the text around them. So a label and its amount at the other edge of
a receipt are one row although the paper is not flat.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from ocrdesk.contract.document import Word

_DESCENDING = frozenset("gjpqy,;()[]{}|Qç$")
_TALL = frozenset("bdfhkltij()[]{}|/\\!?&%#@$")
_DESCENT, _HALF_DESCENT = 0.22, 0.3
"""In heights of a word: how far below the baseline it reaches, with and without tall letters."""
_MARK = 0.5
"""In usual heights: lower words are dashes, dots or colons, whose foot says nothing about the baseline."""
_UPRIGHT_TEXT = 2.0
"""A word of several letters so many times as high as wide is written upwards or downwards: it is a row of its own."""
_NEAR = 1.5
"""In heights: the widest gap within a run."""
_OVERLAP = 0.5
"""Of the narrower one's width: by how much the boxes of neighbours may overlap."""
_LEVEL = 0.4
"""In heights of the lower one: how far apart the baselines of neighbours on a row may be."""
_LEVEL_IN_LINE, _IN_LINE_COST = 0.6, 0.5
"""The same for words that follow each other in a line already, and what a height costs then."""
_GAP_COST = 0.05
"""What a gap of one height costs, in heights between the baselines."""
_MARK_OFF, _MARK_COST = 0.65, 0.3
"""In heights of its neighbour: how far from the middle of the row a mark may be; and what a height costs then."""
_BESIDE = 0.8
"""In heights: runs are beside each other if their middles are less apart."""
_STRIP = 2.0
"""In usual heights: the strips of the page in which neighbours are looked for."""
_SLOPED_RUN = 6.0
"""In heights: shorter runs say nothing about the slope of the text."""
_WINDOW = 12.0
"""In heights: runs so far above and below count for the slope at a place."""
_STEEPEST = 0.2
"""Pages are deskewed before: text is not steeper than this."""


_Pairs = AbstractSet[tuple[int, int]]
"""Words that follow each other, by their ids."""


@dataclass(eq=False, slots=True)
class _Run:
    """Words that follow each other; `base` is the baseline at `left`, and `slope` how far it falls for each pixel."""

    words: list[Word]
    left: float
    right: float
    base: float
    slope: float
    height: float
    is_mark: bool
    middle: float
    """The vertical middle, at the horizontal one."""

    def at(self, x: float) -> float:
        return self.base + self.slope * (x - self.left)

    def middle_at(self, x: float) -> float:
        return self.middle + self.slope * (x - (self.left + self.right) / 2)


@dataclass(frozen=True, slots=True)
class ChainedRows:
    """The rows of a page from top to bottom, each with its words from left to right.

    `level` counts the parts of text whose neighbour on the right is on the same row, `offset` those whose neighbour is
    half a row higher or lower.
    """

    rows: list[list[Word]]
    level: int
    offset: int


def chain_rows(lines: Iterable[Sequence[Word]]) -> ChainedRows:
    """Return the words of lines in rows. The words of a line stay in their order where they are side by side."""
    lines = [line for line in lines if line]
    if not lines:
        return ChainedRows([], 0, 0)
    usual = median(word.box.height for line in lines for word in line)
    parts = [part for line in lines for part in _parts(line)]
    in_line = {(id(before), id(word)) for line in lines for before, word in pairwise(line)}
    alone = [_run_of(part, usual, 0.0) for part in parts if _is_upright_text(part[0])]
    runs = _linked(
        [_run_of(part, usual, 0.0) for part in parts if not _is_upright_text(part[0])], usual, in_line, _NEAR
    )
    slope_at = _slopes(runs, usual)
    runs = [_run_of(run.words, usual, slope_at(run.middle)) for run in runs]
    level, offset = _count_neighbours(runs, usual)
    runs = [*_linked(runs, usual, in_line), *alone]
    center = median((run.left + run.right) / 2 for run in runs)
    runs.sort(key=lambda run: run.middle_at(center))
    return ChainedRows([run.words for run in runs], level, offset)


def _parts(line: Sequence[Word]) -> Iterable[list[Word]]:
    """Yield the words of a line in parts whose words are side by side and level."""
    part = [line[0]]
    for before, word in pairwise(line):
        if _are_neighbours(before, word):
            part.append(word)
        else:
            yield part
            part = [word]
    yield part


def _are_neighbours(before: Word, word: Word) -> bool:
    one, other = before.box, word.box
    if _is_upright_text(before) or _is_upright_text(word) or one.center_x >= other.center_x:
        return False
    if other.left - one.right > _NEAR * max(one.height, other.height):
        return False
    low = min(one.height, other.height)
    return 2 * one.shared_height(other) > low


def _is_upright_text(word: Word) -> bool:
    return len(word.text) > 1 and word.box.height > _UPRIGHT_TEXT * word.box.width


def baseline_of(word: Word) -> float:
    box = word.box
    return float(box.bottom - box.height * _descent(word.text))


@lru_cache(maxsize=4096)
def _descent(text: str) -> float:
    """Return how far below the baseline a word reaches, in its heights."""
    if not _DESCENDING.intersection(text):
        return 0.0
    is_tall = any(character in _TALL or character.isupper() or character.isdecimal() for character in text)
    return _DESCENT if is_tall else _HALF_DESCENT


def _run_of(words: list[Word], usual: float, slope: float) -> _Run:
    """Return the run of words that are in order; its slope is its own if it is long, else the given one."""
    if len(words) == 1:
        return _run_of_one(words, usual, slope)
    left, right = words[0].box.left, max(word.box.right for word in words)
    letters = [word for word in words if word.box.height >= _MARK * usual] or words
    height = max(1.0, median(word.box.height for word in letters))
    points = [(word.box.center_x, baseline_of(word)) for word in letters]
    if right - left >= _SLOPED_RUN * height and len(points) > 1:
        slope = _fitted(points, slope, height)
    base = median(y - slope * (x - left) for x, y in points)
    middle = (min(word.box.top for word in letters) + max(word.box.bottom for word in letters)) / 2
    return _Run(words, left, right, base, slope, height, letters is words and height < _MARK * usual, middle)


def _run_of_one(words: list[Word], usual: float, slope: float) -> _Run:
    """Return the run of a single word, as most are."""
    box = words[0].box
    left, top, right, bottom = box
    height, is_low = max(1.0, bottom - top), bottom - top < _MARK * usual
    base = baseline_of(words[0]) - slope * (box.center_x - left)
    is_mark = is_low and height < _MARK * usual
    return _Run(words, left, right, base, slope, height, is_mark, (top + bottom) / 2)


def _fitted(points: Sequence[tuple[float, float]], prior: float, height: float) -> float:
    """Return the slope of the line through points, drawn to the prior the more, the narrower they are."""
    x_mean, y_mean = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    across = sum((x - x_mean) ** 2 for x, _ in points)
    both = sum((x - x_mean) * (y - y_mean) for x, y in points)
    weight = 20 * height**2
    return max(-_STEEPEST, min(_STEEPEST, (both + prior * weight) / (across + weight)))


def _slopes(runs: Iterable[_Run], usual: float) -> Callable[[float], float]:
    """Return a function from a height on the page to the slope of the text there."""
    long = sorted(
        (run for run in runs if run.right - run.left >= _SLOPED_RUN * usual and len(run.words) > 1),
        key=lambda run: run.middle,
    )
    middles = [run.middle for run in long]
    reach = _WINDOW * usual

    def slope_at(y: float) -> float:
        near = long[bisect_left(middles, y - reach) : bisect_left(middles, y + reach)]
        total = weights = 0.0
        for run in near:
            weight = (run.right - run.left) ** 2 * (1 - abs(run.middle - y) / reach)
            total, weights = total + run.slope * weight, weights + weight
        return total / weights if weights else 0.0

    return slope_at


def _linked(runs: list[_Run], usual: float, in_line: _Pairs, farthest: float = math.inf) -> list[_Run]:
    """Return the runs, with those joined that follow each other on a row with at most that gap, in heights.

    `in_line` are the words that follow each other in a line already.
    """
    links = sorted(_candidates(runs, usual, in_line, farthest), key=lambda link: link[0])
    following: dict[int, int] = {}
    preceding: dict[int, int] = {}
    for _, number, other in links:
        if number not in following and other not in preceding:
            following[number], preceding[other] = other, number
    joined = []
    for number, run in enumerate(runs):
        if number in preceding:
            continue
        words, here = list(run.words), number
        while here in following:
            here = following[here]
            words += runs[here].words
        joined.append(_run_of(words, usual, run.slope))
    return joined


def _count_neighbours(runs: Sequence[_Run], usual: float) -> tuple[int, int]:
    """Return how many runs have a neighbour on the right that is level with them, and how many one that is not."""
    letters = [run for run in runs if not run.is_mark]
    rows = _by_row(letters, usual)
    level = offset = 0
    for run in letters:
        beside = (
            letters[other]
            for other in _right_of(run, rows, usual, run.right - usual)
            if letters[other] is not run and _off(run, letters[other], centers=True) < _BESIDE
        )
        nearest = min(beside, key=lambda other: other.left, default=None)
        if nearest is not None:
            is_level = _off(run, nearest) <= _LEVEL
            level, offset = level + is_level, offset + (not is_level)
    return level, offset


def _by_row(runs: Sequence[_Run], usual: float) -> dict[int, list[tuple[float, int]]]:
    """Return the left edges and numbers of the runs, in order, for each strip of the page's height."""
    rows: dict[int, list[tuple[float, int]]] = {}
    for number, run in enumerate(runs):
        rows.setdefault(int(run.middle // (_STRIP * usual)), []).append((run.left, number))
    for starts in rows.values():
        starts.sort()
    return rows


def _right_of(
    run: _Run, rows: Mapping[int, Sequence[tuple[float, int]]], usual: float, first: float, last: float = math.inf
) -> Iterable[int]:
    """Yield the numbers of runs that begin at `first` to `last`, about as high on the page."""
    here = int(run.middle_at(run.right) // (_STRIP * usual))
    for row in range(here - 2, here + 3):
        starts = rows.get(row)
        if starts:
            for at in range(bisect_left(starts, (first, -1)), len(starts)):
                left, number = starts[at]
                if left > last:
                    break
                yield number


def _off(run: _Run, other: _Run, *, centers: bool = False) -> float:
    """Return how far two runs are from being level, in heights: of the lower one, or of both for their `centers`."""
    x = (run.right + other.left) / 2
    apart = abs(run.middle_at(x) - other.middle_at(x))
    if centers:
        return apart / ((run.height + other.height) / 2)
    feet = abs(run.at(x) - other.at(x))
    return (apart if apart <= feet else feet) / (run.height if run.height <= other.height else other.height)


def _candidates(runs: list[_Run], usual: float, in_line: _Pairs, farthest: float) -> Iterable[tuple[float, int, int]]:
    """Yield pairs of runs that may follow each other, as their cost and their numbers."""
    rows = _by_row(runs, usual)
    for number, run in enumerate(runs):
        last = run.right + farthest * max(run.height, usual)
        for other in _right_of(run, rows, usual, run.right - _OVERLAP * run.words[-1].box.width, last):
            if other == number:
                continue
            follows = (id(run.words[-1]), id(runs[other].words[0])) in in_line
            cost = _cost(run, runs[other], follows=follows)
            if cost is not None:
                yield cost, number, other


def _cost(run: _Run, other: _Run, *, follows: bool) -> float | None:
    """Return what it costs to link two runs; None if they are not on one row."""
    gap = other.left - run.right
    if -gap > _OVERLAP * min(run.words[-1].box.width, other.words[0].box.width):
        return None
    low = min(run.height, other.height)
    if run.is_mark or other.is_mark:
        mark, letters = (other, run) if other.is_mark else (run, other)
        middle = letters.at((mark.left + mark.right) / 2) - letters.height / 2
        off, low = abs(mark.middle - middle) / letters.height, letters.height
        if off > _MARK_OFF:
            return None
        off *= _MARK_COST
    else:
        off = _off(run, other)
        if off > (_LEVEL_IN_LINE if follows else _LEVEL):
            return None
    return off * (_IN_LINE_COST if follows else 1.0) + _GAP_COST * max(0.0, gap) / low
