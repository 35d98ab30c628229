"""Sorts positioned words into lines and blocks in reading order.

The gaps between words decide. Rows are read from top to bottom, each from its start to its end. If a gutter separates
columns of running text, one column is read after the other. A table is read row by row.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from ocrdesk.contract.box import Rectangle, turned
from ocrdesk.layout.positioned_word import SLANTED, PositionedWord

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WORD_GAP = 0.8
"""In line heights: the widest space within a run of words. Wider ones may be gutters."""
_SAME_LINE = 0.4
_SAME_ROW = 0.5
"""Shares of the lower one's height that two words, or two runs, have in common if they are on one line or row."""
_BINS = 200
"""Vertical strips of equal width in which a part is searched for gutters."""
_MAX_DEPTH = 4
_GUTTERS_TRIED = 4
_LEVELS_TRIED = 4
_SECTION_GAP = 0.3
"""In line heights: the gap that separates sections."""
_PROSE_WORDS, _MIN_PROSE, _MIN_PROSE_SHARE = 3, 3, 0.4
"""Words of a line of prose; such lines of a side, and their share, if it is a column of text."""
_SAME_CENTER = 0.25
"""In line heights: lines on one row have their centres no farther apart."""
_MAX_SHARED = 0.6
"""Share of the lines of a column that are on one row with lines of the other: more are in a table."""
_MAX_CROSSING = 0.3
"""Of the runs side by side at the busiest place: no more than this share may cross a gutter."""


class _Run:
    """Words that follow each other on one line, and the rectangle around them.

    `order` is the position of the first word in the file; `rtl` counts the words of right-to-left scripts.
    """

    __slots__ = ("bottom", "left", "order", "right", "rtl", "top", "words")

    def __init__(self, order: int, word: PositionedWord, box: Rectangle) -> None:
        self.order = order
        self.words = [word]
        self.rtl = 0
        self.left, self.top, self.right, self.bottom = box

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center_y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """Blocks of lines of words. `clashes` counts words that cover other words."""

    blocks: list[list[list[PositionedWord]]]
    clashes: int


def sort_words(words: list[PositionedWord], width: int, height: int) -> ReadingOrder:
    """Sort the words of a page image of that size. Text in other directions comes after the main text."""
    directions: dict[int, list[PositionedWord]] = {}
    for word in words:
        directions.setdefault(word.direction, []).append(word)
    blocks: list[list[list[PositionedWord]]] = []
    clashes = 0
    for direction in sorted(directions, key=lambda it: (it == SLANTED, -len(directions[it]), it)):
        upright = _upright(direction, width, height)
        for part in _columns(_runs(directions[direction], upright), 0):
            lines = [_line(row) for row in _rows(part)]
            if direction != SLANTED:
                clashes += sum(_drop_duplicates(line, upright) for line in lines)
            blocks += _blocks(lines)
    return ReadingOrder(blocks, clashes)


def has_columns(words: list[PositionedWord]) -> bool:
    """Return whether columns of running text are side by side. The words run to the right, and come row by row."""
    return len(_columns(_runs(words, lambda box: box), 0)) > 1


def _upright(direction: int, width: int, height: int) -> Callable[[Rectangle], Rectangle]:
    """Return a function that turns rectangles on the image so that text of that direction runs from left to right."""
    if direction in (90, 180, 270):
        return lambda box: turned(box, direction, width, height)
    return lambda box: box


# ── runs and rows ────────────────────────────────────────────────────────────────────────────────


def _runs(words: Iterable[PositionedWord], upright: Callable[[Rectangle], Rectangle]) -> list[_Run]:
    runs: list[_Run] = []
    run: _Run | None = None
    last: Rectangle = (0.0, 0.0, 0.0, 0.0)
    for order, word in enumerate(words):
        left, top, right, bottom = upright(word.ink)
        _, body_top, _, body_bottom = upright(word.body)
        if body_bottom > body_top:
            top, bottom = body_top, body_bottom
        box = left, top, right, max(bottom, top + 1)
        is_rtl = not word.text.isascii() and bool(_RIGHT_TO_LEFT.search(word.text))
        if run is not None and _follows(last, box, either_way=is_rtl or run.rtl > 0):
            run.words.append(word)
            run.left, run.right = min(run.left, left), max(run.right, right)
            if box[3] - top > run.bottom - run.top:  # a superscript does not lower its line
                run.top, run.bottom = top, box[3]
        else:
            run = _Run(order, word, box)
            runs.append(run)
        run.rtl += is_rtl
        last = box
    return runs


def _follows(last: Rectangle, box: Rectangle, *, either_way: bool) -> bool:
    """Return whether a word is next to the last one on its line."""
    high, low = box[3] - box[1], last[3] - last[1]
    if min(last[3], box[3]) - max(last[1], box[1]) < _SAME_LINE * min(high, low):
        return False
    widest = _WORD_GAP * max(high, low)
    if -widest / 2 <= box[0] - last[2] <= widest:
        return True
    return either_way and -widest / 2 <= last[0] - box[2] <= widest


def _rows(runs: list[_Run]) -> list[list[_Run]]:
    """Return rows of runs side by side, from top to bottom."""
    rows: list[list[_Run]] = []
    widest: _Run | None = None
    for run in sorted(runs, key=lambda it: it.center_y):
        if widest is not None:
            overlap = min(run.bottom, widest.bottom) - max(run.top, widest.top)
            if overlap >= _SAME_ROW * min(run.height, widest.height):
                rows[-1].append(run)
                if run.right - run.left > widest.right - widest.left:
                    widest = run
                continue
        rows.append([run])
        widest = run
    return rows


@dataclass(slots=True)
class _Row:
    """The words of a line, and the top and bottom of its tallest run."""

    words: list[PositionedWord]
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def _line(row: list[_Run]) -> _Row:
    """Return the words of a row from its start, which is at the right if most of them are of a right-to-left script."""
    words = sum(len(run.words) for run in row)
    backwards = 2 * sum(run.rtl for run in row) > words
    ordered = sorted(row, key=lambda run: -run.right if backwards else run.left)
    tallest = max(row, key=lambda run: run.height)
    return _Row([word for run in ordered for word in run.words], tallest.top, tallest.bottom)


def _drop_duplicates(line: _Row, upright: Callable[[Rectangle], Rectangle]) -> int:
    """Drop words that are drawn twice to look bold. Return how many others cover words."""
    placed = [(upright(word.ink), word) for word in line.words]
    if all(before[0][2] <= after[0][0] for before, after in pairwise(placed)):
        return 0
    placed.sort(key=lambda it: it[0][0])
    dropped: set[int] = set()
    clashes = 0
    before = placed[0]
    for after in placed[1:]:
        if _covers(before[0], after[0]):
            if before[1].text == after[1].text:
                dropped.add(after[1].first)
                continue
            clashes += 1
        if after[0][2] >= before[0][2]:
            before = after
    line.words = [word for word in line.words if word.first not in dropped]
    return clashes


def _covers(one: Rectangle, two: Rectangle) -> bool:
    """Return whether the rectangles share more than half of the smaller width and of the smaller height."""
    across = min(one[2], two[2]) - max(one[0], two[0])
    down = min(one[3], two[3]) - max(one[1], two[1])
    return across > 0.5 * min(one[2] - one[0], two[2] - two[0]) and down > 0.5 * min(one[3] - one[1], two[3] - two[1])


# ── columns ──────────────────────────────────────────────────────────────────────────────────────


def _columns(runs: list[_Run], depth: int) -> list[list[_Run]]:
    """Return the runs in parts that are read one after the other: columns, and the parts above and below them."""
    if depth == _MAX_DEPTH or len(runs) < 4 or len(_rows(runs)) > len(runs) - 2:
        return [runs]
    for gutter in _gutters(runs):
        if parts := _split(runs, gutter, depth):
            return parts
    return _sections(runs, depth)


def _sections(runs: list[_Run], depth: int) -> list[list[_Run]]:
    """Split the runs at horizontal gaps and find columns in each section. Sections without columns stay together."""
    sections: list[list[_Run]] = []
    lowest = 0.0
    line = median(run.height for run in runs)
    for run in sorted(runs, key=lambda it: it.top):
        if not sections or run.top - lowest > _SECTION_GAP * line:
            sections.append([])
            lowest = run.bottom
        sections[-1].append(run)
        lowest = max(lowest, run.bottom)
    if len(sections) == 1:
        return [runs]
    parts: list[list[_Run]] = [[]]
    for section in sections:
        inner = _columns(section, depth + 1)
        if len(inner) == 1:
            parts[-1] += section
        else:
            parts += [*inner, []]
    return [part for part in parts if part]


def _split(runs: list[_Run], gutter: float, depth: int) -> list[list[_Run]]:
    """Return the parts that a gutter separates; none if there are no columns beside it."""
    parts: list[list[_Run]] = []
    rows: list[_Run] = []
    """The runs since the last columns, which are read row by row."""
    for band in _bands(runs, gutter):
        left = [run for run in band if run.right <= gutter]
        right = [run for run in band if run.left >= gutter]
        if len(left) + len(right) < len(band) or not _are_columns(left, right):
            rows += band
            continue
        if rows:
            parts.append(rows)
            rows = []
        backwards = 2 * sum(run.rtl > 0 for run in band) > len(band)
        for side in (right, left) if backwards else (left, right):
            parts += _columns(side, depth + 1)
    return [*parts, rows] if parts and rows else parts


def _gutters(runs: list[_Run]) -> list[float]:
    """Return the centres of the vertical strips that the fewest runs cross, the widest first."""
    begin, end = min(run.left for run in runs), max(run.right for run in runs)
    line = median(run.height for run in runs)
    if end - begin < 8 * line:
        return []
    step = (end - begin) / _BINS
    change = [0] * (_BINS + 2)
    for run in runs:
        change[int((run.left - begin) / step)] += 1
        change[min(_BINS, int((run.right - begin) / step)) + 1] -= 1
    crossed = list(accumulate(change))
    inner = range(_BINS // 8, _BINS - _BINS // 8)
    levels = sorted({crossed[number] for number in inner if crossed[number] <= _MAX_CROSSING * max(crossed)})
    found: list[float] = []
    for level in levels[:_LEVELS_TRIED]:
        strips = sorted(_strips(crossed, inner, level), key=lambda strip: strip[0] - strip[1])
        for first, last in strips[:_GUTTERS_TRIED]:
            middle = begin + (first + last + 1) / 2 * step
            if (last - first + 1) * step >= 0.5 * line and all(abs(middle - other) > line / 2 for other in found):
                found.append(middle)
    return found


def _strips(crossed: list[int], inner: range, level: int) -> list[tuple[int, int]]:
    """Return the first and last of neighbouring bins that no more than `level` runs cross."""
    strips: list[tuple[int, int]] = []
    for number in inner:
        if crossed[number] <= level:
            if strips and strips[-1][1] == number - 1:
                strips[-1] = strips[-1][0], number
            else:
                strips.append((number, number))
    return strips


def _bands(runs: list[_Run], gutter: float) -> list[list[_Run]]:
    """Return bands of runs from top to bottom, alternately beside the gutter and across it."""
    bands: list[list[_Run]] = [[]]
    was_crossing = False
    for run in sorted(runs, key=lambda it: it.center_y):
        crosses = run.left < gutter < run.right
        if crosses != was_crossing and bands[-1]:
            bands.append([])
        was_crossing = crosses
        bands[-1].append(run)
    return bands


def _are_columns(left: list[_Run], right: list[_Run]) -> bool:
    """Return whether two sides are columns of text rather than cells of a table's rows."""
    if min(len(left), len(right)) < 2 or min(len(_rows(left)), len(_rows(right))) < 2:
        return False
    if max(run.order for run in left) < min(run.order for run in right):
        return True  # the file stores one after the other
    if _is_prose(left) and _is_prose(right):
        return True
    return _has_prose(left) and _has_prose(right) and not _share_lines(left, right)


def _has_prose(side: list[_Run]) -> bool:
    """Return whether much of a side is lines of prose, beside headings, formulas or short items."""
    rows = _rows(side)
    full = [row for row in rows if sum(len(run.words) for run in row) >= _PROSE_WORDS]
    return (
        len(full) >= _MIN_PROSE
        and len(full) >= _MIN_PROSE_SHARE * len(rows)
        and _is_prose([run for row in full for run in row])
    )


def _share_lines(left: list[_Run], right: list[_Run]) -> bool:
    """Return whether the lines of both sides are on the same rows, as the cells of a table are."""
    few, many = sorted((_rows(left), _rows(right)), key=len)
    centers = sorted(row[0].center_y for row in many)
    near = 0
    for run in (row[0] for row in few):
        at = bisect_left(centers, run.center_y)
        nearest = min(abs(center - run.center_y) for center in centers[max(0, at - 1) : at + 1])
        near += nearest <= _SAME_CENTER * run.height
    return near > _MAX_SHARED * len(few)


def _is_prose(side: list[_Run]) -> bool:
    rows = _rows(side)
    if len(rows) < 3:
        return False
    wide = max(run.right for run in side) - min(run.left for run in side)
    filled = sum(run.right - run.left for run in side) / len(rows)
    words = sum(len(run.words) for run in side) / len(rows)
    letters = sum(len(word.text) for run in side for word in run.words) / len(rows)
    return filled >= 0.5 * wide and (words >= 3 or letters >= 15)


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────


def _blocks(rows: list[_Row]) -> list[list[list[PositionedWord]]]:
    """Return the lines of each block: a wider gap than usual begins a new block, and so does another size."""
    gaps = [after.top - before.bottom for before, after in pairwise(rows)]
    usual = median(gaps) if gaps else 0.0
    blocks: list[list[list[PositionedWord]]] = []
    for number, row in enumerate(rows):
        if number == 0 or _begins_block(rows[number - 1], row, gaps[number - 1], usual):
            blocks.append([])
        blocks[-1].append(row.words)
    return blocks


def _begins_block(above: _Row, row: _Row, gap: float, usual: float) -> bool:
    small, big = sorted((above.height, row.height))
    return gap > max(0.5 * small, usual + 0.3 * small) or big > 1.35 * small
